"""Every refusal has one shape, a code for programs and a sentence for people; limits, keys and ETags hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.indicators.places import make_notified_clinics
from zaitaku.accounts.actions import create_api_key, revoke_api_key
from zaitaku.accounts.models import ApiKey, User
from zaitaku.rest.problems import Code

pytestmark = pytest.mark.django_db
PARTS = {"type", "title", "status", "code", "detail", "field", "hint"}


def refused(response: Any, status: int, code: Code) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert set(body) == PARTS
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"/api/v1/docs/#error-{code}"
    assert not body["detail"].isascii()
    return body


@pytest.mark.parametrize(
    ("address", "status", "code", "field", "hint"),
    [
        ("values/?yaer=2025", 400, Code.UNKNOWN_PARAMETER, "yaer", "year"),
        ("values/?year=二千", 400, Code.INVALID_VALUE, "year", "1990から2100"),
        ("values/?year=99999999999999999999", 400, Code.INVALID_VALUE, "year", "1990から2100"),
        ("values/?level=planet", 400, Code.INVALID_VALUE, "level", "prefecture"),
        ("values/?prefecture=48", 400, Code.INVALID_VALUE, "prefecture", ""),
        ("values/?indicator=x", 400, Code.INVALID_VALUE, "indicator", "DAY_S22"),
        ("values/?indicator=DAY_S99", 404, Code.NOT_FOUND, "indicator", "DAY_S"),
        ("values/?level=area&scheme=iryoken9", 404, Code.NOT_FOUND, "scheme", ""),
        ("values/?limit=1&limit=2", 400, Code.REPEATED_PARAMETER, "limit", ""),
        ("values/?limit=0", 400, Code.INVALID_VALUE, "limit", "1から5000"),
        ("values/?" + "&".join(["region=01"] * 301), 400, Code.REPEATED_PARAMETER, "region", ""),
        ("values/?region=" + "0" * 20_000, 400, Code.INVALID_VALUE, "region", ""),
        ("values/?cursor=abc", 400, Code.INVALID_CURSOR, "cursor", "next"),
        ("values/?cursor=WyJ4Il0", 400, Code.INVALID_CURSOR, "cursor", "next"),
        ("regions/?on=2026-02-30", 400, Code.INVALID_VALUE, "on", "2026-10-01"),
        ("regions/planet/01/", 400, Code.INVALID_VALUE, "kind", "prefecture"),
        ("regions/prefecture/99/", 404, Code.NOT_FOUND, None, "regions"),
        ("benchmarks/", 400, Code.MISSING_PARAMETER, "indicator", "region"),
        ("benchmarks/?region=01&year=2025", 400, Code.INVALID_VALUE, "year", "region"),
        ("sources/0/", 400, Code.INVALID_VALUE, "id", ""),
        ("sources/999999/", 404, Code.NOT_FOUND, None, "sources"),
        ("nothing/", 404, Code.NOT_FOUND, None, "/api/v1/"),
        ("regions/?kind=%00", 400, Code.INVALID_ADDRESS, None, "%00"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong_and_how_to_mend_it(
    client: Client, address: str, status: int, code: Code, field: str | None, hint: str
) -> None:
    body = refused(client.get(f"/api/v1/{address}"), status, code)
    assert body["field"] == field
    assert hint in (body["hint"] or "")
    assert len(body["detail"]) < 200


def test_a_cursor_belongs_to_the_filters_it_came_with(client: Client) -> None:
    make_notified_clinics()
    following = client.get("/api/v1/regions/?kind=prefecture&limit=1").json()["next"]
    assert client.get(following).status_code == 200
    assert client.get(following.replace("limit=1", "limit=5")).status_code == 200
    refused(client.get(following.replace("prefecture", "ward")), 400, Code.INVALID_CURSOR)


def test_only_get_and_head_and_only_json(client: Client) -> None:
    answer = client.post("/api/v1/regions/")
    refused(answer, 405, Code.METHOD_NOT_ALLOWED)
    assert answer["Allow"] == "GET, HEAD"
    refused(client.get("/api/v1/regions/", headers={"accept": "text/csv"}), 406, Code.NOT_ACCEPTABLE)
    assert client.get("/api/v1/regions/", headers={"accept": "text/html,*/*;q=0.8"}).status_code == 200
    assert client.head("/api/v1/regions/").status_code == 200


def test_a_failure_says_nothing_of_its_cause(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("regions.api.list_regions", fail)
    response = client.get("/api/v1/regions/")
    refused(response, 500, Code.SERVER_ERROR)
    assert b"secret" not in response.content


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    make_notified_clinics()
    first = client.get("/api/v1/regions/")
    again = client.get("/api/v1/regions/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    from regions.models import Region

    Region.objects.filter(code="28").update(name="兵庫")
    assert client.get("/api/v1/regions/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_no_other_site_is_let_in_by_a_browser(client: Client) -> None:
    answer = client.get("/api/v1/", headers={"origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_visitors_and_keys_have_limits_of_their_own(client: Client, settings: Any) -> None:
    settings.API_RATES = {"visitor": "2/min", "key": "3/min"}
    _key, secret = create_api_key("試験", by=User.objects.create(username="analyst"), at=timezone.now())
    assert [client.get("/api/v1/").status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get("/api/v1/")
    refused(answer, 429, Code.TOO_MANY_REQUESTS)
    assert 1 <= int(answer["Retry-After"]) <= 61
    with_key = {"authorization": f"Bearer {secret}"}
    assert [client.get("/api/v1/", headers=with_key).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_key_works_until_it_is_revoked_and_notes_its_use(client: Client) -> None:
    user = User.objects.create(username="analyst")
    key, secret = create_api_key("試験", by=user, at=timezone.now())
    headers = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/", headers=headers).status_code == 200
    key.refresh_from_db()
    assert key.last_used_at is not None
    User.objects.update(is_active=False)
    refused(client.get("/api/v1/", headers=headers), 403, Code.FORBIDDEN)
    User.objects.update(is_active=True)
    assert revoke_api_key(key.pk, by=user, at=timezone.now())
    answer = client.get("/api/v1/", headers=headers)
    refused(answer, 401, Code.INVALID_KEY)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Basic abc", "Bearer a b", "Bearer " + "x" * 5000, "Bearer é"]
)
def test_a_key_that_is_none_is_refused(client: Client, header: str) -> None:
    refused(client.get("/api/v1/", headers={"authorization": header}), 401, Code.INVALID_KEY)


def test_the_key_itself_is_nowhere_kept() -> None:
    _key, secret = create_api_key("試験", by=User.objects.create(username="analyst"), at=timezone.now())
    kept = ApiKey.objects.values().get()
    assert secret not in str(kept)
    assert kept["prefix"] == secret[:8]

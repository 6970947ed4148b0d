"""The pages on designations: who sees and does what, and what each answers to good and bad input."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from institutions.actions.bodies import follow_registers
from institutions.actions.checks import record_checks
from institutions.demo import make_demo_designations
from institutions.models import Body, CheckRun, Designation, Notification
from institutions.queries.designations import count_by_prefecture
from institutions.tasks import check
from tests.html import assert_sound
from tests.indicators.conftest import plain_static_files
from tests.institutions.designated import (
    DAY,
    PERIOD,
    designate,
    make_body,
    make_country,
    make_institution,
    make_official,
)
from tests.intake.conftest import make_user
from zaitaku.accounts.models import User
from zaitaku.lib.workbooks import read_workbook

__all__ = ["plain_static_files"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]
AT = f"?prefecture=01&period={PERIOD}"
ROLES = ("owner", "municipality", "other", "visitor")


@pytest.fixture
def owner() -> User:
    make_country()
    return make_official()


@pytest.fixture
def as_role(owner: User, client: Client) -> Callable[[str], Client]:
    """The client signed in as one of `ROLES`."""

    def sign_in(role: str) -> Client:
        if role == "owner":
            client.force_login(owner)
        elif role == "municipality":
            client.force_login(make_user("city", role=User.Role.MUNICIPALITY, codes=("01203",)))
        elif role == "other":
            client.force_login(make_user("aomori", role=User.Role.PREFECTURE, codes=("02",)))
        return client

    return sign_in


def url(name: str, *args: object, query: str = "") -> str:
    return reverse(f"institutions:{name}", args=args) + query


# What each of ROLES is answered.
READ = {
    "designation-list": (200, 200, 200, 200),
    "designated-public": (200, 200, 200, 200),
    "candidate-list": (200, 200, 404, 302),
    "check-list": (200, 200, 404, 302),
    "designation-gaps": (200, 200, 404, 302),
    "designation-import": (200, 403, 403, 302),
    "designation-settings": (200, 403, 403, 302),
    "duplicate-list": (200, 403, 403, 302),
    "body-create": (200, 403, 403, 302),
}


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("role", ROLES)
def test_who_reads_which_page(as_role: Callable[[str], Client], owner: User, name: str, role: str) -> None:
    designate(make_body(), owner)
    response = as_role(role).get(url(name, query=AT))
    assert response.status_code == READ[name][ROLES.index(role)]
    if response.status_code == 200:
        assert_sound(response.content.decode())


@pytest.mark.parametrize(
    ("status", "answers"), [("designated", (200, 200, 200, 200)), ("candidate", (200, 200, 404, 404))]
)
@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_decided_is_seen_by_the_prefecture_and_its_municipalities(
    as_role: Callable[[str], Client], owner: User, role: str, status: str, answers: tuple[int, ...]
) -> None:
    designation = designate(make_body("デモ未定医院"), owner, status=status)
    client = as_role(role)
    response = client.get(url("designation-detail", designation.pk))
    assert response.status_code == answers[ROLES.index(role)]
    listed = client.get(url("designation-list", query=AT)).content.decode()
    assert ("デモ未定医院" in listed) == (response.status_code == 200)
    if response.status_code == 200:
        assert_sound(response.content.decode())
        assert ("履歴" in response.content.decode()) == (role in ("owner", "municipality"))


WRITES = (
    "designation-status",
    "designation-edit",
    "designation-catchment",
    "designation-undo",
    "designation-checklist",
)


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("role", ["municipality", "other", "visitor"])
def test_nobody_else_changes_a_designation(as_role: Callable[[str], Client], owner: User, name: str, role: str) -> None:
    designation = designate(make_body(), owner)
    response = as_role(role).post(url(name, designation.pk), {"status": "released", "on": "2026-11-01", "reason": "x"})
    assert response.status_code in (403, 404)
    designation.refresh_from_db()
    assert (designation.status, designation.changes.count()) == ("designated", 1)


@pytest.mark.parametrize(("role", "answer"), [("owner", 302), ("municipality", 302), ("other", 404), ("visitor", 404)])
def test_the_prefecture_and_its_municipalities_comment(
    as_role: Callable[[str], Client], owner: User, role: str, answer: int
) -> None:
    designation = designate(make_body(), owner)
    response = as_role(role).post(url("designation-comment", designation.pk), {"text": "意見です"})
    assert response.status_code == answer
    assert designation.comments.count() == (answer == 302)


def test_the_third_category_is_off_until_chosen_and_stays_while_it_is_used(
    as_role: Callable[[str], Client], owner: User
) -> None:
    client, address = as_role("owner"), url("designation-settings", query=AT)
    body = make_body()
    register = url("designation-create", query=f"{AT}&body={body.pk}")
    assert url("designation-settings") in client.get(url("designation-list", query=AT)).content.decode()
    assert "連携支援機関" not in client.get(register).content.decode()
    assert client.post(address, {"allows_support": "on"}).status_code == 302
    assert "連携支援機関" in client.get(register).content.decode()
    designate(body, owner, kind="support", status="candidate")
    refused = client.post(address, {})
    assert refused.status_code == 422
    assert "連携支援機関が1件登録されている" in refused.content.decode()
    assert_sound(refused.content.decode())


def test_the_body_of_the_programme_is_found_by_its_name_and_chosen(
    as_role: Callable[[str], Client], owner: User
) -> None:
    hub = designate(make_body("デモ拠点"), owner, kind="hub")
    society = make_body("デモ髙橋医師会", kind="medical_association")
    client, address = as_role("owner"), url("designation-programme", hub.pk)
    assert address in client.get(url("designation-detail", hub.pk)).content.decode()
    page = client.get(f"{address}?words=高橋").content.decode()
    assert_sound(page)
    assert "デモ髙橋医師会を選ぶ" in page
    assert client.post(address, {"version": 1, "body": society.pk}).status_code == 302
    hub.refresh_from_db()
    assert hub.programme_body == society
    assert "なし → デモ髙橋医師会" in client.get(url("designation-detail", hub.pk)).content.decode()
    late = client.post(address, {"version": 1, "body": ""}, follow=True).content.decode()
    assert "notice--error" in late
    client.post(address, {"version": 2, "body": ""})
    hub.refresh_from_db()
    assert hub.programme_body is None
    assert "読み取れません" in client.post(address, {"version": 2, "body": "999999"}, follow=True).content.decode()


def test_a_release_without_a_reason_is_answered_with_a_sentence(as_role: Callable[[str], Client], owner: User) -> None:
    designation = designate(make_body(), owner)
    response = as_role("owner").post(
        url("designation-status", designation.pk), {"status": "released", "on": "2026-11-01", "reason": " "}
    )
    assert response.status_code == 422
    assert "解除には理由が必要です" in response.content.decode()
    assert_sound(response.content.decode())


def test_an_edit_conflict_keeps_what_was_typed_and_shows_what_is(as_role: Callable[[str], Client], owner: User) -> None:
    designation = designate(make_body(), owner)
    client = as_role("owner")
    given = {"version": 1, "area": designation.area_id, "evidence": "一人目の根拠", "recheck_on": ""}
    assert client.post(url("designation-edit", designation.pk), given).status_code == 302
    response = client.post(url("designation-edit", designation.pk), given | {"evidence": "二人目の根拠"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "一人目の根拠" in text
    assert "二人目の根拠" in text
    assert (
        client.post(
            url("designation-edit", designation.pk), given | {"evidence": "二人目の根拠", "version": 2}
        ).status_code
        == 302
    )


def test_the_checklist_stores_what_was_answered_and_loses_nothing_of_a_bad_form(
    as_role: Callable[[str], Client], owner: User
) -> None:
    designation = designate(make_body(), owner)
    client = as_role("owner")
    given = {f"answer-{number}": "unverified" for number in range(1, 7)}
    bad = client.post(
        url("designation-checklist", designation.pk),
        given | {"answer-1": "met", "day-1": "昨日", "evidence-1": "会議録"},
    )
    assert bad.status_code == 422
    assert "会議録" in bad.content.decode()
    assert_sound(bad.content.decode())
    good = client.post(url("designation-checklist", designation.pk), given | {"answer-1": "met", "day-1": "2026-11-01"})
    assert good.status_code == 302
    assert designation.answers.get(item=1).checked_on == DAY
    assert "gap-met" in client.get(url("designation-gaps", query=AT)).content.decode()


def test_a_proposed_institution_becomes_a_candidate_with_one_click(as_role: Callable[[str], Client]) -> None:
    client = as_role("owner")
    institution = make_institution(1, "デモ在宅医院")
    Notification.objects.create(
        institution=institution, symbol="支援診2", listed_from=DAY, source=institution.source, source_row=5
    )
    follow_registers()
    body = Body.objects.get(institution=institution)
    page = client.get(url("candidate-list", query=f"{AT}&area="))
    assert "機能強化型（連携）の届出" in page.content.decode()
    client.post(url("candidate-list", query=AT), {"body": body.pk, "reason": "届出：支援診2"})
    designation = Designation.objects.get()
    assert (designation.status, designation.area and designation.area.code, designation.reason) == (
        "candidate", "0104", "届出：支援診2",
    )  # fmt: skip
    twice = client.post(url("candidate-list", query=AT), {"body": body.pk}, follow=True)
    assert "すでに登録されています" in twice.content.decode()


def listed(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    lines = ["圏域,区分,医療機関コード等,名称,位置付けた日,担当する市区町村", *(",".join(row) for row in rows)]
    return SimpleUploadedFile("一覧.csv", "\n".join(lines).encode("utf-8-sig"), content_type="text/csv")


def test_a_present_list_is_read_looked_at_entered_and_taken_back(as_role: Callable[[str], Client]) -> None:
    client = as_role("owner")
    make_body("デモ医院")
    make_body("デモ札幌医師会", kind="medical_association")
    file = listed(
        ("札幌", "積極的役割を担う医療機関", "", "ﾃﾞﾓ医院", "令和6年4月1日", ""),
        ("0104", "拠点", "", "デモ札幌医師会", "2024-04-01", "札幌市中央区;01102"),
    )
    preview = client.post(url("designation-import", query=AT), {"file": file})
    assert preview.status_code == 302
    assert Designation.objects.count() == 0
    page = client.get(preview["Location"]).content.decode()
    assert "2件を登録する" in page
    assert_sound(page)
    client.post(preview["Location"])
    assert sorted(Designation.objects.values_list("kind", "status")) == [
        ("active", "designated"),
        ("hub", "designated"),
    ]
    assert count_by_prefecture(period=PERIOD)["01"].hubs == 1
    batch = Designation.objects.first().changes.get().batch  # type: ignore[union-attr]  # there are two
    assert batch is not None
    client.post(url("batch-undo", batch.pk))
    assert count_by_prefecture(period=PERIOD) == {}
    assert Designation.objects.filter(voided_at=None).count() == 0


def test_every_wrong_cell_of_a_list_is_named_and_nothing_is_entered(as_role: Callable[[str], Client]) -> None:
    client = as_role("owner")
    make_body("デモ医院")
    file = listed(
        ("どこか", "積極的役割を担う医療機関", "", "デモ医院", "", ""),
        ("札幌", "なにか", "", "デモ医院", "", ""),
        ("札幌", "拠点", "", "知らない医師会", "", ""),
        ("札幌", "拠点", "", "デモ医院", "", "青森市"),
        ("札幌", "拠点", "", "デモ医院", "きのう", ""),
    )
    preview = client.post(url("designation-import", query=AT), {"file": file})
    page = client.get(preview["Location"]).content.decode()
    for cell in ("A2", "B3", "D4", "F5", "E6"):
        assert f">{cell}<" in page, cell
    refused = client.post(preview["Location"], follow=True)
    assert "反映できる状態ではありません" in refused.content.decode()
    assert Designation.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "圏域,区分,名称\n".encode()])
def test_a_file_that_is_no_list_is_refused_with_a_sentence(as_role: Callable[[str], Client], content: bytes) -> None:
    file = SimpleUploadedFile("一覧.csv", content)
    response = as_role("owner").post(url("designation-import", query=AT), {"file": file})
    assert response.status_code == 422
    assert "＊" in response.content.decode()


def test_the_form_offered_for_download_is_a_list_the_import_understands(client: Client, db: None) -> None:
    make_country()
    response = client.get(url("designation-import-form", "xlsx"))
    book = read_workbook(response.content, filename="様式.xlsx")
    assert list(book.sheet(book.sheet_names[0]).rows[0])[:3] == ["圏域", "区分", "医療機関コード等"]


def test_the_public_list_its_csv_and_its_search_say_the_same(client: Client, owner: User) -> None:
    designate(make_body("デモ髙橋医院"), owner)
    designate(make_body("デモ候補医院"), owner, status="candidate")
    page = client.get(url("designated-public", query=f"{AT}&words=高橋")).content.decode()
    table = b"".join(client.get(url("designated-public-file", "csv", query=AT))).decode("utf-8-sig")
    assert "デモ髙橋医院" in page
    assert "デモ髙橋医院" in table
    assert "デモ候補医院" not in page + table
    assert "該当する機関はありません" in client.get(url("designated-public", query=f"{AT}&words=無い")).content.decode()
    book = read_workbook(client.get(url("designated-public-file", "xlsx", query=AT)).content, filename="a.xlsx")
    assert [row[4] for row in book.sheet("データ").rows] == ["名称", "デモ髙橋医院"]


def test_a_new_list_leaves_a_notice_of_what_is_new(as_role: Callable[[str], Client], owner: User) -> None:
    institution = make_institution(1, "デモ在宅医院")
    follow_registers()
    body = Body.objects.get(institution=institution)
    designate(body, owner)
    record_checks("01", PERIOD, cause="はじめ")
    Body.objects.filter(pk=body.pk).update(listed_to="2026-12-01")
    result = check({"prefecture": "01", "cause": "名簿の取込"}, lambda *_: None)
    assert result == {"点検した計画": 1, "新しい指摘": 1}
    assert [one["check"] for one in CheckRun.objects.latest("pk").new] == ["名簿に載っていない機関"]
    page = as_role("owner").get(url("check-list", query=AT)).content.decode()
    assert "「名簿の取込」で新しく出た指摘が1件あります" in page
    table = client_csv(as_role("owner"), url("check-file", "csv", query=f"{AT}&check=closed"))
    assert "デモ在宅医院" in table


def client_csv(client: Client, address: str) -> str:
    return io.BytesIO(client.get(address).content).read().decode("utf-8-sig")


def test_the_demo_is_marked_and_counts_nowhere(client: Client, owner: User) -> None:
    prefecture = make_body().prefecture
    made = make_demo_designations(prefecture, period=PERIOD, by=owner)
    assert len(made) == 6
    assert make_demo_designations(prefecture, period=PERIOD, by=owner)[0].pk == made[0].pk
    assert count_by_prefecture(period=PERIOD) == {}
    page = client.get(url("designated-public", query=AT)).content.decode()
    assert "「デモ」の付いた機関は架空の例" in page
    assert "デモ訪問診療所1" not in page

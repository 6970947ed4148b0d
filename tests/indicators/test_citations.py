from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.citation_models import Citation
from indicators.models import IndicatorValue
from indicators.queries.citations import get_citations_for, get_citations_of
from tests.indicators.places import add_value, make_notified_clinics
from zaitaku.accounts.models import Scope, User

pytestmark = pytest.mark.django_db
CITE = "/indicators/DAY_S22/cite/"


def official(prefecture: str = "01") -> User:
    user = User.objects.create_user("tanto", role=User.Role.PREFECTURE)
    Scope.objects.create(user=user, code=prefecture)
    return user


def cite(client: Client, query: str = "?prefecture=01") -> Citation:
    assert client.post(CITE + query).status_code == 302
    return Citation.objects.latest("pk")


def text_of(page: str) -> str:
    (found,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, flags=re.DOTALL)
    return html.unescape(found).strip()


def test_anyone_may_copy_the_figure_with_certainty_edition_source_and_address(client: Client) -> None:
    make_notified_clinics()
    page = client.get(f"{CITE}?prefecture=01").content.decode()
    figure, about, source, address = text_of(page).split("\n")
    assert figure == (
        "北海道の在宅療養支援診療所数（計）（2025年度）は75歳以上10万人あたり50.0か所"
        "（95％信頼区間 45.2～55.1、分子 400、分母 800,000）です。"
        "値のある2都道府県の中で高い順に1位（95％区間 1～1位）です。"
    )
    assert about.startswith("指標DAY_S22（定義第")
    assert "データ時点：2025年10月1日" in about
    assert source == "出典：北海道厚生局「届出受理医療機関名簿（医科）」（北海道 2025年10月1日現在）を加工して作成。"
    assert address.startswith("http://testserver/indicators/DAY_S22/?prefecture=01&year=2025（")
    assert "引用に残す" not in page


def test_a_region_without_a_number_is_cited_with_its_reason(client: Client) -> None:
    make_notified_clinics()
    text = text_of(client.get(f"{CITE}?prefecture=01&region=13").content.decode())
    assert text.startswith("東京都の在宅療養支援診療所数（計）（2025年度）は「未取込」です（")


def test_a_region_that_the_view_does_not_hold_is_refused_with_the_nearest_view(client: Client) -> None:
    make_notified_clinics()
    page = client.get(f"{CITE}?prefecture=01&region={'9' * 5000}")
    assert page.status_code == 404
    assert "の値はありません。地域を選び直してください。" in page.content.decode()


def test_a_kept_citation_holds_the_exact_figure_for_the_officials_prefecture(client: Client) -> None:
    make_notified_clinics()
    client.force_login(official())
    kept = cite(client)
    assert (kept.prefecture_code, kept.region_name, kept.year, kept.as_of) == (
        "01",
        "北海道",
        2025,
        dt.date(2025, 10, 1),
    )
    assert (kept.figure["value"], kept.figure["lower"], kept.figure["numerator"]) == (50.0, 45.2, 400.0)
    assert kept.address == "/indicators/DAY_S22/?prefecture=01&year=2025"
    assert client.get(kept.address).status_code == 200


def test_nobody_changes_or_deletes_a_citation(client: Client) -> None:
    make_notified_clinics()
    client.force_login(official())
    kept = cite(client)
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        Citation.objects.filter(pk=kept.pk).update(text="別の文")
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        kept.delete()


def test_a_visitor_is_asked_to_sign_in_before_anything_is_kept(client: Client) -> None:
    make_notified_clinics()
    response = client.post(f"{CITE}?prefecture=01")
    assert "sign-in" in response["Location"]
    assert not Citation.objects.exists()
    assert client.get("/citations/").status_code == 302


def test_the_list_says_what_has_changed_since(client: Client) -> None:
    country, indicator = make_notified_clinics()
    user = official()
    client.force_login(user)
    cite(client)
    assert get_citations_of(user.pk)[0].news == ()
    IndicatorValue.objects.filter(indicator=indicator, region=country["01"]).update(value=51.0)
    add_value(indicator, country["01"], numerator=480, denominator=800_000, year=2026)
    (kept,) = get_citations_of(user.pk)
    assert (kept.value_text, kept.news) == (
        "50.0",
        ("2025年度の値が50.0から51.0に変わりました。", "新しい年度の値があります（2026年度 60.0）。"),
    )
    assert "新しい年度の値があります（2026年度 60.0）。" in client.get("/citations/").content.decode()


def test_each_sees_the_own_citations_and_a_plan_those_of_its_prefecture(client: Client) -> None:
    make_notified_clinics()
    client.force_login(official())
    cite(client)
    other = User.objects.create_user("other", role=User.Role.PREFECTURE)
    assert get_citations_of(other.pk) == ()
    assert [one.region_name for one in get_citations_for("01")] == ["北海道"]
    assert get_citations_for("28") == ()


def test_areas_are_cited_with_the_edition_of_the_areas(client: Client) -> None:
    make_notified_clinics()
    client.force_login(official())
    kept = cite(client, "?level=area&prefecture=01&region=0101")
    assert (kept.region_name, kept.area_edition) == ("南渡島", "二次医療圏（第8次医療計画）")


def test_many_citations_take_two_queries(client: Client) -> None:
    make_notified_clinics()
    user = official()
    client.force_login(user)
    for region in ("01", "28", "13"):
        cite(client, f"?prefecture=01&region={region}")
    with CaptureQueriesContext(connection) as queries:
        assert len(get_citations_of(user.pk)) == 3
    assert len(queries) <= 2

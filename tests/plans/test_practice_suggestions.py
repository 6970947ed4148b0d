"""Which 好事例 are suggested where, and why."""

from __future__ import annotations

import pytest
from django.test import Client

from indicators.profiles import ProfileQuery
from plans.actions.plans import create_plan
from plans.actions.practices import add_practice, publish_practice, withdraw_practice
from plans.models import GoodPractice, LogicEdge, LogicNode, Policy
from plans.practice_hints import make_hints
from plans.queries.practices import Wanted, gap_reason, get_state, suggest, suggest_for_policy
from regions.models import Region
from tests.indicators.places import make_notified_clinics
from tests.plans.conftest import make_user
from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db
WORSE = {"DAY_S22": gap_reason("届出診療所", "全国")}


@pytest.fixture
def writer() -> User:
    return make_user("writer", "prefecture", "13")


def case(writer: User, of: Region, title: str, **fields: object) -> GoodPractice:
    changes = {"title": title, "scene": "daily", "text": "した", "result": "増えた", "contact": "課", **fields}
    made = add_practice(of, changes=changes, by=writer)
    publish_practice(made)
    return made


@pytest.fixture
def tokyo() -> Region:
    nation = Region.objects.create(kind="nation", code="00", name="全国")
    return Region.objects.create(kind="prefecture", code="13", name="東京都", parent=nation)


def test_a_shared_gap_goes_before_a_shared_theme_and_the_kind_of_area_alone_is_no_reason(
    writer: User, tokyo: Region
) -> None:
    case(writer, tokyo, "種類だけ", area_type="大都市型")
    case(writer, tokyo, "テーマ", theme="ict", area_type="大都市型")
    case(writer, tokyo, "指標", indicator_codes=["DAY_S22"])
    case(writer, tokyo, "別の指標", indicator_codes=["EOL_P04"])
    wanted = Wanted(prefecture="01", gaps=WORSE, theme="ict", area_types=frozenset({"大都市型"}))
    found = suggest(wanted)
    assert [one.title for one in found] == ["指標", "テーマ"]
    assert found[0].reasons == ("「届出診療所」が全国より悪く、偶然では説明しにくい差があります。",)
    assert found[1].reasons == (
        "テーマ「ICT・オンライン診療（D to P with N）」が同じです。",
        "同じ種類（大都市型）の圏域があります。",
    )


def test_drafts_one_s_own_and_places_without_a_gap_get_nothing(writer: User, tokyo: Region) -> None:
    made = case(writer, tokyo, "指標", indicator_codes=["DAY_S22"])
    assert suggest(Wanted(prefecture="13", gaps=WORSE)) == ()
    assert suggest(Wanted(prefecture="01", gaps={}, area_types=frozenset({"大都市型"}))) == ()
    before = get_state()
    withdraw_practice(made)
    assert suggest(Wanted(prefecture="01", gaps=WORSE)) == ()
    assert get_state() != before


def test_a_profile_and_a_policy_lead_to_cases_of_their_gaps(writer: User) -> None:
    country, _ = make_notified_clinics()
    made = case(
        writer,
        country["13"],
        "例",
        theme="ict",
    )
    plan = create_plan(country["01"], period=2027, title="計画", by=writer)
    policy = Policy.objects.create(plan=plan, title="施策", scene="daily", theme="ict", starts=2027, ends=2029)
    assert [one.url for one in suggest_for_policy(policy)] == [f"/practices/{made.pk}/"]
    policy.theme = ""
    own = LogicNode.objects.create(plan=plan, kind="policy", title="施策", policy=policy)
    aim = LogicNode.objects.create(plan=plan, kind="outcome", title="増える", indicator_code="DAY_S22")
    LogicEdge.objects.create(plan=plan, source=own, target=aim)
    # No standing was computed, so that nothing is certainly worse.
    assert suggest_for_policy(policy) == ()
    GoodPractice.objects.filter(pk=made.pk).update(indicator_codes=["DAY_S22"])
    hints = make_hints(ProfileQuery(prefecture="01"), {"DAY_S22": "届出診療所"})
    assert [(one.text, one.owner) for one in hints] == [("例", "東京都")]
    assert make_hints(ProfileQuery(prefecture="01"), {}) == ()
    assert "好事例" in Client().get("/practices/").content.decode()

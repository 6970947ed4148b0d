"""While a new definition waits for its computation, all that is shown is the one that the stored values come from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from indicators.actions.compute import compute_definitions, compute_indicators
from indicators.actions.own_indicators import NotNow, retire
from indicators.actions.sync_definitions import sync_definitions
from indicators.definitions import get_definition, registry
from indicators.definitions.own import definition_scope, everybody
from indicators.definitions.schema import Definition, Lifecycle
from indicators.models import Indicator, IndicatorValue, OwnIndicator
from indicators.queries import catalogue, stored_definitions
from tests.indicators.own import FORM, composite, finish_jobs, published
from tests.indicators.small_country import make_country
from tests.intake.conftest import make_user
from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db
NOTICE = "新しい定義（第2版）で計算中です。表示は第1版の値です"
PER_100_000 = {"unit": "か所/75歳以上10万人", "multiplier": "100000"}
PER_1_000 = {"unit": "か所/75歳以上千人", "multiplier": "1000"}
OUTPUTS = (
    "/indicators/{}/?prefecture=01",
    "/indicators/{}/?tab=trend",
    "/indicators/{}/?tab=table&level=municipality&prefecture=01",
    "/indicators/{}/figures.csv",
    "/indicators/{}/figures.json?tab=trend",
    "/indicators/{}/figures/prefecture/01/2025/",
    "/comparison/?area=01&basket={}",
    "/comparison/figures.json?area=01&basket={}",
    "/scatter/?x={}&y=X_S05&prefecture=01",
    "/national/?set=daily",
    "/profile/?prefecture=01&scheme=iryoken2-7",
    "/groups/view/?units=01101.01202",
    "/download/figures.json?indicator={}&scope=prefecture",
    "/api/v1/indicators/{}/",
)
WITHOUT_NOTICE = ("/api/v1/values/?indicator={}", "/api/v1/definitions/{}/", "/api/v1/benchmarks/?indicator={}")


@pytest.fixture
def client() -> Client:
    """An official of 北海道, where 12 clinics serve 4,000 people of 75 and over: 300 per 100,000, 3 per 1,000."""
    country = make_country()
    source = country.source(as_of=dt.date(2025, 10, 1))
    country.list_clinics(2025, {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}, source=source)
    official = Client()
    official.force_login(make_user("hokkaido", role=User.Role.PREFECTURE, codes=("01",)))
    return official


def edit(client: Client, own: OwnIndicator, **changes: str) -> None:
    """Save a new version."""
    own.refresh_from_db()
    saved = client.post(f"/indicators/own/{own.code}/edit/", {**FORM, "version": str(own.version), **changes})
    assert saved.status_code == 302, saved.content.decode()


def read(client: Client, address: str, code: str) -> str:
    response = client.get(address.format(code))
    assert response.status_code == 200, (address, response.content.decode()[:2000])
    return str(response.getvalue().decode())


def test_no_output_mixes_old_values_with_a_new_unit(client: Client) -> None:
    own = published(client, **PER_100_000)
    for address in OUTPUTS + WITHOUT_NOTICE:
        # Pages are kept: those of before must not come back later.
        assert NOTICE not in read(client, address, own.code), address
    edit(client, own, **PER_1_000)
    for address in OUTPUTS + WITHOUT_NOTICE:
        text = read(client, address, own.code)
        assert (NOTICE in text) is (address in OUTPUTS), address
        assert (PER_100_000["unit"] in text, PER_1_000["unit"] in text) == (True, False), address
    values = client.get(f"/api/v1/values/?indicator={own.code}&prefecture=01").json()["results"]
    assert [(row["value"], row["definition_version"]) for row in values] == [(300.0, 1)]
    finish_jobs()
    for address in OUTPUTS + WITHOUT_NOTICE:
        text = read(client, address, own.code)
        assert "計算中です" not in text, address
        assert PER_1_000["unit"] in text, address
        # Official indicators of the group have the old unit still.
        assert (PER_100_000["unit"] in text) is ("groups" in address), address
    values = client.get(f"/api/v1/values/?indicator={own.code}&prefecture=01").json()["results"]
    assert [(row["value"], row["definition_version"]) for row in values] == [(3.0, 2)]


def test_a_release_with_a_changed_definition_shows_nothing_new_before_it_is_computed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the index knows it already or not, and though the author forgot to raise the version."""
    compute_indicators(["DAY_S22"])
    changed = get_definition("DAY_S22").model_copy(update=PER_1_000 | {"multiplier": 1000.0})
    install(monkeypatch, changed)
    for is_in_index in (False, True):
        if is_in_index:
            sync_definitions([changed])
        page = read(client, "/indicators/{}/?prefecture=01", "DAY_S22")
        assert (NOTICE in page, PER_1_000["unit"] in page) == (True, False)
        assert NOTICE in read(client, "/indicators/", "")
    compute_indicators(["DAY_S22"], if_needed=True)
    page = read(client, "/indicators/{}/?prefecture=01", "DAY_S22")
    assert (NOTICE in page, PER_1_000["unit"] in page) == (False, True)


def test_a_definition_that_is_taken_back_needs_no_computation(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    compute_indicators(["DAY_S22"])
    first = get_definition("DAY_S22")
    for now in (first.model_copy(update={"unit": PER_1_000["unit"]}), first):
        install(monkeypatch, now)
        sync_definitions([now])
    indicator = Indicator.objects.get(code="DAY_S22")
    assert (indicator.version, indicator.computed_version) == (first.version + 2, first.version)
    assert "計算中です" not in read(client, "/indicators/{}/?prefecture=01", "DAY_S22")


def test_an_indicator_that_loses_its_data_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    compute_indicators(["DAY_S22"])
    install(monkeypatch, get_definition("DAY_S22").model_copy(update={"lifecycle": Lifecycle.DATA_MISSING}))
    assert "第2版からはデータ未整備です。表示は第1版の値です" in read(client, "/indicators/{}/", "DAY_S22")


def install(monkeypatch: pytest.MonkeyPatch, definition: Definition) -> None:
    """What a new release of the program does: other files, and a fresh process."""
    files = {one.code: one for one in registry.official_definitions()} | {definition.code: definition}
    monkeypatch.setattr(registry, "_registry", lambda: files)
    monkeypatch.setattr(stored_definitions, "_kept", {})
    monkeypatch.setattr(stored_definitions, "official_digests", registry.official_digests.__wrapped__)
    catalogue._official_cards.cache_clear()


def test_hiding_counts_at_once_and_showing_only_with_its_values(client: Client) -> None:
    own = published(client, **PER_100_000)
    visitor = Client()
    seen = []
    for visibility, multiplier in (("prefecture", "1000"), ("all", "10000")):
        edit(client, own, multiplier=multiplier, unit="か所/人", visibility=visibility)
        seen.append(visitor.get(f"/indicators/{own.code}/").status_code)
        finish_jobs()
        seen.append(visitor.get(f"/indicators/{own.code}/").status_code)
    assert seen == [404, 404, 404, 200]


def test_a_part_that_shown_values_are_made_of_is_not_retired(client: Client) -> None:
    first, other = published(client), published(client, name="ほかの数", method="count", denominator="")
    both = published(client, name="合成", **composite(first.code, other.code))
    edit(client, both, **{**composite(other.code, "DAY_S22"), "name": "合成"})
    official = User.objects.get(username="hokkaido")
    with pytest.raises(NotNow, match="合成"):
        retire(first.code, by=official)
    finish_jobs()
    retire(first.code, by=official)


def test_values_name_the_version_they_were_computed_with_though_a_newer_one_was_saved_meanwhile(
    client: Client,
) -> None:
    own = published(client, **PER_100_000)
    edit(client, own, **PER_1_000)

    indicator = Indicator.objects.get(code=own.code)
    Indicator.objects.filter(pk=indicator.pk).update(version=3)
    with definition_scope(everybody, newest=True):
        second = get_definition(own.code)
    compute_definitions([second])
    indicator.refresh_from_db()
    assert (indicator.version, indicator.computed_version) == (3, 2)
    assert set(IndicatorValue.objects.filter(indicator=indicator).values_list("indicator_version", flat=True)) == {2}

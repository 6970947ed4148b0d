"""The prefecture switcher: the address decides, the choice is remembered, the own prefecture is the default."""

from __future__ import annotations

import pytest
from django.test import Client

from zaitaku.accounts.models import Scope, User
from zaitaku.lib.prefectures import BLOCKS, PREFECTURES, prefecture

pytestmark = pytest.mark.django_db
CHOOSE = "/accounts/prefecture/"


def heading(client: Client, address: str = "/") -> str:
    page = client.get(address).content.decode()
    return page.split("<h1>")[1].split("</h1>")[0]


def test_the_choice_leads_back_to_the_page_and_is_in_its_address(client: Client) -> None:
    response = client.get(CHOOSE, {"prefecture": "13", "next": "/sources/?kind=ndb_open_data&prefecture=01"})
    assert response.url == "/sources/?kind=ndb_open_data&prefecture=13"  # type: ignore[attr-defined]  # a redirect or a rendered page


def test_the_choice_is_remembered_until_it_is_taken_back(client: Client) -> None:
    client.get(CHOOSE, {"prefecture": "13", "next": "/"})
    assert heading(client) == "東京都の在宅医療"
    client.get(CHOOSE, {"prefecture": "", "next": "/"})
    assert "在宅医療の計画づくり" in heading(client)


def test_a_shared_address_shows_its_prefecture_but_does_not_change_the_choice(client: Client) -> None:
    client.get(CHOOSE, {"prefecture": "13", "next": "/"})
    assert heading(client, "/?prefecture=47") == "沖縄県の在宅医療"
    assert heading(client) == "東京都の在宅医療"


@pytest.mark.parametrize("code", ["02", "02201"])
def test_an_official_starts_with_the_own_prefecture(client: Client, code: str) -> None:
    user = User.objects.create_user("a")
    Scope.objects.create(user=user, code=code)
    client.force_login(user)
    assert heading(client) == "青森県の在宅医療"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/a", "//example.com", "http://testserver//example.com", "/\\example.com", "x", ""]
)
def test_the_switcher_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    target = client.get(CHOOSE, {"prefecture": "01", "next": elsewhere}).url  # type: ignore[attr-defined]  # a redirect or a rendered page
    assert target in {"/", "/a?prefecture=01"}


def test_the_shared_link_carries_the_prefecture(client: Client) -> None:
    client.get(CHOOSE, {"prefecture": "13", "next": "/"})
    assert 'href="http://testserver/sources/?prefecture=13"' in client.get("/sources/").content.decode()


def test_there_are_47_prefectures_in_the_order_of_their_codes() -> None:
    assert [p.code for p in PREFECTURES] == [f"{number:02}" for number in range(1, 48)]
    assert sum(len(places) for _, places in BLOCKS) == 47
    names = {
        "01": "北海道",
        "13": "東京都",
        "26": "京都府",
        "27": "大阪府",
        "30": "和歌山県",
        "46": "鹿児島県",
        "47": "沖縄県",
    }
    assert {code: str(prefecture(code)) for code in names} == names
    assert prefecture("48") is None
    assert prefecture(None) is None

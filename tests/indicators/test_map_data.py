"""The map as data: with it the page recolours what the server drew, so both must say the same."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.test import Client

from tests.indicators.places import make_notified_clinics

pytestmark = pytest.mark.django_db
PAGE = "/indicators/DAY_S22/"


def test_data_and_page_have_the_same_fills_texts_legend_and_words(client: Client) -> None:
    make_notified_clinics()
    page = client.get(f"{PAGE}?prefecture=01&tab=map&measure=count").content.decode()
    response = client.get(f"{PAGE}map.json?prefecture=01&measure=count")
    assert response["Content-Type"] == "application/json"
    data = json.loads(response.content)
    drawn = re.findall(r'<path data-code="(\w+)" d="[^"]+" fill="([^"]+)"><title>(.*?)</title>', page)
    assert len(drawn) == 47
    assert {code: [fill, html.unescape(text)] for code, fill, text in drawn} == data["shapes"]
    legend = re.findall(r'fill="([^"]+)" stroke="#595959"/></svg> (.*?)</li>', page)
    assert [[fill, html.unescape(label)] for fill, label in legend] == data["legend"]
    assert f'<h2 id="figure-title">{data["title"]}</h2>' in page
    assert data["finding"] in html.unescape(page)


def test_data_kept_from_the_first_visitor_are_still_json(client: Client) -> None:
    make_notified_clinics()
    for _visit in range(2):
        assert client.get(f"{PAGE}map.json")["Content-Type"] == "application/json"


@pytest.mark.parametrize(("address", "status"), [(f"{PAGE}map.json?level=x", 400), ("/indicators/NONE/map.json", 404)])
def test_a_wrong_address_is_left_to_the_page(client: Client, address: str, status: int) -> None:
    make_notified_clinics()
    assert client.get(address).status_code == status

"""Every address of the site: it answers, it is one sound page, and bad input never makes it fail.

The addresses are taken from the program, so that a new page is walked without anybody thinking of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from tests.html import assert_sound
from tests.indicators.places import make_notified_clinics

# What stands for each part of an address; where one of them names nothing, 404 is the answer that is right.
PARTS: dict[str, Any] = {
    "code": "DAY_S22",
    "kind": "prefecture",
    "region": "01",
    "prefecture": "01",
    "prefecture_code": "01",
    "year": 2025,
    "extension": "csv",
    "file_format": "csv",
    "format": "csv",
    "key": "iryoken2-8",
    "scheme": "iryoken2-8",
    "topic": "start",
    "level": "prefecture",
}
# Every parameter a page of the site reads, by name. A new one is found by its form, or added here.
PARAMETERS = (
    "prefecture", "level", "scheme", "year", "order", "measure", "tab", "as_at", "words", "phase", "kind", "available",
    "only", "page", "newest", "indicator", "region", "next", "cursor", "limit", "code", "area", "areas", "group", "x",
    "y", "on", "listed", "q", "status", "format", "municipality", "basket", "against", "from", "to", "unit", "units",
)  # fmt: skip
WRONG = ("x", "9" * 40 + "'\"<>𠮷" + "あ" * 2000)


def _walk(
    patterns: Any, namespace: str = "", given: frozenset[str] = frozenset()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and parts of every address that has a name."""
    for one in patterns:
        parts = given | frozenset(one.pattern.converters)
        if isinstance(one, URLResolver):
            inside = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one.url_patterns, inside, parts)
        elif isinstance(one, URLPattern) and one.name:
            numbers = {name for name, kind in one.pattern.converters.items() if type(kind).__name__ == "IntConverter"}
            yield f"{namespace}{one.name}", {name: _part(name, is_number=name in numbers) for name in parts}


def _part(name: str, *, is_number: bool) -> Any:
    found = PARTS.get(name, 1 if is_number else "x")
    return found if not is_number or isinstance(found, int) else 1


ADDRESSES = dict(_walk(get_resolver().url_patterns))


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What the pages show, made once; each test changes it for itself alone."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_notified_clinics()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _country(_made: None, db: None) -> None:
    """The country inside the transaction of a test."""


def test_there_are_addresses_to_walk() -> None:
    assert len(ADDRESSES) > 40
    assert {"indicators:home", "api:docs", "accounts:api-key-list"} <= set(ADDRESSES)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_an_address_answers_with_one_sound_page(client: Client, name: str) -> None:
    response = client.get(reverse(name, kwargs=ADDRESSES[name]))
    assert response.status_code in (200, 302, 400, 401, 403, 404, 405), name
    if response.status_code == 302:
        assert response["Location"].startswith("/"), name
    elif response["Content-Type"].startswith("text/html"):
        assert_sound(response.content.decode())
    if response.status_code in (403, 404):
        assert ADDRESSES[name], f"{name} has no parts that could be wrong"


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_bad_input_never_makes_a_page_fail(client: Client, name: str) -> None:
    # All at once may stop at the first that is wrong, so each address leaves out others; what a page reads, its files
    # and its neighbours read as well.
    names = PARAMETERS[len(name) % 3 :]
    wrong = {parameter: WRONG[place % 2] for place, parameter in enumerate(names)}
    assert client.get(reverse(name, kwargs=ADDRESSES[name]), wrong).status_code < 500, (name, wrong)


@pytest.mark.parametrize("name", sorted(name for name, parts in ADDRESSES.items() if parts))
def test_wrong_parts_of_an_address_never_make_a_page_fail(client: Client, name: str) -> None:
    for wrong in ("x" * 500,):
        parts = {part: (2**63 if isinstance(value, int) else wrong) for part, value in ADDRESSES[name].items()}
        try:
            address = reverse(name, kwargs=parts)
        except NoReverseMatch:
            continue  # the address itself allows no such part
        assert client.get(address).status_code < 500, (name, parts)

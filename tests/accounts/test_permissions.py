"""Role × scope: who may do what, where. The matrix is written out by hand and is the specification."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zaitaku.accounts import permissions as rules
from zaitaku.accounts.models import Scope, User
from zaitaku.accounts.permissions import VISITOR, Actor
from zaitaku.accounts.queries import get_actor

HOKKAIDO, HAKODATE, AOMORI = "01", "01202", "02"
ACTORS = {
    "prefecture": Actor(role="prefecture", codes=frozenset({HOKKAIDO})),
    "approver": Actor(role="approver", codes=frozenset({HOKKAIDO})),
    "municipality": Actor(role="municipality", codes=frozenset({HAKODATE})),
    "working_group": Actor(role="working_group"),
    "analyst": Actor(role="analyst"),
    "administrator": Actor(role="administrator"),
    "visitor": VISITOR,
}
# rule → place → the roles (with the scope above) that may
MATRIX: dict[Callable[[Actor, str], bool], dict[str, set[str]]] = {
    rules.may_edit: {HOKKAIDO: {"prefecture"}, HAKODATE: {"prefecture", "municipality"}, AOMORI: set()},
    rules.may_approve: {HOKKAIDO: {"approver"}, AOMORI: set()},
    rules.may_see_drafts: {HOKKAIDO: {"prefecture", "approver", "municipality"}, AOMORI: set()},
    rules.may_comment: {HOKKAIDO: {"prefecture", "approver", "municipality"}, AOMORI: set()},
    rules.may_import: {HOKKAIDO: {"prefecture", "administrator"}, AOMORI: {"administrator"}, "": {"administrator"}},
}


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize(
    ("rule", "place", "allowed"),
    [(rule, place, allowed) for rule, places in MATRIX.items() for place, allowed in places.items()],
)
def test_each_role_may_do_exactly_what_the_matrix_says(
    rule: Callable[[Actor, str], bool], place: str, allowed: set[str], name: str
) -> None:
    assert rule(ACTORS[name], place) is (name in allowed)


@pytest.mark.parametrize("name", ACTORS)
def test_only_administrators_compute_and_manage_users(name: str) -> None:
    assert rules.may_compute(ACTORS[name]) is (name == "administrator")
    assert rules.may_set_area_types(ACTORS[name]) is (name == "administrator")
    assert rules.may_manage_users(ACTORS[name]) is (name == "administrator")
    assert rules.may_compare_unpublished_progress(ACTORS[name]) is (name in {"working_group", "administrator"})


def test_a_prefecture_covers_its_municipalities_and_not_the_other_way_round() -> None:
    assert ACTORS["prefecture"].covers(HAKODATE)
    assert not ACTORS["municipality"].covers(HOKKAIDO)
    assert not ACTORS["prefecture"].covers("10201")


def test_a_scope_without_the_role_allows_nothing() -> None:
    everywhere = Actor(codes=frozenset({HOKKAIDO, HAKODATE, AOMORI}))
    assert not any(rule(everywhere, place) for rule, places in MATRIX.items() for place in places)


def test_every_role_of_the_model_is_in_the_matrix() -> None:
    assert set(User.Role.values) | {"visitor"} == set(ACTORS)


@pytest.mark.django_db
def test_a_user_becomes_an_actor_with_role_and_scope_until_deactivated() -> None:
    user = User.objects.create_user("a", role=User.Role.PREFECTURE)
    Scope.objects.create(user=user, code=HOKKAIDO)
    assert get_actor(user) == ACTORS["prefecture"]
    user.is_active = False
    assert get_actor(user) == VISITOR

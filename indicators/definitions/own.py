"""What the database knows of definitions: prefectures' own ones, and which ones the values were computed with.

Pure code does not reach the database; the app hands its reader over at start (`read_definitions_from`). Everything that
looks an indicator up runs inside a `definition_scope`: it reads once, so that one page or one computation sees one
state, and it knows for whom. Outside any scope nothing is shown that is not for everybody.

A scope serves the definitions that the stored values were computed with, so that a value never stands beside the unit
of a definition it does not come from. Whoever computes values asks for the newest ones (`newest=True`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from indicators.definitions.schema import OWN_CODE, Definition, Visibility

_OWN = re.compile(OWN_CODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """The definition that the stored values of an indicator come from, while a newer one waits for its computation.

    `version` is the number of the one that is served, `newest` of the one that waits. If that is without data
    (`has_data`), no computation will follow.
    """

    definition: Definition
    version: int
    newest: int
    has_data: bool = True

    @property
    def notice(self) -> str:
        """What a reader of the values must know."""
        if not self.has_data:
            return f"第{self.newest}版からはデータ未整備です。表示は第{self.version}版の値です。"
        return f"新しい定義（第{self.newest}版）で計算中です。表示は第{self.version}版の値です。"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDefinitions:
    """By code: the newest published own definitions, and what outdated values come from. `state` names the contents."""

    state: str = ""
    own: Mapping[str, Definition] = field(default_factory=dict)
    outdated: Mapping[str, Outdated] = field(default_factory=dict)


Reader = Callable[[], StoredDefinitions]
Viewer = Callable[[str], bool]
"""Whether somebody may see what the prefecture of this code shows to itself alone."""


def is_own_code(code: str) -> bool:
    """Whether the code is one of a prefecture's own indicators, e.g. `P28_001`."""
    return _OWN.fullmatch(code) is not None


def nobody(_prefecture_code: str) -> bool:
    """The viewer who sees only what is for everybody."""
    return False


def everybody(_prefecture_code: str) -> bool:
    """The viewer of computations, which need every definition."""
    return True


@dataclass(slots=True)
class _Scope:
    viewer: Viewer
    newest: bool
    stored: StoredDefinitions | None = None
    seen: dict[str, bool] = field(default_factory=dict)

    def read(self) -> StoredDefinitions:
        if self.stored is None:
            self.stored = _reader[-1]()
        return self.stored

    def own(self, code: str) -> Definition | None:
        """The own definition to serve; None if it is not there, or not for this viewer."""
        found = self.read().own.get(code)
        if found is None:
            return None
        outdated = self.outdated(code)
        served = _no_wider(outdated.definition, found) if outdated else found
        return served if self.may_see(served) else None

    def outdated(self, code: str) -> Outdated | None:
        return None if self.newest else self.read().outdated.get(code)

    def may_see(self, definition: Definition) -> bool:
        if definition.visibility is Visibility.ALL:
            return True
        if definition.owner not in self.seen:
            self.seen[definition.owner] = self.viewer(definition.owner)
        return self.seen[definition.owner]


def _no_wider(served: Definition, newest: Definition) -> Definition:
    """Hiding an indicator counts at once; showing it to everybody only with the values of that version."""
    hides = Visibility.PREFECTURE in (served.visibility, newest.visibility)
    return served.model_copy(update={"visibility": Visibility.PREFECTURE if hides else Visibility.ALL})


_scope: ContextVar[_Scope | None] = ContextVar("definition_scope", default=None)
_reader: list[Reader] = [StoredDefinitions]


def read_definitions_from(reader: Reader) -> None:
    """Say who reads what the database knows."""
    _reader.append(reader)


@contextmanager
def definition_scope(viewer: Viewer, *, newest: bool = False) -> Iterator[None]:
    """One page or one piece of work: what the database knows is read once, when it is first needed."""
    token = _scope.set(_Scope(viewer, newest))
    try:
        yield
    finally:
        _scope.reset(token)


def _current() -> _Scope:
    return _scope.get() or _Scope(nobody, newest=True)


def visible_own_definitions() -> Mapping[str, Definition]:
    """The published own definitions that the viewer of the scope may see, by code."""
    scope = _current()
    return {code: one for code in scope.read().own if (one := scope.own(code)) is not None}


def find_own_definition(code: str) -> Definition | None:
    """One of them; None if it is not there, or not for this viewer."""
    return _current().own(code)


def find_outdated_values(code: str) -> Outdated | None:
    """What the values of an indicator come from, if that is not its newest definition. For whoever may see it."""
    return _current().outdated(code)


def outdated_codes() -> frozenset[str]:
    """The indicators whose values come from an older definition; some of them may be for one prefecture alone."""
    scope = _current()
    return frozenset() if scope.newest else frozenset(scope.read().outdated)


def definitions_state() -> str:
    """A text that names the definitions this scope serves, for whatever keeps what was made from several of them."""
    return _current().read().state

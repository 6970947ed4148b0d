"""A prefecture's own indicators beside the official ones: where they come from, and who may see which.

They live in the database, which pure code does not reach; the app hands its reader over at start (`read_own_from`).
Everything that looks an indicator up runs inside a `definition_scope`: it reads them once, so that one page or one
computation sees one state, and it knows for whom. Outside any scope nothing is shown that is not for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from indicators.definitions.schema import OWN_CODE, Definition, Visibility

_OWN = re.compile(OWN_CODE)
Reader = Callable[[], Mapping[str, Definition]]
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
    definitions: Mapping[str, Definition] | None = None
    seen: dict[str, bool] = field(default_factory=dict)

    def read(self) -> Mapping[str, Definition]:
        if self.definitions is None:
            self.definitions = _reader[-1]()
        return self.definitions

    def may_see(self, definition: Definition) -> bool:
        if definition.visibility is Visibility.ALL:
            return True
        if definition.owner not in self.seen:
            self.seen[definition.owner] = self.viewer(definition.owner)
        return self.seen[definition.owner]


_scope: ContextVar[_Scope | None] = ContextVar("definition_scope", default=None)
_reader: list[Reader] = [dict]


def read_own_from(reader: Reader) -> None:
    """Say where the published own definitions come from, by code."""
    _reader.append(reader)


@contextmanager
def definition_scope(viewer: Viewer) -> Iterator[None]:
    """One page or one piece of work: own definitions are read once, when they are first needed."""
    token = _scope.set(_Scope(viewer))
    try:
        yield
    finally:
        _scope.reset(token)


def visible_own_definitions() -> Mapping[str, Definition]:
    """The published own definitions that the viewer of the scope may see, by code."""
    scope = _scope.get() or _Scope(nobody)
    return {code: one for code, one in scope.read().items() if scope.may_see(one)}


def find_own_definition(code: str) -> Definition | None:
    """One of them; None if it is not there, or not for this viewer."""
    scope = _scope.get() or _Scope(nobody)
    found = scope.read().get(code)
    return found if found is not None and scope.may_see(found) else None

"""Prefectures' own indicators as their officials see them: the list, one of them, and whether entries make sense."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from indicators.definitions import all_definitions
from indicators.definitions.own import definition_scope
from indicators.definitions.own_definition import Owner, make_definition
from indicators.definitions.own_draft import ItemFacts, OwnDraft
from indicators.definitions.schema import Definition, Visibility
from indicators.models import DefinitionChange, Indicator, OwnIndicator
from indicators.queries.items import get_item_facts
from zaitaku.accounts.permissions import Actor, may_edit, may_see_drafts
from zaitaku.lib.prefectures import Prefecture, prefecture

_MOST_ALIKE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEntry:
    """One own indicator in the list, with what may be done with it now."""

    own: OwnIndicator
    definition: Definition
    may_edit: bool
    is_computed: bool

    @property
    def is_limited(self) -> bool:
        return self.definition.visibility is Visibility.PREFECTURE


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredIndicator:
    """One that was public once. `instead`: indicators that count some of the same items, most in common first."""

    code: str
    name: str
    owner_name: str
    retired_on: dt.date | None
    instead: tuple[Definition, ...]


def find_retired(code: str, *, actor: Actor) -> RetiredIndicator | None:
    """A retired indicator that the asker could see while it was published."""
    own = OwnIndicator.objects.filter(code=code, state=OwnIndicator.State.RETIRED).first()
    if own is None:
        return None
    definition = Definition.model_validate(own.definition)
    if definition.visibility is Visibility.PREFECTURE and not may_see_drafts(actor, own.prefecture_code):
        return None
    step = DefinitionChange.objects.filter(code=code, kind=DefinitionChange.Kind.RETIRED).order_by("-at").first()
    return RetiredIndicator(
        code=code,
        name=definition.name,
        owner_name=owner_of(own).name,
        retired_on=timezone.localdate(step.at) if step else None,
        instead=_alike(definition),
    )


def _alike(definition: Definition) -> tuple[Definition, ...]:
    """The indicators in use with most of the same items in the numerator."""
    counted = {item.code for item in definition.numerator.items}
    common = [(len(counted & {item.code for item in one.numerator.items}), one) for one in all_definitions()]
    found = sorted((pair for pair in common if pair[0]), key=lambda pair: (-pair[0], pair[1].code))
    return tuple(one for _, one in found[:_MOST_ALIKE])


def list_own_indicators(prefecture_code: str, *, actor: Actor) -> tuple[OwnEntry, ...]:
    """Of one prefecture: all for those who see its drafts, for others what is published for everybody."""
    found = OwnIndicator.objects.filter(prefecture_code=prefecture_code).order_by("code")
    if not may_see_drafts(actor, prefecture_code):
        found = found.filter(state=OwnIndicator.State.PUBLISHED, definition__visibility=Visibility.ALL.value)
    rows = list(found)
    codes = [own.code for own in rows]
    computed = set(Indicator.objects.filter(code__in=codes, computed_at__isnull=False).values_list("code", flat=True))
    edits = may_edit(actor, prefecture_code)
    return tuple(_entry(own, edits=edits, is_computed=own.code in computed) for own in rows)


def get_own_indicator(code: str, *, actor: Actor) -> OwnEntry | None:
    """One own indicator in any state, for those who work for its prefecture; None for everyone else."""
    own = OwnIndicator.objects.filter(code=code).first()
    if own is None or not may_see_drafts(actor, own.prefecture_code):
        return None
    is_computed = Indicator.objects.filter(code=code, computed_at__isnull=False).exists()
    return _entry(own, edits=may_edit(actor, own.prefecture_code), is_computed=is_computed)


def judge(draft: OwnDraft, *, place: Prefecture, own: OwnIndicator | None) -> Definition:
    """The definition that the entries make. Raises `DraftRefused`.

    A new indicator is judged under a code that no other has, until it gets its own.
    """
    owner = Owner(
        code=own.code if own else f"P{place.code}_000",
        version=own.version if own else 1,
        prefecture_code=place.code,
        prefecture_name=place.name,
    )
    with definition_scope(lambda code: code == place.code, newest=True):
        known = {definition.code: definition for definition in all_definitions()}
    return make_definition(draft, owner=owner, facts=get_facts(draft), known=known)


def get_facts(draft: OwnDraft) -> dict[str, ItemFacts]:
    """What is known of the items a draft names."""
    return get_item_facts([*(item.code for item in draft.items), *filter(None, [draft.denominator])])


def _entry(own: OwnIndicator, *, edits: bool, is_computed: bool) -> OwnEntry:
    definition = Definition.model_validate(own.definition)
    return OwnEntry(own=own, definition=definition, may_edit=edits, is_computed=is_computed)


def owner_of(own: OwnIndicator) -> Prefecture:
    """The prefecture it belongs to."""
    place = prefecture(own.prefecture_code)
    assert place is not None
    return place

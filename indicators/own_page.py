"""What the editor of a prefecture's own indicator shows beside its fields."""

from __future__ import annotations

from typing import Any

from indicators.definitions.own_draft import ChosenItem, ItemFacts
from indicators.definitions.registry import all_definitions
from indicators.definitions.schema import Definition, Lifecycle, Method
from indicators.own_form import OwnIndicatorForm
from indicators.queries.catalogue import fold
from indicators.queries.items import MOST_FOUND, get_item_facts, search_items
from indicators.queries.own_indicators import OwnEntry
from zaitaku.lib.prefectures import Prefecture


def editor_context(
    form: OwnIndicatorForm, *, place: Prefecture, entry: OwnEntry | None, words: str, is_unchecked: bool
) -> dict[str, Any]:
    """The chosen items in words, what a search found, and the sections of the form.

    `is_unchecked`: a button of the lists was pressed while the form is still being filled in, so that what is missing
    is no error yet.
    """
    shows_errors = not is_unchecked and form.is_bound and form.has_errors
    if shows_errors:
        form.tie_errors()
    method = form["method"].value()
    is_composite = method == Method.COMPOSITE.value
    codes = [item.code for item in form.items] + [form.denominator]
    facts = get_item_facts([code for code in codes if code])
    items, number = ((), 0) if is_composite else search_items(words)
    parts = _search_parts(words, exclude=entry.own.code if entry else "") if is_composite else ()
    return {
        "form": form,
        "place": place,
        "entry": entry,
        "words": words,
        "is_unchecked": is_unchecked,
        "shows_errors": shows_errors,
        "is_composite": is_composite,
        "chosen": [(item, facts.get(item.code)) for item in form.items],
        "denominator": (form.denominator, facts.get(form.denominator)) if form.denominator else None,
        "parts": [(part, _name(part.code)) for part in form.components],
        "found": [_row(one, form.items, form.denominator) for one in items],
        "found_number": number,
        "found_most": MOST_FOUND,
        "found_parts": [(one, one.code in {part.code for part in form.components}) for one in parts],
        "sections": [(key, title, [form[name] for name in names]) for key, title, names in form.SECTIONS],
        "formula_fields": [form[name] for name in form.FORMULA],
    }


def _row(item: ItemFacts, chosen: list[ChosenItem], denominator: str) -> dict[str, Any]:
    return {
        "item": item,
        "is_chosen": item.code in {one.code for one in chosen},
        "is_denominator": item.code == denominator,
    }


def _search_parts(words: str, *, exclude: str) -> tuple[Definition, ...]:
    """Indicators with values that a composite may be made of."""
    wanted = [fold(word) for word in words.split()]
    if not wanted:
        return ()
    found = (
        one
        for one in all_definitions()
        if one.lifecycle is Lifecycle.ACTIVE
        and one.code != exclude
        and all(word in fold(f"{one.name} {one.kana} {one.code}") for word in wanted)
    )
    return tuple(found)[:MOST_FOUND]


def _name(code: str) -> str:
    return next((one.name for one in all_definitions() if one.code == code), "")

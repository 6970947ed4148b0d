"""What the pages show of 比較かご: its indicators by name, and the links that use, change or empty it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from indicators.basket import LARGEST, Basket
from indicators.definitions.registry import get_definition


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketItem:
    """One indicator of the basket and the address of this page without it."""

    code: str
    name: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketBar:
    """`uses`: label and address of the pages that take these indicators. `add` is empty where nothing can be added."""

    items: tuple[BasketItem, ...]
    uses: tuple[tuple[str, str], ...]
    emptied: str
    add: str = ""
    remove: str = ""
    is_full: bool = False
    most: int = LARGEST


def make_bar(basket: Basket, address: Callable[[Basket], str], *, prefecture: str, code: str = "") -> BasketBar:
    """The bar of a page whose address with a given basket is `address(basket)`; `code`: the indicator it is about."""
    return BasketBar(
        items=tuple(
            BasketItem(code=one, name=get_definition(one).name, without=address(basket.remove(one)))
            for one in basket.codes
        ),
        uses=tuple(_uses(basket, prefecture)) if basket else (),
        emptied=address(Basket()),
        add=address(basket.add(code)) if code and code not in basket and not basket.is_full else "",
        remove=address(basket.remove(code)) if code in basket else "",
        is_full=basket.is_full,
    )


def _uses(basket: Basket, prefecture: str) -> list[tuple[str, str]]:
    own = {"prefecture": prefecture} if prefecture else {}
    kept = {"basket": basket.text, **own}
    pair = {"x": basket.codes[0], "y": basket.codes[1], **kept} if len(basket) > 1 else {}
    asked = [
        ("プロファイル", "indicators:profile", list(kept.items())),
        ("比較", "indicators:comparison", list(kept.items())),
        ("散布図", "indicators:scatter", list(pair.items())),
        ("データ入手", "indicators:download", [("indicator", code) for code in basket.codes]),
    ]
    found = []
    for label, name, parameters in asked:
        try:
            # A scatter plot takes two.
            if parameters:
                found.append((label, f"{reverse(name)}?{urlencode(parameters)}"))
        except NoReverseMatch:
            continue
    return found

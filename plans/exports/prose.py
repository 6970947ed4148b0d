"""The tokens of a text as documents need them: notes apart, and headings that never skip a level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class ProseTokens:
    """`tokens` without the notes; `notes` by number, as inline tokens; `levels` of headings by the token's identity."""

    tokens: tuple[Token, ...]
    notes: Mapping[int, tuple[Token, ...]]
    levels: Mapping[int, int]


def read_prose(tokens: Sequence[Token], *, level: int) -> ProseTokens:
    """`level` is that of the heading the text stands under; its own begin one below and go down one at a time."""
    body = tuple(_body(tokens))
    return ProseTokens(body, _notes(tokens), dict(_levels(body, level)))


def _body(tokens: Sequence[Token]) -> Iterator[Token]:
    inside = False
    for token in tokens:
        if token.type in {"footnote_block_open", "footnote_block_close"}:
            inside = token.type == "footnote_block_open"
        elif not inside:
            yield token


def _notes(tokens: Sequence[Token]) -> dict[int, tuple[Token, ...]]:
    notes: dict[int, tuple[Token, ...]] = {}
    number = None
    for token in tokens:
        if token.type == "footnote_open":
            number = token.meta["id"]
        elif token.type == "footnote_close":
            number = None
        elif token.type == "inline" and number is not None:
            notes[number] = (*notes.get(number, ()), token)
    return notes


def _levels(tokens: Sequence[Token], level: int) -> Iterator[tuple[int, int]]:
    """A reader for the blind is lost where a level is missing, and PDF/UA forbids it."""
    above = level
    for token in tokens:
        if token.type == "heading_open":
            above = min(level + int(token.tag[1]), above + 1)
            yield id(token), above

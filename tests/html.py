"""A look at a page as a browser's parser sees it: enough to check headings, labels and what must not be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise


@dataclass
class PageOutline:
    """What was found on a page."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    label_targets: set[str] = field(default_factory=set)
    controls: list[dict[str, str]] = field(default_factory=list)
    described_by: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    other_hosts: list[str] = field(default_factory=list)

    @property
    def unlabelled_controls(self) -> list[dict[str, str]]:
        """Controls that no `<label for>` and no aria-label names."""
        return [c for c in self.controls if c.get("id") not in self.label_targets and "aria-label" not in c]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.outline = PageOutline()
        self._heading = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note(tag, given)
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self._heading = int(tag[1])
            self.outline.headings.append((self._heading, ""))
        if tag == "label":
            self.outline.label_targets.add(given.get("for", ""))
        if tag in {"select", "textarea"} or (tag == "input" and given.get("type") != "hidden"):
            self.outline.controls.append(given)

    def _note(self, tag: str, given: dict[str, str]) -> None:
        outline = self.outline
        if "id" in given:
            outline.ids.append(given["id"])
        outline.described_by += given.get("aria-describedby", "").split()
        is_data = given.get("type") == "application/json"
        if tag == "style" or (tag == "script" and "src" not in given and not is_data):
            outline.inline.append(f"<{tag}>")
        outline.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        loads = given.get("src", "") if tag != "a" else ""
        loads += given.get("href", "") if tag == "link" else ""
        if loads.startswith(("http:", "https:", "//")):
            outline.other_hosts.append(loads)

    def handle_data(self, data: str) -> None:
        if self._heading:
            level, text = self.outline.headings[-1]
            self.outline.headings[-1] = (level, text + data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == f"h{self._heading}":
            self._heading = 0


def outline(html: str) -> PageOutline:
    """The outline of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.outline


def assert_sound(html: str) -> None:
    """One h1, no level skipped, ids once, every control named, descriptions there, nothing inline, no other host."""
    page = outline(html)
    levels = [level for level, _ in page.headings]
    assert levels.count(1) == 1, page.headings
    assert all(after <= before + 1 for before, after in pairwise(levels)), page.headings
    assert all(text for _, text in page.headings), page.headings
    assert len(page.ids) == len(set(page.ids)), sorted(i for i in page.ids if page.ids.count(i) > 1)
    assert not page.unlabelled_controls
    assert set(page.described_by) <= set(page.ids)
    assert not page.inline
    assert not page.other_hosts

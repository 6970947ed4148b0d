"""The way around the site: sections and the pages in them, as one table.

An entry whose page is not installed is left out, so an app only has to bring a URL of the name that stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse

from zaitaku.accounts.permissions import (
    ADMINISTRATOR,
    ANALYST,
    APPROVER,
    MUNICIPALITY,
    PREFECTURE,
    WORKING_GROUP,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the navigation. `roles`: who is offered it (empty: everyone); the page itself decides who may do what.

    `follows_prefecture`: the page is about the prefecture in the address, which is handed on.
    """

    text: str
    name: str
    follows_prefecture: bool = False
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """A primary entry: what it is called, and its pages. It leads to the first of them that there is."""

    text: str
    entries: tuple[Entry, ...]


SECTIONS = (
    Section("ホーム", (Entry("ホーム", "indicators:home", True),)),
    Section("全国", (Entry("全国ビュー", "indicators:national"),)),
    Section(
        "指標",
        (
            Entry("指標カタログ", "indicators:indicator-list", True),
            Entry("独自の指標", "indicators:own-list", True),
            Entry("引用した数値", "indicators:citation-list", True),
        ),
    ),
    Section("県・圏域", (Entry("県・圏域プロファイル", "indicators:profile", True),)),
    Section(
        "比較",
        (
            Entry("地域の比較", "indicators:comparison", True),
            Entry("散布図", "indicators:scatter", True),
            Entry("地域グループ", "indicators:groups", True),
        ),
    ),
    Section(
        "機関・位置付け",
        (
            Entry("機関台帳", "institutions:institution-list", True),
            Entry("位置付けの登録簿", "institutions:designation-list", True),
            Entry("活動報告", "institutions:report-list", True, frozenset({PREFECTURE, APPROVER, MUNICIPALITY})),
            Entry("位置付けた機関の公開一覧", "institutions:designated-public", True),
            Entry("在宅医療へのアクセス", "institutions:access", True),
        ),
    ),
    Section("圏域", (Entry("圏域エディタ", "plans:draft-list", True),)),
    Section(
        "計画",
        (
            Entry("計画", "plans:plan-list", True),
            Entry("計画の比較", "plans:plan-comparison"),
            Entry("好事例", "plans:practice-list"),
        ),
    ),
    Section(
        "データ",
        (
            Entry("データ入手", "indicators:download"),
            Entry("資料の取込", "intake:upload-list", roles=frozenset({PREFECTURE, ADMINISTRATOR})),
            Entry("データの出典", "sources:source-list"),
            Entry("取込の状況", "sources:source-coverage"),
            Entry("鮮度と品質", "indicators:data-quality"),
            Entry("圏域の版", "indicators:area-editions"),
            Entry("地域の種類", "indicators:area-types"),
            Entry("計算の状況", "jobs:job-list"),
            Entry("API", "api:docs"),
        ),
    ),
    Section(
        "管理",
        (
            Entry("利用者の管理", "accounts:user-list", roles=frozenset({ADMINISTRATOR})),
            Entry("ログインの記録", "accounts:sign-in-log", roles=frozenset({ADMINISTRATOR})),
            Entry("監査記録", "audit:entry-list", roles=frozenset({PREFECTURE, APPROVER, ADMINISTRATOR})),
        ),
    ),
    Section("手引き", (Entry("手引き", "pages:help-list"),)),
)


# What each role does next, as the home page offers it; the first entry is for visitors.
NEXT_STEPS = {
    "": (
        Entry("県・圏域プロファイルで全体を見る", "indicators:profile", True),
        Entry("指標カタログから指標を選ぶ", "indicators:indicator-list", True),
        Entry("ほかの地域と比べる", "indicators:comparison", True),
        Entry("手引きを読む", "pages:help-list"),
    ),
    PREFECTURE: (
        Entry("プロファイルで現状を確かめる", "indicators:profile", True),
        Entry("在宅医療圏の案を作る", "plans:draft-list", True),
        Entry("医療機関・拠点の位置付けを見直す", "institutions:designation-list", True),
        Entry("計画を書く", "plans:plan-list", True),
        Entry("新しい資料を取り込む", "intake:upload-list"),
    ),
    APPROVER: (
        Entry("提出された計画を確かめる", "plans:plan-list", True),
        Entry("プロファイルで根拠の数字を見る", "indicators:profile", True),
        Entry("位置付けの登録簿を見る", "institutions:designation-list", True),
    ),
    MUNICIPALITY: (
        Entry("プロファイルで市区町村の現状を見る", "indicators:profile", True),
        Entry("計画に意見を書く", "plans:plan-list", True),
        Entry("ほかの地域と比べる", "indicators:comparison", True),
    ),
    WORKING_GROUP: (
        Entry("47都道府県を見渡す", "indicators:national"),
        Entry("地域を比べる", "indicators:comparison", True),
        Entry("散布図で2つの指標を見る", "indicators:scatter", True),
        Entry("計画を並べて見る", "plans:plan-comparison"),
    ),
    ANALYST: (
        Entry("条件を選んでデータを入手する", "indicators:download"),
        Entry("APIの説明を読む", "api:docs"),
        Entry("散布図で2つの指標を見る", "indicators:scatter", True),
        Entry("数字の出典と鮮度を確かめる", "indicators:data-quality"),
    ),
    ADMINISTRATOR: (
        Entry("利用者を招待する・役割を変える", "accounts:user-list"),
        Entry("新しい資料を取り込む", "intake:upload-list"),
        Entry("鮮度と品質を確かめる", "indicators:data-quality"),
        Entry("計算の状況を見る", "jobs:job-list"),
    ),
}


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the navigation; `current` is its `aria-current`: `page`, `true` (a page below it) or empty.

    `pages` are those of a section, at least one; of a page, none.
    """

    text: str
    url: str
    current: str
    pages: tuple[NavigationItem, ...] = field(default=())

    @property
    def current_page(self) -> NavigationItem | None:
        """The page of the section that one is on, or below."""
        return next((page for page in self.pages if page.current), None)


def make_navigation(path: str, *, role: str, prefecture_query: str) -> tuple[NavigationItem, ...]:
    """The sections a role is offered, with marks at the page that `path` is, or lies below.

    `prefecture_query` (`?prefecture=28` or empty) goes to the pages that are about a prefecture.
    """
    offered = [(section, list(_offered(section, role))) for section in SECTIONS]
    here = _page_at(path, [url for _section, entries in offered for _entry, url in entries])
    made = (_make_section(section, entries, path, here, prefecture_query) for section, entries in offered if entries)
    return tuple(made)


def next_steps(role: str, *, prefecture_query: str) -> tuple[NavigationItem, ...]:
    """What a role is likely to do next, as far as the pages for it are installed."""
    section = Section("", NEXT_STEPS.get(role, NEXT_STEPS[""]))
    return tuple(
        NavigationItem(entry.text, url + (prefecture_query if entry.follows_prefecture else ""), "")
        for entry, url in _offered(section, role)
    )


def _offered(section: Section, role: str) -> Iterator[tuple[Entry, str]]:
    """The installed pages of a section that the role is offered, with their addresses."""
    for entry in section.entries:
        if entry.roles and role not in entry.roles:
            continue
        try:
            yield entry, reverse(entry.name)
        except NoReverseMatch:
            continue


def _page_at(path: str, urls: list[str]) -> str:
    """The address that `path` is or lies below, the longest of several; empty if there is none."""
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")


def _make_section(
    section: Section, entries: list[tuple[Entry, str]], path: str, here: str, prefecture_query: str
) -> NavigationItem:
    pages = tuple(
        NavigationItem(
            text=entry.text,
            url=url + (prefecture_query if entry.follows_prefecture else ""),
            current=("page" if path == url else "true") if url == here else "",
        )
        for entry, url in entries
    )
    first = pages[0]
    current = first.current or ("true" if any(page.current for page in pages) else "")
    return NavigationItem(section.text, first.url, current, pages)

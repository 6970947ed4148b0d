"""好事例: the nationwide list, one case, and the cases that fit where a place is certainly worse."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from indicators.definitions.registry import all_definitions
from indicators.definitions.similarity import similarity
from indicators.queries.similar import get_area_types
from indicators.queries.standings import get_region_standings
from indicators.results import Level
from institutions.formulas.folding import search_words
from plans.models import GoodPractice, LogicNode, Policy, Target, Theme
from plans.queries.chapters import render_chapter
from plans.queries.cited import cited_in
from plans.queries.targets import level_of
from regions.models import Region
from zaitaku.accounts.permissions import Actor, may_see_drafts
from zaitaku.lib.statistics.comparison import Verdict

MOST_SUGGESTED = 3
_SCHEME = "iryoken2-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A case and why it is shown here."""

    title: str
    prefecture: str
    url: str
    reasons: tuple[str, ...]
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What cases are looked for: `gaps` are indicators that are certainly worse, by code with the reason in words.

    `area_types` alone suggest nothing; they add to a gap or a theme. `prefecture`: whose own cases are left out.
    """

    prefecture: str
    gaps: Mapping[str, str]
    theme: str = ""
    area_types: frozenset[str] = frozenset()


def list_practices(
    *,
    words: str = "",
    theme: str = "",
    scene: str = "",
    area_type: str = "",
    prefecture: str = "",
    indicator: str = "",
) -> QuerySet[GoodPractice]:
    """Public cases of all prefectures, the newest first. `words` are found in either kana, old or new characters."""
    found = GoodPractice.objects.filter(published_at__isnull=False).select_related("prefecture")
    equal = {"theme": theme, "scene": scene, "area_type": area_type, "prefecture__code": prefecture}
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if indicator:
        found = found.filter(indicator_codes__contains=[indicator])
    for word in search_words(words):
        found = found.filter(searched__contains=word)
    return found.order_by("-published_at", "-pk")


def list_drafts(actor: Actor, prefecture_code: str) -> list[GoodPractice]:
    """What a prefecture has not published, for its own people; those taken away last."""
    if not may_see_drafts(actor, prefecture_code):
        return []
    found = GoodPractice.objects.filter(prefecture__code=prefecture_code, published_at=None)
    return sorted(found.select_related("prefecture"), key=lambda one: (one.removed_at is not None, -one.pk))


def area_type_choices() -> list[tuple[str, str]]:
    """The kinds of area a case may be of."""
    return [(one.label, one.label) for one in similarity().types]


def indicator_names(codes: Collection[str]) -> list[tuple[str, str]]:
    """Code and name of the indicators a case is about, as far as they are defined for whoever asks."""
    names = {one.code: one.name for one in all_definitions()}
    return [(code, names[code]) for code in codes if code in names]


def render_text(text: str, practice: GoodPractice) -> str:
    """HTML of a text of the case, with the figures its prefecture cited."""
    return render_chapter(text, cited_in(text, practice.prefecture.code), below=2)


def get_state() -> str:
    """Changes with every change of what is public (one query); for pages that are kept."""
    found = GoodPractice.objects.aggregate(newest=Max("changed_at"), public=Count("published_at"))
    return f"{found['newest']}|{found['public']}"


def suggest(wanted: Wanted) -> tuple[Suggestion, ...]:
    """The public cases that fit best, with the reasons (one query; none if nothing is wanted)."""
    fits = Q(indicator_codes__overlap=list(wanted.gaps)) if wanted.gaps else Q(pk__in=[])
    if wanted.theme:
        fits |= Q(theme=wanted.theme)
    if not wanted.gaps and not wanted.theme:
        return ()
    found = list_practices().filter(fits).exclude(prefecture__code=wanted.prefecture).defer("situation", "text")
    ranked = sorted(found, key=lambda one: (-_weight(one, wanted), -one.pk))[:MOST_SUGGESTED]
    return tuple(
        Suggestion(
            title=one.title,
            prefecture=one.prefecture.name,
            url=reverse("plans:practice-detail", args=[one.pk]),
            reasons=tuple(_reasons(one, wanted)),
            is_demo=one.is_demo,
        )
        for one in ranked
    )


def _weight(practice: GoodPractice, wanted: Wanted) -> int:
    """A shared gap weighs more than theme and kind of area together."""
    gaps = sum(code in wanted.gaps for code in practice.indicator_codes)
    is_same_theme = bool(wanted.theme) and practice.theme == wanted.theme
    return 4 * bool(gaps) + 2 * is_same_theme + (practice.area_type in wanted.area_types)


def _reasons(practice: GoodPractice, wanted: Wanted) -> list[str]:
    reasons = [wanted.gaps[code] for code in practice.indicator_codes if code in wanted.gaps]
    if wanted.theme and practice.theme == wanted.theme:
        reasons.append(f"テーマ「{Theme(practice.theme).label}」が同じです。")
    if practice.area_type in wanted.area_types:
        reasons.append(f"同じ種類（{practice.area_type}）の圏域があります。")
    return reasons


def suggest_for_policy(policy: Policy) -> tuple[Suggestion, ...]:
    """Cases for a policy: of its theme, and of the certain gaps its part of the logic model leads to."""
    if not list_practices().exists():
        return ()
    prefecture = policy.plan.prefecture
    codes = set(_codes_behind(policy))
    return suggest(
        Wanted(
            prefecture=prefecture.code,
            gaps=_gaps(prefecture, codes) if codes else {},
            theme=policy.theme,
            area_types=_types_inside(prefecture.code),
        )
    )


def suggest_for_target(target: Target) -> tuple[Suggestion, ...]:
    """Cases for a target whose indicator is certainly worse in its region than in the nation."""
    if not list_practices(indicator=target.indicator_code).exists():
        return ()
    region = target.region
    scheme = region.scheme.key if region.scheme else ""
    types = (
        _types_inside(region.code)
        if region.kind == Region.Kind.PREFECTURE
        else frozenset({get_area_types(level=level_of(region), scheme=scheme).get(region.code, "")} - {""})
    )
    gaps = _gaps(region, {target.indicator_code})
    return suggest(Wanted(prefecture=target.plan.prefecture.code, gaps=gaps, area_types=types))


def suggest_for_place(prefecture: str, gaps: Mapping[str, str], *, area_type: str = "") -> tuple[Suggestion, ...]:
    """Cases for a place whose gaps are known already (a profile); without `area_type` those inside the prefecture."""
    if not gaps or not list_practices().exists():
        return ()
    types = frozenset({area_type}) if area_type else _types_inside(prefecture)
    return suggest(Wanted(prefecture=prefecture, gaps=gaps, area_types=types))


def gap_reason(name: str, comparator: str) -> str:
    """Why an indicator calls for a case, in words."""
    return f"「{name}」が{comparator}より悪く、偶然では説明しにくい差があります。"


def _codes_behind(policy: Policy) -> list[str]:
    """The indicators of the policy's nodes and of those they lead to in one step."""
    own = LogicNode.objects.filter(policy=policy)
    nodes = LogicNode.objects.filter(Q(policy=policy) | Q(incoming__source__in=own)).exclude(indicator_code="")
    return list(nodes.values_list("indicator_code", flat=True).distinct())


def _gaps(region: Region, codes: Collection[str]) -> dict[str, str]:
    """Those of the indicators in which the region is certainly worse than the nation (three queries)."""
    scheme = region.scheme.key if region.scheme else ""
    names = {one.code: one.name for one in all_definitions()}
    known = sorted(code for code in codes if code in names)
    found = get_region_standings(region.code, level=level_of(region), scheme=scheme, codes=known) if known else ()
    return {
        row.indicator_code: gap_reason(names[row.indicator_code], row.comparator_name or "全国")
        for row, _ in found
        if row.verdict is Verdict.WORSE
    }


def _types_inside(prefecture_code: str) -> frozenset[str]:
    """The kinds of the areas of a prefecture."""
    types = get_area_types(level=Level.AREA, scheme=_SCHEME)
    return frozenset(kind for code, kind in types.items() if kind and code[:2] == prefecture_code)

"""The items that 活動報告 feed (`institutions/definitions/reports`), described like those of the surveys."""

from __future__ import annotations

from functools import cache

from indicators.definitions.survey_items import SurveyItem, survey_items
from institutions.definitions.reports import Feed, report_formats

THEME = "活動報告"


@cache
def report_items() -> dict[str, SurveyItem]:
    """Every item of a feed by code; one that the surveys have too is theirs."""
    feeds = [feed for wanted in reversed(report_formats()) for feed in wanted.feeds]
    return {feed.code: survey_items().get(feed.code) or _item(feed) for feed in feeds}


def _item(feed: Feed) -> SurveyItem:
    return SurveyItem(
        theme=THEME,
        code=feed.code,
        name=feed.name,
        unit=feed.unit,
        basis="provider",
        counts_people=feed.counts_people,
        not_above=feed.not_above,
        description="確認済の活動報告の合計",
    )


@cache
def described_items() -> dict[str, SurveyItem]:
    """The items of surveys and of reports."""
    return survey_items() | report_items()

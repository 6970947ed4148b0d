"""活動報告: what is wrong or surprising in a report, how bodies of a kind are spread, and what a place adds up to."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from institutions.definitions.reports import Feed, ReportFormat, ReportItem

Answer = int | str | None
Answers = Mapping[str, Answer]
# A figure that is more than three times last year's, and more by at least this, is asked about.
SURGE_TIMES, SURGE_AT_LEAST = 3, 20
FEWEST_BODIES = 3
SMALL_NUMBER = 10


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing about one answer; a `question` is settled by a comment, the others must be mended."""

    key: str
    text: str
    is_question: bool = False


def check_answers(wanted: ReportFormat, answers: Answers, *, last_year: Answers | None = None) -> list[Complaint]:
    """Everything that cannot be, is missing though core, or is far above last year's."""
    found: list[Complaint] = []
    for item in wanted.items:
        answer = answers.get(item.key)
        if answer is None or answer == "":
            if item.is_core:
                found.append(Complaint(item.key, f"「{item.label}」は必須です。"))
            continue
        found += _impossible(item, answer, answers, wanted)
        found += _surprising(item, answer, (last_year or {}).get(item.key))
    return found + _cover(answers)


def _impossible(item: ReportItem, answer: int | str, answers: Answers, wanted: ReportFormat) -> Iterable[Complaint]:
    if item.kind == "choice":
        if answer not in dict(item.choices):
            yield Complaint(item.key, f"「{item.label}」は選択肢から選んでください。")
        return
    if not isinstance(answer, int) or not 0 <= answer <= item.most:
        yield Complaint(item.key, f"「{item.label}」は0から{item.most:,}までの整数で入力してください。")
        return
    whole = answers.get(item.part_of)
    if isinstance(whole, int) and answer > whole:
        name = wanted.by_key[item.part_of].label
        yield Complaint(item.key, f"内数の{answer:,}が「{name}」の{whole:,}を超えています。")
    base = answers.get(item.not_below)
    if isinstance(base, int) and answer < base:
        name = wanted.by_key[item.not_below].label
        yield Complaint(item.key, f"{answer:,}が「{name}」の{base:,}より少なくなっています。")


def _surprising(item: ReportItem, answer: Answer, before: Answer) -> Iterable[Complaint]:
    if item.kind != "count" or not isinstance(answer, int) or not isinstance(before, int):
        return
    if answer > SURGE_TIMES * before and answer - before >= SURGE_AT_LEAST:
        text = f"前年度は{before:,}{item.unit}でした。大きく増えた理由を「補足」に書いてください。"
        yield Complaint(item.key, text, is_question=True)


def _cover(answers: Answers) -> list[Complaint]:
    """A body that does not cover 24 hours cannot answer calls for 24 hours."""
    if answers.get("cover") == "none" and answers.get("cover_hours") == 24:
        text = "24時間の対応をしていない場合、往診に応じられる時間は23時間までです。"
        return [Complaint("cover_hours", text)]
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How the answers of several bodies are spread: their number and quartiles (`statistics.quantiles`, inclusive)."""

    bodies: int
    lower: float
    median: float
    upper: float


def say_people(number: int | None) -> str:
    """`120人`, `10人未満` for a small number that is not 0, `未回答`."""
    if number is None:
        return "未回答"
    return f"{SMALL_NUMBER}人未満" if 0 < number < SMALL_NUMBER else f"{number:,}人"


def spread_of(answers: Iterable[Answer]) -> Spread | None:
    """The quartiles; None with fewer than three bodies, from which a single one could be told."""
    numbers = [answer for answer in answers if isinstance(answer, int)]
    if len(numbers) < FEWEST_BODIES:
        return None
    lower, median, upper = statistics.quantiles(numbers, n=4, method="inclusive")
    return Spread(bodies=len(numbers), lower=lower, median=median, upper=upper)


def add_up(feed: Feed, reports: Sequence[Answers]) -> int | None:
    """What a feed makes of the reports of a place; None where nobody answered the question."""
    chosen = [one for one in reports if not feed.where_zero or one.get(feed.where_zero) == 0]
    if feed.how == "bodies":
        return len(chosen)
    given = [answer for one in chosen if (answer := one.get(feed.of)) is not None]
    if not given:
        return 0 if feed.where_zero and not chosen else None
    if feed.how == "other_than":
        return sum(answer != feed.word for answer in given)
    numbers = [int(answer) for answer in given]
    return sum(numbers) if feed.how == "sum" else sum(number > 0 for number in numbers)

"""Differences inside lines, and two people's changes put together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plans.formulas.text_difference import END, MINE, THEIRS, LineKind, compare_texts, merge_texts

_LINES = st.lists(st.sampled_from(["あ", "い", "う", "在宅医療", "看取り"]), max_size=6)
_TEXTS = _LINES.map("\n".join)


def test_a_changed_word_is_marked_inside_its_line() -> None:
    removed, added = compare_texts("高齢化が進む。", "高齢化が速く進む。")
    assert removed.parts == (("高齢化が", False), ("進む。", False))
    assert added.parts == (("高齢化が", False), ("速く", True), ("進む。", False))


def test_long_unchanged_parts_are_counted_not_shown() -> None:
    before = "\n".join("一二三四五六")
    lines = compare_texts(before, before + "\n七")
    assert [(line.kind, line.parts[0][0]) for line in lines] == [
        (LineKind.SKIPPED, "変わらない5行"),
        (LineKind.SAME, "六"),
        (LineKind.ADDED, "七"),
    ]


def test_changes_in_different_places_are_both_taken() -> None:
    merged = merge_texts("一\n二\n三", mine="一\n二\n三甲", theirs="一乙\n二\n三")
    assert (merged.text, merged.clashes) == ("一乙\n二\n三甲", 0)


def test_changes_in_the_same_place_stand_one_after_the_other() -> None:
    merged = merge_texts("一\n二", mine="一甲\n二", theirs="一乙\n二")
    assert (merged.text.splitlines(), merged.clashes) == ([THEIRS, "一乙", MINE, "一甲", END, "二"], 1)


@given(_TEXTS, _TEXTS)
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    def side(kind: LineKind) -> list[str]:
        words = (("".join(text for text, _ in line.parts), line.kind) for line in compare_texts(before, after))
        return [text for text, found in words if found is kind]

    assert len(side(LineKind.ADDED)) <= len(after.splitlines())
    assert all(line in after.splitlines() for line in side(LineKind.ADDED))
    assert all(line in before.splitlines() for line in side(LineKind.REMOVED))
    assert (before.splitlines() == after.splitlines()) == (not side(LineKind.ADDED) and not side(LineKind.REMOVED))


@given(_TEXTS, _TEXTS)
def test_when_one_side_changed_nothing_the_other_sides_text_is_the_result(base: str, changed: str) -> None:
    for merged in (merge_texts(base, mine=changed, theirs=base), merge_texts(base, mine=base, theirs=changed)):
        assert (merged.text.splitlines(), merged.clashes) == (changed.splitlines(), 0)


@given(_TEXTS, _TEXTS, _TEXTS)
def test_no_line_of_either_side_is_lost_in_a_clash(base: str, mine: str, theirs: str) -> None:
    merged = merge_texts(base, mine=mine, theirs=theirs)
    new = {*mine.splitlines(), *theirs.splitlines()} - {*base.splitlines()}
    assert new <= {*merged.text.splitlines()}

"""Handing a file in: nothing counts before it is applied, applying is one step, and undoing leaves no trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.models import Observation
from institutions.models import Institution, Notification
from institutions.queries.lists import list_imported_prefectures
from intake.actions.uploads import (
    UploadNotReady,
    apply_upload,
    check_upload,
    discard_upload,
    receive_upload,
    start_applying,
    undo_upload,
)
from intake.differences import Difference
from intake.models import Upload
from tests.institutions.lists import code, content, make_regions, row
from zaitaku.accounts.models import Scope, User
from zaitaku.lib.problems import FileRefused
from zaitaku.sources.models import RowChange, SourceFile

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = dt.date(2025, 10, 1), dt.date(2025, 11, 1)
FIRST = [row(1, "支援診３"), row(2, "支援診２"), row(3)]
# One month later: institution 1 has moved on to 支援診２, 2 is as before, 3 is gone, 4 is new.
SECOND = [
    row(1, "支援診２", accepted="第9号", started="令和 7年11月 1日", name="デモ医院新館"),
    row(2, "支援診２"),
    row(4, "支援診３"),
]


@pytest.fixture(autouse=True)
def _regions() -> None:
    make_regions()


def hand_in(rows: Sequence[list[str]], *, by: User, day: dt.date = OCTOBER) -> Upload:
    """A checked upload of a list of `day`."""
    file = SimpleUploadedFile("名簿.xlsx", _list_file(tuple(map(tuple, rows)), day))
    return check_upload(receive_upload(file, by=by))


@cache
def _list_file(rows: tuple[tuple[str, ...], ...], day: dt.date) -> bytes:
    """The same rows give the same file to the byte (a workbook holds the time it was written)."""
    return content(rows, title=f"[令和{day.year - 2018}年{day.month}月{day.day}日 現在 ]")


def take_in(rows: Sequence[list[str]], *, by: User, day: dt.date = OCTOBER) -> Upload:
    """An applied upload of a list of `day`."""
    upload = hand_in(rows, by=by, day=day)
    start_applying(upload)
    return apply_upload(upload)


def register() -> list[tuple[object, ...]]:
    """Everything the register says, row by row."""
    institutions = Institution.objects.order_by("pk").values_list("pk", "code", "name", "listed_from", "listed_to")
    notifications = Notification.objects.order_by("pk").values_list("pk", "symbol", "listed_from", "listed_to")
    return [*institutions, *notifications]


def test_checking_a_file_says_what_it_is_and_stores_nothing(official: User) -> None:
    upload = hand_in(FIRST, by=official)
    assert upload.status == Upload.Status.READY
    assert (upload.kind, upload.prefecture_code) == (SourceFile.Kind.NOTIFICATION_LIST, "01")
    assert upload.counts["医療機関"] == 3
    assert not Institution.objects.exists()
    assert not Observation.objects.exists()
    assert not RowChange.objects.exists()


def test_applying_stores_everything_at_once(official: User) -> None:
    upload = take_in(FIRST, by=official)
    assert upload.status == Upload.Status.APPLIED
    assert Institution.objects.count() == 3
    assert upload.source is not None
    assert Observation.objects.filter(source=upload.source).exists()


def test_the_difference_names_what_is_new_changed_and_gone(official: User) -> None:
    take_in(FIRST, by=official)
    difference = Difference.from_json(hand_in(SECOND, by=official, day=NOVEMBER).difference)
    kinds = {(change.kind, change.code, change.detail) for change in difference.register}
    assert ("追加", code(4), "名簿に新しく載った医療機関") in kinds
    assert ("終了", code(3), "名簿に載らなくなった医療機関") in kinds
    assert ("追加", code(1), "届出 支援診2") in kinds
    assert ("終了", code(1), "届出 支援診3") in kinds
    assert ("変更", code(1), "名称：デモ医院1 → デモ医院新館") in kinds
    assert (difference.register_added, difference.register_ended, difference.register_changed) == (3, 2, 1)


def test_the_difference_of_figures_leaves_out_what_stays_the_same(official: User) -> None:
    take_in(FIRST, by=official)
    difference = Difference.from_json(hand_in(SECOND, by=official, day=NOVEMBER).difference)
    changes = {(c.item, c.region, c.before, c.after) for c in difference.figures}
    # 支援診2: one → two; 支援診3: one → one. In the prefecture and in the ward they all stand in.
    assert {(before, after) for _, _, before, after in changes} == {(1.0, 2.0)}
    assert {region for _, region, _, _ in changes} == {"北海道", "札幌市中央区"}
    assert difference.figures_changed == 2
    assert difference.figures_new == difference.figures_gone == 0
    assert difference.figures_same > 2


def test_undoing_puts_the_register_back_to_the_last_row(official: User) -> None:
    take_in(FIRST, by=official)
    before = register()
    second = take_in(SECOND, by=official, day=NOVEMBER)
    assert register() != before
    assert undo_upload(second, by=official) > 0
    assert register() == before
    assert second.status == Upload.Status.UNDONE
    second.source.refresh_from_db()  # type: ignore[union-attr]  # set, as it was applied
    assert second.source.withdrawn_at is not None  # type: ignore[union-attr]  # set, as it was applied


def test_a_prefecture_whose_only_list_was_undone_is_not_imported(official: User) -> None:
    upload = take_in(FIRST, by=official)
    assert [one.prefecture_code for one in list_imported_prefectures()] == ["01"]
    undo_upload(upload, by=official)
    assert list_imported_prefectures() == ()


def test_a_file_whose_import_was_undone_can_be_taken_in_again(official: User) -> None:
    take_in(FIRST, by=official)
    second = take_in(SECOND, by=official, day=NOVEMBER)
    after = [row[1:] for row in register()]
    undo_upload(second, by=official)
    again = take_in(SECOND, by=official, day=NOVEMBER)
    assert again.status == Upload.Status.APPLIED
    assert [row[1:] for row in register()] == after
    assert SourceFile.objects.filter(withdrawn_at__isnull=False).count() == 0


def test_an_import_that_a_later_one_builds_on_cannot_be_undone_first(official: User) -> None:
    first = take_in(FIRST, by=official)
    take_in(SECOND, by=official, day=NOVEMBER)
    before = register()
    with pytest.raises(FileRefused, match="先にそちらを取り消してください"):
        undo_upload(first, by=official)
    assert register() == before
    assert Upload.objects.get(pk=first.pk).status == Upload.Status.APPLIED


def test_handing_in_the_same_file_again_changes_nothing(official: User) -> None:
    take_in(FIRST, by=official)
    assert hand_in(FIRST, by=official).status == Upload.Status.UNCHANGED


def test_an_official_takes_in_only_files_of_their_own_prefecture() -> None:
    stranger = User.objects.create_user("aomori", role=User.Role.PREFECTURE)
    Scope.objects.create(user=stranger, code="02")
    upload = hand_in(FIRST, by=stranger)
    assert upload.status == Upload.Status.REFUSED
    assert "担当する都道府県の資料ではない" in upload.problems[0]["reason"]
    assert not Institution.objects.exists()


def test_an_administrator_takes_in_files_of_any_prefecture() -> None:
    administrator = User.objects.create_user("admin", role=User.Role.ADMINISTRATOR)
    assert take_in(FIRST, by=administrator).status == Upload.Status.APPLIED


def test_a_damaged_file_is_refused_with_its_reason_and_kept_until_it_is_discarded(official: User) -> None:
    upload = check_upload(receive_upload(SimpleUploadedFile("名簿.xlsx", content(FIRST)[:900]), by=official))
    assert upload.status == Upload.Status.REFUSED
    assert upload.problems
    discard_upload(upload)
    assert Upload.objects.get(pk=upload.pk).status == Upload.Status.DISCARDED


def test_an_upload_is_applied_once_and_discarded_only_before_that(official: User) -> None:
    upload = take_in(FIRST, by=official)
    with pytest.raises(UploadNotReady, match="取込済"):
        start_applying(upload)
    with pytest.raises(UploadNotReady, match="取込済"):
        discard_upload(upload)

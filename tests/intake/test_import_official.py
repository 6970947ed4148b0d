"""`import_official`: recognised by content, whole or not at all, said in plain words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from indicators.models import Observation
from institutions.models import Institution, Notification
from institutions.parsers.notification_list import COLUMNS
from intake import kinds
from intake.importers import import_file
from tests.institutions.lists import content, make_regions, row, save
from zaitaku.sources.models import ImportRun, SourceFile

pytestmark = pytest.mark.django_db

Status = ImportRun.Status
ROWS = [row(1, "支援診３", beds="一般　　19"), row(2, "支援病１", beds="一般　　99", address="小樽市若竹町")]


@pytest.fixture(autouse=True)
def _regions() -> None:
    make_regions()


def run(*arguments: object, **options: Any) -> tuple[str, CommandError | None]:
    """What the command prints, and the error it ends with."""
    output = io.StringIO()
    try:
        call_command("import_official", *map(str, arguments), stdout=output, **options)
    except CommandError as error:
        return output.getvalue(), error
    return output.getvalue(), None


def rows_in_database() -> tuple[int, int, int, int]:
    models = (SourceFile, Institution, Notification, Observation)
    return tuple(model._default_manager.count() for model in models)  # type: ignore[return-value]  # of four


def test_a_list_is_taken_and_said_what_it_is(tmp_path: Path) -> None:
    said, error = run(save(tmp_path, ROWS, name="0001.xlsx"))
    assert error is None
    assert "[1/1] 0001.xlsx：取込済" in said
    assert "届出受理医療機関名簿（医科） 北海道 2025年10月1日現在（北海道厚生局）" in said
    assert "医療機関 2、" in said
    assert rows_in_database()[:3] == (1, 2, 2)
    applied = ImportRun.objects.get()
    assert (applied.status, applied.counts["医療機関"], applied.problems) == (Status.APPLIED, 2, [])
    assert applied.source is not None
    assert (applied.source.sheets, applied.source.prefecture_code) == (["Sheet1"], "01")


def test_the_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    assert import_file(save(tmp_path, ROWS, name="NDBオープンデータ.xlsx")).status == Status.APPLIED


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = save(tmp_path, ROWS)
    run(path)
    before = rows_in_database()
    said, error = run(path)
    assert error is None
    assert "変更なし" in said
    assert rows_in_database() == before
    assert list(ImportRun.objects.order_by("pk").values_list("status", flat=True)) == ["applied", "unchanged"]


def test_a_dry_run_finds_what_an_import_would_find_and_changes_nothing(tmp_path: Path) -> None:
    path = save(tmp_path, [*ROWS, row(3, address="札幌市白石１")])
    said, error = run(path, dry_run=True)
    assert error is None
    assert "試行" in said
    assert "Sheet1!J7：「札幌市白石１」政令指定都市の区が分かりません。" in said
    assert rows_in_database() == (0, 0, 0, 0)
    assert ImportRun.objects.get().status == Status.DRY_RUN


def damaged(folder: Path) -> dict[str, Path]:
    """Every kind of file that must not be taken, by what is wrong with it."""
    moved = list(COLUMNS)
    moved[12], moved[14] = moved[14], moved[12]
    whole = content(ROWS)
    (folder / "空.xlsx").write_bytes(b"")
    (folder / "途中.xlsx").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "暗号.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000))
    (folder / "別の表.csv").write_text("都道府県,人口\n北海道,5000000\n", encoding="cp932")
    (folder / "画像.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return {
        "ファイルが空です": folder / "空.xlsx",
        "途中で切れている": folder / "途中.xlsx",
        "パスワードを解除": folder / "暗号.xlsx",
        "取り込めるファイルの種類ではありません": folder / "別の表.csv",
        "中身が違います": folder / "画像.xlsx",
        "ファイルがありません": folder / "ない.xlsx",
        "Sheet1!M4：「受理記号」ここは「病床数」の列": save(folder, ROWS, name="移動.xlsx", header=moved),
        "医療機関名称が空欄": save(folder, [*ROWS, [*row(3)[:7], "", *row(3)[8:]]], name="空欄.xlsx"),
    }


def test_every_damaged_file_is_refused_with_its_reason_and_changes_nothing(tmp_path: Path) -> None:
    for reason, path in damaged(tmp_path).items():
        said, error = run(path)
        assert reason in said, path.name
        assert "取込不可" in said
        assert error is not None
        assert error.returncode != 0
    assert rows_in_database() == (0, 0, 0, 0)
    runs = ImportRun.objects.all()
    assert {attempt.status for attempt in runs} == {Status.REFUSED}
    assert all(attempt.problems and attempt.source is None for attempt in runs)


def test_of_many_files_the_good_ones_are_taken_and_the_exit_code_tells_of_the_bad(tmp_path: Path) -> None:
    save(tmp_path, ROWS, name="a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"")
    save(tmp_path, [row(1)], name="c.xlsx", title="[令和７年１１月１日 現在 ]")
    (tmp_path / "~$a.xlsx").write_bytes(b"lock file of Excel")
    (tmp_path / "README.txt").write_text("x")
    said, error = run(tmp_path)
    assert error is not None
    assert [line[:5] for line in said.splitlines() if line.startswith("[")] == ["[1/3]", "[2/3]", "[3/3]"]
    assert "合計：取込済 2、取込不可 1" in said


def test_patterns_and_repeated_names_give_each_file_once(tmp_path: Path) -> None:
    path = save(tmp_path, ROWS, name="a.xlsx")
    said, error = run(tmp_path / "*.xlsx", path, tmp_path)
    assert error is None
    assert "[1/1]" in said


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    _, error = run(tmp_path)
    assert error is not None
    assert "取り込むファイルがありません" in str(error)


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the machine failed")

    monkeypatch.setattr(kinds, "store_notification_counts", break_down)
    with pytest.raises(RuntimeError):
        import_file(save(tmp_path, ROWS))
    assert rows_in_database() == (0, 0, 0, 0)


def test_a_source_listed_by_the_fixtures_without_its_facts_is_still_imported(tmp_path: Path) -> None:
    path = save(tmp_path, ROWS)
    run(path)
    Observation.objects.all().delete()
    assert import_file(path).status == Status.APPLIED
    assert SourceFile.objects.count() == 1


def test_without_regions_a_list_is_refused_with_what_to_do_first(tmp_path: Path) -> None:
    rows = [[*one[:1], "13", *one[2:]] for one in ROWS]
    said, error = run(save(tmp_path, rows))
    assert error is not None
    assert "先に地域のデータを読み込んでください" in said
    assert rows_in_database() == (0, 0, 0, 0)

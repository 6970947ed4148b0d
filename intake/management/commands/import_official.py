"""`python manage.py import_official FILE…`: take official files in and say what was taken and what was refused."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from intake.importers import ImportResult, import_file
from zaitaku.sources.models import ImportRun

_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".csv", ".zip", ".json", ".topojson"})
_SHOWN_PROBLEMS = 20


class Command(BaseCommand):
    help = "公的な統計・名簿のファイルを、内容から判定して取り込みます。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="ファイル、フォルダー、または *.xlsx のような型")
        parser.add_argument("--dry-run", action="store_true", help="取り込まずに、結果だけを確かめます")

    def handle(self, *args: Any, files: list[str], dry_run: bool, **options: Any) -> None:
        paths = list(expand(files))
        if not paths:
            raise CommandError("取り込むファイルがありません。フォルダーに .xlsx や .csv があるか確かめてください。")
        results = []
        for number, path in enumerate(paths, start=1):
            result = import_file(path, dry_run=dry_run)
            for line in describe(result, number=number, total=len(paths)):
                self.stdout.write(line)
            results.append(result)
        self.stdout.write(summarise(results))
        if any(result.is_refused for result in results):
            raise CommandError("取り込めなかったファイルがあります。理由は上のとおりです。", returncode=1)


def expand(arguments: Iterable[str]) -> Iterator[Path]:
    """Every file meant, once: a folder gives the spreadsheets below it, a pattern what it matches."""
    seen: set[Path] = set()
    for argument in arguments:
        for path in _expand_one(argument):
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _expand_one(argument: str) -> list[Path]:
    path = Path(argument)
    if path.is_dir():
        found = (one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in _SUFFIXES)
        return sorted(one for one in found if not one.name.startswith(("~$", ".")))
    if not path.exists() and any(sign in argument for sign in "*?["):
        return sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
    return [path]


def describe(result: ImportResult, *, number: int, total: int) -> Iterator[str]:
    """One file's lines: what it is, what was taken, and every place to look at."""
    yield f"[{number}/{total}] {result.filename}：{result.status.label}"
    if result.edition is not None:
        yield f"    {result.edition.title} {result.edition.edition}（{result.edition.publisher}）"
    if result.counts:
        yield "    " + "、".join(f"{name} {count:,}" for name, count in result.counts.items())
    for problem in result.problems[:_SHOWN_PROBLEMS]:
        yield f"    {'×' if result.is_refused else '！'} {problem}"
    if len(result.problems) > _SHOWN_PROBLEMS:
        yield f"    ほか{len(result.problems) - _SHOWN_PROBLEMS:,}件（取込の記録で見られます）"


def summarise(results: Iterable[ImportResult]) -> str:
    """`取込済 3、取込不可 1`."""
    tally = Counter(result.status for result in results)
    return "合計：" + "、".join(f"{status.label} {tally[status]}" for status in ImportRun.Status if tally[status])

"""Documents of a plan as files: what each is made from, made by a job, kept under the media folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from indicators.queries.selected_values import get_selection_version
from plans.actions.outputs import Order, drop_old_outputs, finish_output, start_output
from plans.exports.annex import annex_selection, make_pictures, write_annex
from plans.exports.document import Picture, PlanDocument, Printing, make_document
from plans.exports.pdf import write_pdf
from plans.formulas.content import Content, digest, records
from plans.models import Plan, PlanOutput, PlanVersion
from plans.queries.content import get_content
from plans.queries.outputs import find_template
from plans.queries.reviews import indicator_names
from zaitaku.accounts.models import User
from zaitaku.jobs.kinds import Progress

Kind = PlanOutput.Kind
# Goes up when documents come to look different, so that none made before is handed out as new.
_LAYOUT = 1
_STEPS = 16
# Fixed, so that two ZIPs of the same files are the same bytes.
_CREATED = (2000, 1, 1, 0, 0, 0)


def request_output(plan: Plan, version: PlanVersion | None, kind: Kind, *, by: User) -> PlanOutput:
    """The document, or the job that makes it; the same of the same material is made once. Raises `TooManyOutputs`."""
    content = version.content if version else get_content(plan)
    order = Order(
        plan=plan,
        version=version,
        kind=kind,
        key=_key(plan, version, kind, content),
        digest=digest(content),
        content=content,
    )
    return start_output(order, by=by, is_made=(_folder() / order.key).is_file())


def _key(plan: Plan, version: PlanVersion | None, kind: Kind, content: Content) -> str:
    """A digest of content, state, template and data: with any of them the file would be another."""
    template = find_template(plan.prefecture.code) if kind in (Kind.WORD, Kind.ALL) else None
    material = {
        "layout": _LAYOUT,
        "plan": plan.pk,
        "kind": kind.value,
        "version": [version.number, version.state] if version else None,
        "content": digest(content),
        "template": template.digest if template else "",
        "data": get_selection_version(annex_selection(content)),
    }
    return hashlib.sha256(json.dumps(material, sort_keys=True).encode()).hexdigest()


def make_output(output: PlanOutput, progress: Progress) -> int:
    """Write the file of a document; returns its size. A second try writes the same over again."""
    target = _folder() / output.key
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zaitaku-plan-", dir=target.parent) as folder:
        made = _Maker(output, progress, Path(folder)).make()
        made.replace(target)
    size = target.stat().st_size
    finish_output(output, size=size)
    progress(_STEPS, _STEPS, "文書ができました")
    return size


def file_of(output: PlanOutput) -> Path | None:
    """The finished file; None if it is not there (yet, or any more)."""
    path = _folder() / output.key
    return path if output.made_at is not None and path.is_file() else None


def filename_of(output: PlanOutput) -> str:
    """ASCII only, so that every browser and file server keeps it."""
    plan, version = output.plan, output.version
    which = f"v{version.number}" if version else "draft"
    return f"plan_{plan.prefecture.code}_{plan.period}_{which}_{output.kind}_{output.key[:8]}.{output.extension}"


def delete_old_outputs(*, now: dt.datetime) -> int:
    """Remove documents nobody needs any more, and what broken jobs left; returns how many files."""
    drop_old_outputs(now=now)
    kept = set(PlanOutput.objects.values_list("key", flat=True))
    day_ago = (now - dt.timedelta(days=1)).timestamp()
    found = [path for path in _folder().glob("*") if path.is_file()] if _folder().is_dir() else []
    gone = [path for path in found if path.name not in kept and path.stat().st_mtime < day_ago]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "plan-outputs"


@dataclass(slots=True)
class _Maker:
    """One document on its way; the parts that several formats share are made once."""

    output: PlanOutput
    progress: Progress
    folder: Path
    done: int = 0

    def make(self) -> Path:
        """The file, in the folder."""
        self._report("計画の内容を読んでいます")
        kind, target = Kind(self.output.kind), self.folder / "made"
        if kind == Kind.TABLES:
            self._report("別表を書いています")
            write_annex(self._content(), target)
            return target
        document, pictures = self._document()
        if kind in (Kind.WORD, Kind.PDF):
            target.write_bytes(self._text(document, kind))
        else:
            self._zip(target, document if kind == Kind.ALL else None, pictures)
        return target

    def _report(self, message: str) -> None:
        self.done = min(self.done + 1, _STEPS - 1)
        self.progress(self.done, _STEPS, message)

    def _content(self) -> Content:
        version = self.output.version
        found: Content | None = version.content if version else self.output.content
        assert found is not None  # a draft keeps its own (plan_output_of_version_or_draft)
        return found

    def _document(self) -> tuple[PlanDocument, list[Picture]]:
        content = self._content()
        today = timezone.localdate()
        pictures, sources = make_pictures(self.output.plan, content, on=today, report=self._report)
        cited = {one["source"].partition("）。")[2] for one in records(content, "citations")} - {""}
        printing = Printing(
            marks=marks_of(self.output, data_version=get_selection_version(annex_selection(content))),
            pictures=pictures,
            indicator_names=indicator_names(content),
            sources=tuple(sorted({*cited, *(f"{source}を加工して作成" for source in sources)})),
        )
        return make_document(content, printing), [one for found in pictures.values() for one in found]

    def _text(self, document: PlanDocument, kind: Kind) -> bytes:
        self._report(f"{kind.label}を書いています")
        if kind == Kind.PDF:
            return write_pdf(document)
        from plans.exports.word import write_word

        template = find_template(self.output.plan.prefecture.code)
        return write_word(document, template=bytes(template.content) if template else None)

    def _zip(self, target: Path, document: PlanDocument | None, pictures: list[Picture]) -> None:
        """All pictures with their captions; with `document` also the text and 別表."""
        files: dict[str, bytes] = {}
        for number, picture in enumerate(pictures, start=1):
            stem = f"figures/{number:02}-{picture.name}"
            files |= {f"{stem}.svg": picture.svg, f"{stem}.png": picture.png}
        files["figures/captions.txt"] = _captions(pictures)
        if document is not None:
            files |= {"plan.docx": self._text(document, Kind.WORD), "plan.pdf": self._text(document, Kind.PDF)}
            self._report("別表を書いています")
            write_annex(self._content(), self.folder / "annex")
            files["annex.xlsx"] = (self.folder / "annex").read_bytes()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name, _CREATED), content, zipfile.ZIP_DEFLATED)


def _captions(pictures: list[Picture]) -> bytes:
    """What each picture shows, in words, for captions and alternative texts."""
    lines = io.StringIO()
    for number, picture in enumerate(pictures, start=1):
        lines.write(f"図{number}　{picture.caption}（{number:02}-{picture.name}）\r\n{picture.alt}\r\n\r\n")
    if not pictures:
        lines.write("図はありません。圏域のある指標の値、圏域、ロジックモデルのどれもまだありません。\r\n")
    return b"\xef\xbb\xbf" + lines.getvalue().encode()


def marks_of(output: PlanOutput, *, data_version: str) -> tuple[tuple[str, str], ...]:
    """What stands on the title page: version, state, day, edition of the data, digest of the content."""
    version = output.version
    data = dt.datetime.fromisoformat(data_version) if data_version else None
    return (
        ("版", f"第{version.number}版" if version else "下書き（提出前）"),
        ("状態", version.get_state_display() if version else "下書き"),
        *([("提出日", _day(version.submitted_at))] if version else [("作成日時", _minute(output.asked_at))]),
        *([("公表日", _day(version.published_at))] if version and version.published_at else []),
        ("データの版", f"{_minute(data)}までに計算した指標" if data else "指標の値なし"),
        # In groups, since a line of a title page is shorter than the whole.
        ("内容のハッシュ（SHA-256）", " ".join(output.digest[at : at + 16] for at in range(0, 64, 16))),
    )


def _day(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y年%-m月%-d日}"


def _minute(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y年%-m月%-d日 %H:%M}"

"""Documents of a plan: made by the job, opened again, made once, and for whom."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from plans.actions.outputs import KEPT_DAYS
from plans.actions.plans import create_plan
from plans.actions.versions import decide, publish_version, submit_plan
from plans.models import Plan, PlanOutput, PlanVersion, WordTemplate
from plans.output_forms import check_template
from plans.outputs import delete_old_outputs, file_of, request_output
from regions.models import Region
from tests.plans.conftest import make_user
from zaitaku.accounts.models import User
from zaitaku.jobs.models import Job

Kind = PlanOutput.Kind


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any, plain_static_files: None) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def version(official: User) -> PlanVersion:
    """A plan of 鳥取県 handed in, with text in its first chapter."""
    plan = create_plan(Region.objects.get(kind="prefecture", code="31"), period=2027, title="鳥取の計画", by=official)
    plan.chapters.filter(key="present-state").update(text="訪問診療の現状を述べる。")
    return submit_plan(plan, note="", by=official)


def _unheard(done: int, total: int, message: str) -> None:
    """Progress that nobody looks at."""
    assert done <= total, message


def _made(version: PlanVersion, kind: Kind, by: User) -> PlanOutput:
    """The document after its work was called as a worker calls it."""
    from plans.output_tasks import make_plan_document

    output = request_output(version.plan, version, kind, by=by)
    make_plan_document(output.job.parameters, _unheard)
    Job.objects.filter(pk=output.job_id).update(status="succeeded", finished_at=timezone.now())
    output.refresh_from_db()
    return output


def _content(output: PlanOutput) -> io.BytesIO:
    path = file_of(output)
    assert path is not None
    return io.BytesIO(path.read_bytes())


def test_everything_together_holds_text_tables_and_the_map(version: PlanVersion, official: User) -> None:
    with zipfile.ZipFile(_content(_made(version, Kind.ALL, official))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert {"plan.docx", "plan.pdf", "annex.xlsx", "figures/captions.txt", "figures/01-area-map.svg"} <= set(files)
    assert files["figures/01-area-map.png"].startswith(b"\x89PNG")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["plan.pdf"])).pages)
    assert "鳥取の計画" in text
    assert version.digest[:16] in text
    word = "".join(paragraph.text for paragraph in Document(io.BytesIO(files["plan.docx"])).paragraphs)
    assert "訪問診療の現状を述べる。" in word
    assert "第1版" in word
    book = load_workbook(io.BytesIO(files["annex.xlsx"]))
    assert book.sheetnames == ["データ", "項目の説明", "出典・条件"]
    assert [cell.value for cell in book["データ"][1]][:3] == ["指標コード", "指標名", "年度"]
    assert "東部" in files["figures/captions.txt"].decode("utf-8-sig")


def test_the_same_is_made_once_and_another_state_anew(version: PlanVersion, official: User) -> None:
    first = _made(version, Kind.PDF, official)
    again = request_output(version.plan, version, Kind.PDF, by=official)
    assert (again.pk, again.job_id) == (first.pk, first.job_id)
    decide(version, outcome="approved", reason="", by=make_user("承認者", User.Role.APPROVER, "31"))
    version.refresh_from_db()
    assert request_output(version.plan, version, Kind.PDF, by=official).pk != first.pk


def test_a_lost_file_is_made_again_in_its_row(version: PlanVersion, official: User) -> None:
    output = _made(version, Kind.TABLES, official)
    path = file_of(output)
    assert path is not None
    path.unlink()
    again = request_output(version.plan, version, Kind.TABLES, by=official)
    assert again.pk == output.pk
    assert again.job_id != output.job_id


def test_old_documents_go_and_public_ones_stay(version: PlanVersion, official: User) -> None:
    kept = _made(version, Kind.TABLES, official)
    draft = request_output(version.plan, None, Kind.TABLES, by=official)
    Job.objects.filter(pk=draft.job_id).update(status="cancelled", finished_at=timezone.now())
    _publish(version)
    delete_old_outputs(now=timezone.now() + dt.timedelta(days=KEPT_DAYS + 1))
    assert list(PlanOutput.objects.values_list("pk", flat=True)) == [kept.pk]
    assert file_of(kept) is not None


def _publish(version: PlanVersion) -> None:
    decide(version, outcome="approved", reason="", by=make_user("承認者", User.Role.APPROVER, "31"))
    publish_version(PlanVersion.objects.get(pk=version.pk))


def _statuses(plan: Plan, output: PlanOutput, user: User | None) -> tuple[int, int, int]:
    """Of the page, the file, and asking for a document."""
    client = Client()
    if user is not None:
        client.force_login(user)
    page = reverse("plans:output-list", args=[plan.pk])
    asked = client.post(page, {"version": "draft", "kinds": ["xlsx"]})
    file = client.get(reverse("plans:output-file", args=[output.pk]))
    if file.streaming:
        assert b"".join(file)  # read to its end, the file is closed
    return client.get(page).status_code, file.status_code, asked.status_code


def test_officials_and_approvers_have_documents_others_only_published_ones(
    version: PlanVersion, official: User
) -> None:
    output = _made(version, Kind.TABLES, official)
    plan, city = version.plan, make_user("鳥取市", User.Role.MUNICIPALITY, "31201")
    other, reader = make_user("沖縄県", User.Role.PREFECTURE, "47"), make_user("県承認", User.Role.APPROVER, "31")
    assert _statuses(plan, output, official) == (200, 200, 302)
    assert _statuses(plan, output, reader) == (200, 200, 302)
    assert _statuses(plan, output, city) == (200, 403, 403)
    for outsider in (other, None):
        assert _statuses(plan, output, outsider) == (403, 403, 403)
    _publish(version)
    assert _statuses(plan, output, None) == (200, 200, 403)


def test_the_page_says_what_is_missing_and_shows_what_is_made(version: PlanVersion, official: User) -> None:
    client = Client()
    client.force_login(official)
    page = reverse("plans:output-list", args=[version.plan_id])
    assert "まだ文書がありません" in client.get(page).content.decode()
    refused = client.post(page, {"version": "1"})
    assert refused.status_code == 422
    assert "形式を1つ以上" in refused.content.decode()
    _made(version, Kind.TABLES, official)
    assert "ダウンロード" in client.get(page).content.decode()


def test_a_template_is_checked_before_it_is_kept(version: PlanVersion, official: User) -> None:
    client = Client()
    client.force_login(official)
    url = reverse("plans:output-template", args=[version.plan_id])
    refused = client.post(url, {"file": SimpleUploadedFile("a.docx", b"nothing")})
    assert refused.status_code == 422
    assert "Word文書（.docx）ではありません" in refused.content.decode()
    own = io.BytesIO()
    Document().save(own)
    assert client.post(url, {"file": SimpleUploadedFile("県.docx", own.getvalue())}).status_code == 302
    assert WordTemplate.objects.get().filename == "県.docx"
    with zipfile.ZipFile(own, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"")
    with pytest.raises(ValidationError, match="マクロ"):
        check_template(own.getvalue())

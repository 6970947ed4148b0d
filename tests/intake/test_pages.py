"""The pages on handing files in: for whom they are, what they show, and what they refuse to receive."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from institutions.models import Institution
from intake import limits, tasks
from intake.actions.uploads import apply_upload, check_upload, receive_upload, start_applying
from intake.models import Upload
from tests.html import assert_sound
from tests.institutions.lists import code, content, make_regions, row
from tests.intake.conftest import make_user
from zaitaku.accounts.models import User
from zaitaku.jobs.models import Job

pytestmark = pytest.mark.django_db

NEW, LIST = "/intake/new/", "/intake/"
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
ROWS = [row(1, "支援診３"), row(2, "支援診２")]
WRITES = ("intake:upload-apply", "intake:upload-check", "intake:upload-discard", "intake:upload-undo")


@pytest.fixture(autouse=True)
def _regions() -> None:
    make_regions()


@pytest.fixture
def browser(client: Client, official: User) -> Client:
    """The official of 北海道, signed in."""
    client.force_login(official)
    return client


def a_list(name: str = "名簿.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content(ROWS))


def checked(by: User, data: bytes | None = None) -> Upload:
    file = a_list() if data is None else SimpleUploadedFile("名簿.xlsx", data)
    return check_upload(receive_upload(file, by=by))


def applied(by: User) -> Upload:
    upload = checked(by)
    start_applying(upload)
    return apply_upload(upload)


def address(upload: Upload, name: str = "intake:upload-detail") -> str:
    return reverse(name, args=[upload.pk])


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("path", [LIST, NEW])
def test_visitors_are_asked_to_sign_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/sign-in/?next=")


@pytest.mark.parametrize("role", [role for role in User.Role if role not in ("prefecture", "administrator")])
def test_other_roles_are_told_why_not(client: Client, role: User.Role, official: User) -> None:
    upload = checked(official)
    client.force_login(make_user("other", role=role, codes=("01",)))
    for path in (LIST, NEW, address(upload), address(upload, "intake:upload-problems")):
        response = client.get(path)
        assert response.status_code == 403
        assert "都道府県担当" in text(response)
    for name in WRITES:
        assert client.post(address(upload, name)).status_code == 403
    assert client.post(NEW, {"file": a_list()}).status_code == 403
    assert Upload.objects.count() == 1


def test_the_navigation_offers_the_pages_only_to_those_who_may_use_them(client: Client, official: User) -> None:
    assert 'href="/intake/"' not in text(client.get("/sources/"))
    client.force_login(official)
    assert 'href="/intake/"' in text(client.get("/sources/"))


def test_the_official_of_another_prefecture_neither_sees_nor_decides(client: Client, official: User) -> None:
    upload = checked(official)
    client.force_login(make_user("aomori", role=User.Role.PREFECTURE, codes=("02",)))
    assert "名簿.xlsx" not in text(client.get(LIST))
    assert client.get(address(upload)).status_code == 404
    assert {client.post(address(upload, name)).status_code for name in WRITES} == {404}
    upload.refresh_from_db()
    assert upload.status == Upload.Status.READY


def test_a_colleague_and_the_administrator_see_and_decide(client: Client, official: User, administrator: User) -> None:
    colleague = make_user("colleague", role=User.Role.PREFECTURE, codes=("01",))
    for user in (colleague, administrator):
        upload = checked(official)
        client.force_login(user)
        assert "名簿.xlsx" in text(client.get(LIST))
        assert client.post(address(upload, "intake:upload-apply")).status_code == 302
        upload.refresh_from_db()
        assert upload.status == Upload.Status.APPLYING


def test_what_a_stranger_tried_with_a_file_of_this_prefecture_is_not_shown(browser: Client) -> None:
    upload = checked(make_user("aomori", role=User.Role.PREFECTURE, codes=("02",)))
    assert (upload.status, upload.prefecture_code) == (Upload.Status.REFUSED, "01")
    assert browser.get(address(upload)).status_code == 404


def test_each_file_becomes_an_upload_with_a_job(browser: Client) -> None:
    response = browser.post(NEW, {"file": [a_list("a.xlsx"), a_list("b.xlsx")]})
    assert response.status_code == 302
    assert response["Location"] == LIST
    uploads = Upload.objects.order_by("pk").select_related("job")
    assert [(one.filename, one.status, one.job.kind if one.job else "") for one in uploads] == [
        ("a.xlsx", "checking", tasks.CHECK_UPLOAD),
        ("b.xlsx", "checking", tasks.CHECK_UPLOAD),
    ]


def test_one_file_leads_to_its_page_with_the_progress(browser: Client) -> None:
    page = browser.post(NEW, {"file": a_list()}, follow=True)
    assert_sound(text(page))
    assert "名簿.xlsxの確認" in text(page)
    fragment = browser.get(page.request["PATH_INFO"], HTTP_HX_REQUEST="true")
    assert "<h1>" not in text(fragment)
    assert 'hx-trigger="every 2s"' in text(fragment)
    assert "HX-Refresh" not in fragment


def test_the_progress_makes_the_page_load_anew_once_there_is_more_to_see(browser: Client, official: User) -> None:
    upload = checked(official)
    Job.objects.create(kind=tasks.CHECK_UPLOAD, title="確認")
    assert browser.get(address(upload), HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"


def test_nothing_chosen_is_said_at_the_field(browser: Client) -> None:
    response = browser.post(NEW, {})
    assert response.status_code == 422
    assert "＊ファイルを選んでください。" in text(response)
    assert_sound(text(response))


def test_the_form_states_its_limits_and_what_can_be_taken_in(browser: Client) -> None:
    page = text(browser.get(NEW))
    assert_sound(page)
    for words in ("1ファイル100MB", "20個", "合計300MB", "届出受理医療機関名簿", "全国の資料は管理者だけ"):
        assert words in page


def test_a_file_above_the_limit_is_refused_on_a_page_that_says_so(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 100_000)
    response = browser.post(NEW, {"file": SimpleUploadedFile("大.xlsx", bytes(300_000))})
    assert response.status_code == 413
    assert "「大.xlsx」は大きすぎるため受け取りませんでした" in text(response)
    assert not Upload.objects.exists()


def test_files_within_the_limit_are_taken_although_another_is_above_it(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 100_000)
    files = [a_list("先.xlsx"), SimpleUploadedFile("大.xlsx", bytes(300_000)), a_list("後.xlsx")]
    page = browser.post(NEW, {"file": files}, follow=True)
    assert "「大.xlsx」は大きすぎるため" in text(page)
    assert sorted(upload.filename for upload in Upload.objects.all()) == ["先.xlsx", "後.xlsx"]


def test_a_request_above_its_limit_is_read_to_its_end_and_refused(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_REQUEST_BYTES", 10_000)
    assert browser.post(NEW, {"file": SimpleUploadedFile("大.xlsx", bytes(300_000))}).status_code == 413


def test_too_many_files_are_named_and_the_first_ones_taken(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_FILES", 1)
    page = browser.post(NEW, {"file": [a_list("a.xlsx"), a_list("b.xlsx")]}, follow=True)
    assert "残りの1個は受け取っていません" in text(page)
    assert Upload.objects.count() == 1


def test_the_form_is_protected_against_other_sites(official: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(official)
    assert client.post(NEW, {"file": a_list()}).status_code == 403
    assert not Upload.objects.exists()


def test_a_checked_file_shows_what_it_is_and_what_it_changes(browser: Client, official: User) -> None:
    page = text(browser.get(address(checked(official))))
    assert_sound(page)
    for words in (
        "届出受理医療機関名簿（医科）",
        "北海道",
        "北海道厚生局",
        "2025年10月1日現在",
        "医療機関 2",
        "取り込む",
    ):
        assert words in page
    assert code(1) in page
    assert "取込を取り消す" not in page


def test_a_refused_file_names_each_cell_and_offers_the_list_as_csv(browser: Client, official: User) -> None:
    upload = checked(official, content([row(1, "支援診３", started="いつか"), row(2, "支援診２", started="来年")]))
    assert upload.status == Upload.Status.REFUSED
    page = text(browser.get(address(upload)))
    assert_sound(page)
    assert "取り込めません" in page
    lines = text(browser.get(address(upload, "intake:upload-problems"))).splitlines()
    assert lines[0] == "\ufeffシート,セル,書かれている内容,理由と直し方"
    assert len(lines) == 1 + len(upload.problems)
    assert lines[1].startswith("Sheet1,")


def test_applying_is_asked_of_a_worker_and_only_once(browser: Client, official: User) -> None:
    upload = checked(official)
    browser.post(address(upload, "intake:upload-apply"))
    page = browser.post(address(upload, "intake:upload-apply"), follow=True)
    assert "取込中" in text(page)
    assert Job.objects.filter(kind=tasks.APPLY_UPLOAD).count() == 1


def test_undoing_is_confirmed_on_a_page_of_its_own(browser: Client, official: User) -> None:
    upload = applied(official)
    page = text(browser.get(address(upload, "intake:upload-undo")))
    assert_sound(page)
    assert "取り込む前の状態に戻ります" in page
    assert Institution.objects.count() == 2
    page = text(browser.post(address(upload, "intake:upload-undo"), follow=True))
    assert "取込を取り消しました" in page
    assert not Institution.objects.exists()
    assert Job.objects.get(kind="compute_indicators").parameters["if_needed"] is True


def test_an_upload_that_cannot_be_undone_says_what_to_undo_first(browser: Client, official: User) -> None:
    first = applied(official)
    later = checked(official, content(ROWS[:1], title="[令和7年11月1日 現在 ]"))
    start_applying(later)
    apply_upload(later)
    page = text(browser.post(address(first, "intake:upload-undo"), follow=True))
    assert "先にそちらを取り消してください" in page
    first.refresh_from_db()
    assert first.status == Upload.Status.APPLIED


def test_discarding_keeps_no_file(browser: Client, official: User, django_capture_on_commit_callbacks: Any) -> None:
    upload = checked(official)
    name, storage = str(upload.content.name), upload.content.storage
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        page = browser.post(address(upload, "intake:upload-discard"), follow=True)
    assert "破棄しました" in text(page)
    assert not storage.exists(name)


def test_a_check_that_was_broken_off_can_be_repeated_or_discarded(browser: Client) -> None:
    browser.post(NEW, {"file": a_list()})
    upload = Upload.objects.get()
    Job.objects.update(status=Job.Status.FAILED, error="作業プロセスが止まりました。", finished_at=NOW)
    page = text(browser.get(address(upload)))
    assert "処理が途中で止まりました" in page
    assert "作業プロセスが止まりました。" in page
    browser.post(address(upload, "intake:upload-check"))
    upload.refresh_from_db()
    assert upload.job is not None
    assert upload.job.status == Job.Status.QUEUED
    Job.objects.update(status=Job.Status.CANCELLED, finished_at=NOW, error="")
    assert "破棄しました" in text(browser.post(address(upload, "intake:upload-discard"), follow=True))


def test_the_list_needs_as_many_queries_for_thirty_uploads_as_for_one(
    browser: Client, official: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def hand_in(count: int) -> None:
        for _ in range(count):
            tasks.hand_in(a_list(), by=official)

    hand_in(1)
    browser.get(LIST)
    with django_assert_num_queries(8):
        browser.get(LIST)
    hand_in(29)
    with django_assert_num_queries(8):
        browser.get(LIST)


def test_the_survey_form_comes_filled_with_the_places_of_the_prefecture(client: Client) -> None:
    assert_sound(text(client.get("/intake/forms/")))
    response = client.get("/intake/forms/survey.xlsx", {"prefecture": "01", "theme": "満足度"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content))["記入"]
    rows = list(sheet.iter_rows(min_row=2, max_col=5, values_only=True))
    assert {row[2:] for row in rows} == {
        ("都道府県", "01", "北海道"),
        ("市区町村", "01100", "札幌市"),
        ("市区町村", "01203", "小樽市"),
        ("市区町村", "01408", "余市町"),
    }
    assert len(rows) == 4 * 2
    lines = (
        client.get("/intake/forms/survey.csv", {"prefecture": "01", "theme": "満足度"}).content.decode().splitlines()
    )
    assert len(lines) == 1 + 4 * 2


def test_a_survey_form_for_no_prefecture_is_asked_for_again(client: Client) -> None:
    response = client.get("/intake/forms/survey.csv", {"prefecture": "99"})
    assert response.status_code == 422
    assert "都道府県コード「99」はありません" in text(response)
    assert client.get("/intake/forms/survey.ods", {"prefecture": "01"}).status_code == 404

"""The frame of every page: sound HTML, the way around, help for whoever got lost, nothing that breaks the CSP."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory

from tests.html import assert_sound
from zaitaku.context import Frame
from zaitaku.navigation import NavigationItem, make_navigation
from zaitaku.pages import errors
from zaitaku.pages.manual import get_topics

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
PUBLIC = (
    "/",
    "/?prefecture=01",
    "/?prefecture=99",
    "/sources/",
    "/sources/?kind=ndb_open_data&prefecture=13&newest=on",
    "/sources/?kind=nonsense&prefecture=x&page=999",
    "/sources/coverage/",
    "/help/",
    "/accounts/sign-in/",
    "/accounts/sign-in/?next=/sources/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_opens_without_signing_in_and_is_sound(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert_sound(response.content.decode())
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.django_db
@pytest.mark.parametrize("topic", get_topics(), ids=lambda topic: topic.slug)
def test_each_topic_of_the_manual_is_a_sound_page(client: Client, topic: object) -> None:
    response = client.get(f"/help/{topic.slug}/")  # type: ignore[attr-defined] # a stand-in
    assert response.status_code == 200
    assert_sound(response.content.decode())


@pytest.mark.django_db
def test_every_link_of_the_manual_leads_somewhere(client: Client) -> None:
    links = {link for topic in get_topics() for link in re.findall(r'href="(/[^"#]*)', topic.html)}
    assert "/help/import/" in links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", text)
    assert "<style" not in text
    # A block of JSON is data, which no CSP forbids.
    assert not re.search(r"<script(?![^>]*\s(src=|type=\"application/json\"))", text)
    assert not re.search(r'(src|<link[^>]*href)="(https?:)?//', text)


def marked(items: tuple[NavigationItem, ...]) -> dict[str, str]:
    return {item.text: item.current for item in items if item.current}


def navigation_at(path: str, *, role: str = "") -> tuple[NavigationItem, ...]:
    return make_navigation(path, role=role, prefecture_query="")


@pytest.mark.parametrize(
    ("path", "sections", "pages"),
    [
        ("/", {"ホーム": "page"}, {"ホーム": "page"}),
        ("/download/", {"データ": "page"}, {"データ入手": "page"}),
        ("/sources/", {"データ": "true"}, {"データの出典": "page"}),
        ("/sources/12/", {"データ": "true"}, {"データの出典": "true"}),
        # The longest address wins: the page lies below データの出典 too.
        ("/sources/quality/", {"データ": "true"}, {"鮮度と品質": "page"}),
        ("/indicators/DAY_S22/", {"指標": "true"}, {"指標カタログ": "true"}),
        ("/help/import/", {"手引き": "true"}, {"手引き": "true"}),
        ("/accounts/sign-in/", {}, {}),
    ],
)
def test_the_navigation_marks_the_section_and_the_page_one_is_in(
    path: str, sections: dict[str, str], pages: dict[str, str]
) -> None:
    navigation = navigation_at(path)
    assert marked(navigation) == sections
    assert marked(tuple(page for section in navigation for page in section.pages)) == pages


def test_a_page_for_some_roles_is_offered_to_them_alone() -> None:
    def offered(role: str) -> set[str]:
        return {page.text for section in navigation_at("/", role=role) for page in section.pages}

    assert offered("prefecture") - offered("") == {"資料の取込", "活動報告", "監査記録"}
    assert offered("analyst") == offered("")


def test_pages_about_a_prefecture_keep_the_one_in_the_address() -> None:
    navigation = make_navigation("/", role="", prefecture_query="?prefecture=28")
    urls = {page.text: page.url for section in navigation for page in section.pages}
    assert urls["指標カタログ"] == "/indicators/?prefecture=28"
    assert urls["データ入手"] == "/download/"


@pytest.mark.django_db
def test_changing_the_prefecture_leaves_behind_what_lies_inside_the_old_one(rf: RequestFactory) -> None:
    request = rf.get("/help/?prefecture=28&area=2801&level=area")
    request.session = {}  # type: ignore[assignment] # a stand-in
    frame = Frame(request)
    assert frame.path_with_prefecture == "/help/?prefecture=28&area=2801&level=area"
    assert frame.path_for_other_prefecture == "/help/?prefecture=28&level=area"


@pytest.mark.django_db
def test_a_page_that_is_not_there_offers_the_way_on(client: Client) -> None:
    response = client.get("/nowhere/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "ページが見つかりません" in page
    assert 'href="/indicators/"' in page
    assert_sound(page)


@pytest.mark.django_db
def test_what_a_view_says_in_japanese_is_shown_and_what_django_says_in_english_is_not(client: Client) -> None:
    assert "この番号の資料はありません" in client.get("/sources/999999/").content.decode()
    assert "お探しの手引きのページはありません" in client.get("/help/nothing/").content.decode()
    assert "Resolver404" not in client.get("/nowhere/").content.decode()


@pytest.mark.django_db
def test_a_refusal_gives_the_reason_of_the_view(rf: RequestFactory) -> None:
    request = rf.get("/plans/")
    request.session = {}  # type: ignore[assignment] # a stand-in
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    page = errors.permission_denied(request, PermissionDenied("青森県の計画は編集できません。"))
    assert page.status_code == 403
    assert "青森県の計画は編集できません。" in page.content.decode()
    assert "/accounts/sign-in/?next=%2Fplans%2F" in page.content.decode()


def test_a_failure_is_answered_without_the_database(rf: RequestFactory) -> None:
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "ただいま表示できません" in response.content.decode()
    assert_sound(response.content.decode())


def test_a_request_that_cannot_be_read_is_answered_in_japanese(client: Client) -> None:
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "このアドレス（ホスト名）では公開していません" in response.content.decode()


@pytest.mark.django_db
def test_the_address_of_a_button_opened_by_hand_is_answered_with_a_page(client: Client) -> None:
    response = client.get("/accounts/sign-out/")
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"
    assert "この開き方はできません" in response.content.decode()
    assert_sound(response.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/indicators/%00/", "/indicators/DAY_S22/?level=%00", "/?prefecture=%00"])
def test_a_nul_in_the_address_is_a_bad_request_and_never_a_failure(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert "アドレスに使えない文字" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/?x=", "/indicators/?words=", "/accounts/sign-in/?next=/", "/"])
def test_an_address_of_20000_characters_is_not_repeated_on_the_page(client: Client, address: str) -> None:
    page = client.get(address + "x" * 20_000).content.decode()
    assert "x" * 2_001 not in page
    assert len(page) < 200_000


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PUBLIC, "/jobs/", "/indicators/"])
def test_a_monitor_that_asks_for_the_head_of_a_page_gets_it(client: Client, address: str) -> None:
    assert client.head(address).status_code == 200


def test_a_reason_that_is_no_sentence_for_the_reader_is_left_out(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: dict[str, object] = {}
    monkeypatch.setattr(errors, "_framed", lambda *_args, context, **_rest: shown.update(context))
    errors.page_not_found(rf.get("/x"), Http404("No Plan matches the given query."))
    assert shown == {"reason": ""}

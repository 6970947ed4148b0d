"""The pages of the area editor: who gets in, plain forms, the script's answers, the conflict page."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.actions.area_drafts import create_draft
from plans.formulas.partition import from_groups
from plans.models import AreaDraft
from plans.queries.area_drafts import find_prefecture, get_partition
from plans.queries.area_live import get_live
from tests.plans.conftest import OKINAWA, TOTTORI, make_user
from tests.plans.test_area_drafts import EAST, MIDDLE, TODAY, WEST
from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def draft(official: User) -> AreaDraft:
    """Two areas of two units each; everything else is in none."""
    partition = from_groups([("東部", EAST), ("西部", WEST)])
    return create_draft(find_prefecture(TOTTORI), name="案", origin="試験", partition=partition, by=official)


def signed_in(user: User) -> Client:
    """A browser in which somebody has signed in."""
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, draft: AreaDraft, *, version: int | None = None, **fields: object) -> int:
    """Send the plain form; the status of the answer."""
    draft.refresh_from_db()
    data = {"version": draft.version if version is None else version, **fields}
    return client.post(reverse("plans:draft-change", kwargs={"draft_id": draft.pk}), data).status_code


@pytest.mark.parametrize(
    ("role", "codes", "reads", "changes"),
    [
        (User.Role.PREFECTURE, [TOTTORI], True, True),
        (User.Role.APPROVER, [TOTTORI], True, False),
        (User.Role.MUNICIPALITY, ["31201"], True, False),
        (User.Role.PREFECTURE, [OKINAWA], False, False),
        (User.Role.MUNICIPALITY, ["47201"], False, False),
        (User.Role.WORKING_GROUP, [], False, False),
        (User.Role.ANALYST, [], False, False),
        (User.Role.ADMINISTRATOR, [], False, False),
    ],
)
def test_officials_change_their_approvers_and_municipalities_read_others_stay_out(
    draft: AreaDraft, role: str, codes: list[str], *, reads: bool, changes: bool
) -> None:
    client = signed_in(make_user("その人", role, *codes))
    seen = [
        client.get(reverse("plans:draft-list"), {"prefecture": TOTTORI}).status_code,
        client.get(reverse("plans:draft-detail", kwargs={"draft_id": draft.pk})).status_code,
        client.get(reverse("plans:draft-download", kwargs={"draft_id": draft.pk})).status_code,
        client.get(reverse("plans:link-list"), {"prefecture": TOTTORI}).status_code,
    ]
    assert seen == [200 if reads else 403] * 4
    for page in ("draft-suggest", "draft-adopt"):
        expected = 200 if changes else 403
        assert client.get(reverse(f"plans:{page}", kwargs={"draft_id": draft.pk})).status_code == expected
    assert send(client, draft, action="assign", to="1", units=MIDDLE) == (302 if changes else 403)
    assert (get_partition(draft.pk).area_of.get(MIDDLE) == 1) == changes


def test_a_visitor_is_asked_to_sign_in(draft: AreaDraft) -> None:
    answer = Client().get(reverse("plans:draft-detail", kwargs={"draft_id": draft.pk}))
    assert answer.status_code == 302
    assert "/accounts/sign-in/" in answer["Location"]


def test_every_action_is_a_plain_form(draft: AreaDraft, official: User) -> None:
    client = signed_in(official)

    def names() -> set[str]:
        return {area.name for area in get_partition(draft.pk).areas.values()}

    send(client, draft, action="split", name="中部", units=[MIDDLE])
    assert names() == {"東部", "西部", "中部"}
    send(client, draft, action="rename", to="3", name="中央")
    assert names() == {"東部", "西部", "中央"}
    send(client, draft, action="lock", to="3")
    send(client, draft, action="assign", to="1", units=[MIDDLE])
    assert get_partition(draft.pk).area_of[MIDDLE] == 3, "locked"
    send(client, draft, action="unlock", to="3")
    send(client, draft, action="recolour", to="3", colour="7")
    assert get_partition(draft.pk).areas[3].colour == 7
    send(client, draft, action="join", to="3", into="1")
    assert get_partition(draft.pk).area_of[MIDDLE] == 1
    send(client, draft, action="undo")
    send(client, draft, action="redo")
    send(client, draft, action="remove", to="2")
    assert names() == {"東部"}
    send(client, draft, action="assign", to="none", units=[MIDDLE])
    assert MIDDLE not in get_partition(draft.pk).area_of


def test_the_script_gets_the_map_the_numbers_and_the_new_version(draft: AreaDraft, official: User) -> None:
    client = signed_in(official)
    data = {"version": draft.version, "action": "assign", "to": "1", "units": [MIDDLE]}
    answer = client.post(reverse("plans:draft-change", kwargs={"draft_id": draft.pk}), data, headers=JSON).json()
    assert answer["version"] == draft.version + 1
    assert answer["areas"][MIDDLE] == "東部"
    assert answer["map"]["fills"][MIDDLE] == answer["map"]["fills"][EAST[0]]
    assert answer["unassigned"] == 19 - 5
    assert "どの圏域にも入っていない市区町村が14あります" in answer["results"]
    refused = client.post(
        reverse("plans:draft-change", kwargs={"draft_id": draft.pk}), data | {"units": []}, headers=JSON
    ).json()
    assert refused["isError"]
    assert "市区町村が選ばれていません" in refused["message"]


def test_a_conflict_is_answered_with_a_choice_and_each_choice_keeps_what_it_says(
    draft: AreaDraft, official: User
) -> None:
    client, colleague = signed_in(official), signed_in(make_user("同僚", User.Role.PREFECTURE, TOTTORI))
    seen = draft.version
    send(colleague, draft, action="assign", to="1", units=[MIDDLE])
    mine = {"version": seen, "action": "assign", "to": "2", "units": [MIDDLE]}
    address = reverse("plans:draft-change", kwargs={"draft_id": draft.pk})
    assert client.post(address, mine, headers=JSON).status_code == 409
    page = client.post(address, mine)
    assert page.status_code == 409
    assert "同僚" in page.content.decode()
    resolve = reverse("plans:draft-resolve", kwargs={"draft_id": draft.pk})
    client.post(resolve, mine | {"choice": "theirs"})
    assert get_partition(draft.pk).area_of[MIDDLE] == 1
    client.post(resolve, mine | {"choice": "both"})
    assert get_partition(draft.pk).area_of[MIDDLE] == 1
    copy = AreaDraft.objects.get(name="案（2）")
    assert get_partition(copy.pk).area_of[MIDDLE] == 2
    client.post(resolve, mine | {"choice": "mine"})
    assert get_partition(draft.pk).area_of[MIDDLE] == 2


def test_a_draft_goes_out_as_csv_and_comes_in_again(draft: AreaDraft, official: User) -> None:
    client = signed_in(official)
    content = client.get(reverse("plans:draft-download", kwargs={"draft_id": draft.pk})).content
    lines = [line for line in content.decode("utf-8-sig").splitlines() if ",," not in line]
    file = SimpleUploadedFile("areas.csv", "\n".join(lines).encode())
    address = f"{reverse('plans:draft-create')}?prefecture={TOTTORI}"
    answer = client.post(address, {"name": "写し", "start": "csv", "file": file})
    assert answer.status_code == 302
    copy = AreaDraft.objects.get(name="写し")
    assert get_partition(copy.pk).area_of == get_partition(draft.pk).area_of
    bad = client.post(address, {"name": "誤り", "start": "csv", "file": SimpleUploadedFile("a.csv", b"99999,x\n")})
    assert bad.status_code == 422
    assert "1行目：「99999」" in bad.content.decode()


def test_two_drafts_are_compared_unit_by_unit(draft: AreaDraft, official: User) -> None:
    partition = from_groups([("東部", [*EAST, MIDDLE]), ("西部", WEST)])
    other = create_draft(draft.prefecture, name="別案", origin="", partition=partition, by=official)
    client = signed_in(official)
    page = client.get(reverse("plans:draft-compare"), {"draft": [draft.pk, other.pk]})
    assert "1の市区町村で、圏域が違います" in page.content.decode()
    assert "倉吉市" in page.content.decode()
    assert client.get(reverse("plans:draft-compare"), {"draft": [draft.pk]}).status_code == 404


def test_the_list_asks_the_database_as_often_for_many_drafts_as_for_one(
    draft: AreaDraft, official: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        create_draft(draft.prefecture, name=f"案{number}", origin="", partition=from_groups([]), by=official)
    client = signed_in(official)
    with django_assert_max_num_queries(9):
        client.get(reverse("plans:draft-list"), {"prefecture": TOTTORI})


def test_pieces_of_an_area_that_do_not_touch_are_found_on_the_real_borders(draft: AreaDraft) -> None:
    live = get_live(get_partition(draft.pk), prefecture_code=TOTTORI, on=TODAY)
    assert len(live.unassigned) == 15
    assert live.pieces_apart == 0
    apart = from_groups([("端と端", [EAST[1], WEST[0]])])
    assert get_live(apart, prefecture_code=TOTTORI, on=TODAY).pieces_apart == 1

"""The status pages: what they say, and who may stop a job."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from zaitaku.accounts.models import User
from zaitaku.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("owner", password="a-long-test-password", role=User.Role.PREFECTURE)


@pytest.fixture
def job(owner: User) -> Job:
    return Job.objects.create(
        kind="nothing", title="指標の計算（すべて）", total=10, done=4, message="計算中です", by=owner
    )


def test_the_list_and_the_page_of_a_job_show_its_progress(client: Client, job: Job) -> None:
    for address in (reverse("jobs:job-list"), reverse("jobs:job-detail", args=[job.pk])):
        page = client.get(address).content.decode()
        assert "指標の計算（すべて）" in page
        assert "4 / 10" in page
        assert "計算中です" in page


def test_the_list_without_jobs_says_so(client: Client) -> None:
    assert "処理はまだありません" in client.get(reverse("jobs:job-list")).content.decode()


def test_htmx_gets_only_the_part_that_changes(client: Client, job: Job) -> None:
    part = client.get(reverse("jobs:job-detail", args=[job.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "4 / 10" in part
    assert "<html" not in part


def test_a_program_gets_the_same_as_json(client: Client, job: Job) -> None:
    state = client.get(reverse("jobs:job-json", args=[job.pk])).json()
    assert (state["status"], state["status_label"], state["done"], state["total"]) == ("queued", "待機中", 4, 10)


def test_a_job_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get(reverse("jobs:job-detail", args=[999])).status_code == 404


def test_a_visitor_is_asked_to_sign_in_before_stopping_a_job(client: Client, job: Job) -> None:
    response = client.post(reverse("jobs:job-cancel", args=[job.pk]))
    assert response.status_code == 302
    assert reverse("accounts:sign-in") in response["Location"]
    job.refresh_from_db()
    assert job.status == Job.Status.QUEUED


@pytest.mark.parametrize(
    ("who", "allowed"), [("owner", True), (User.Role.ADMINISTRATOR, True), (User.Role.PREFECTURE, False)]
)
def test_the_owner_and_administrators_may_stop_a_job_and_nobody_else(
    client: Client, job: Job, owner: User, who: str, allowed: bool
) -> None:
    user = owner if who == "owner" else User.objects.create_user("other", password="a-long-test-password", role=who)
    client.force_login(user)
    assert ("この計算を中止する" in client.get(reverse("jobs:job-detail", args=[job.pk])).content.decode()) is allowed
    response = client.post(reverse("jobs:job-cancel", args=[job.pk]))
    assert response.status_code == (302 if allowed else 403)
    job.refresh_from_db()
    assert job.status == (Job.Status.CANCELLED if allowed else Job.Status.QUEUED)


def test_a_job_is_not_stopped_by_following_a_link(client: Client, job: Job, owner: User) -> None:
    client.force_login(owner)
    assert client.get(reverse("jobs:job-cancel", args=[job.pk])).status_code == 405


def test_the_list_needs_the_same_number_of_queries_for_one_job_and_for_many(
    client: Client, job: Job, owner: User
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("jobs:job-list"))
        return len(captured)

    queries()
    one = queries()
    Job.objects.bulk_create(Job(kind="nothing", title=f"計算{n}", by=owner) for n in range(20))
    assert queries() == one

"""The plan while it is written: its pages, autosave, and the documents of a plan of full size.

Pages are asked for through Django's own client as a signed-in official of the prefecture, in turn and anew each time
(they are not cached); autosave with another text each time; documents one after the other in this process, as
the worker makes them. Targets: pages p95 ≤ 80 ms, autosave p95 ≤ 50 ms, all documents of a full plan ≤ 20 s.
"""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.full_data import on_full_data

if TYPE_CHECKING:
    from django.test import Client

    from plans.models import Plan
    from zaitaku.accounts.models import User

ROUNDS, SAVES = 40, 100
# By name of the address; a chapter's pages are asked for the first one.
PAGES = (
    "plan-detail",
    "target-list",
    "demand",
    "policy-list",
    "roadmap",
    "logic-model",
    "comment-list",
    "output-list",
)


def main() -> None:
    """Measure and print one line for each."""
    on_full_data(lambda _: measure())


def measure() -> None:
    """Fill a plan and measure on it."""
    from django.test import Client

    from benchmarks.full_plan import PREFECTURE, fill
    from zaitaku.accounts.models import Scope, User

    user = User.objects.create(username="benchmark-plan", role=User.Role.PREFECTURE)
    Scope.objects.create(user=user, code=PREFECTURE)
    plan = fill(user)
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(user)
    # As zaitaku.wsgi does: what is there already is not searched for garbage in somebody's page.
    gc.collect()
    gc.freeze()
    _pages(client, plan)
    _autosave(client, plan)
    _documents(plan, user)


def _pages(client: Client, plan: Plan) -> None:
    from django.urls import reverse

    chapter = plan.chapters.all()[0]
    addresses = [reverse(f"plans:{name}", args=[plan.pk]) for name in PAGES]
    addresses += [reverse(f"plans:{name}", args=[chapter.pk]) for name in ("chapter-detail", "chapter-edit")]
    slow, middle = {}, {}
    for address in addresses:
        walls, works = [], []
        for _ in range(ROUNDS + 2):
            started, worked = time.perf_counter(), time.process_time()
            assert client.get(address).status_code == 200, address
            walls.append(time.perf_counter() - started)
            works.append(time.process_time() - worked)
        slow[address], middle[address] = _p95(walls[2:]), statistics.median(works[2:])
    for address, seconds in sorted(slow.items(), key=lambda item: -item[1]):
        print(f"  {address} p95 {seconds * 1e3:.0f} ms, processor time, median {middle[address] * 1e3:.0f} ms")
    slowest = max(slow.values())
    print(f"plan pages, the slowest of {len(addresses)}, p95: {slowest * 1e3:.0f} ms (target ≤ 80)")


def _autosave(client: Client, plan: Plan) -> None:
    from django.urls import reverse

    chapter = plan.chapters.all()[0]
    address = reverse("plans:chapter-autosave", args=[chapter.pk])
    seconds = []
    for number in range(SAVES):
        started = time.perf_counter()
        answer = client.post(address, {"text": f"{chapter.text}{number}", "base": chapter.version})
        seconds.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.content[:500]
    print(f"autosave of a chapter of {len(chapter.text):,} characters, p95: {_p95(seconds) * 1e3:.0f} ms (target ≤ 50)")


def _documents(plan: Plan, user: User) -> None:
    from plans.models import PlanOutput
    from plans.outputs import make_output, request_output

    output = request_output(plan, None, PlanOutput.Kind.ALL, by=user)
    started, worked = time.perf_counter(), time.process_time()
    size = make_output(output, lambda *_: None)
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    print(
        f"documents of a full plan, Word, PDF, 別表 and figures: {size / 1e6:.1f} MB, processor time {cpu:.1f} s,"
        f" {seconds:.1f} s (target ≤ 20)"
    )


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


if __name__ == "__main__":
    main()

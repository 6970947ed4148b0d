"""The area editor in its largest prefecture: a drag until every live result is there, and a proposal of 21 areas.

On a database of its own with the project's fixtures and every indicator computed from them.

1. 北海道's 188 units in the areas of the second tier; one municipality after the other is moved, through the very view
   the map's script calls: stored, checked, all people, resources and indicators of all areas with intervals, map, JSON.
2. The proposal with 21 areas: contiguous, each with a support clinic or hospital, least travel; proven or with its gap.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import sys
import time
from pathlib import Path

import django

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")

PREFECTURE, AREAS, MOVES, WARM_UP = "01", 21, 60, 5
DRAG_MS, PROPOSAL_SECONDS, LIMIT_SECONDS = 150.0, 30.0, 25.0
SEED = 20270401


def main() -> None:
    """Measure and print one line for each."""
    django.setup()
    from django.db import connection

    from benchmarks.full_data import load

    configured = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        load()
        _drag()
        _proposal()
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)


def _drag() -> None:
    from django.test import Client
    from django.urls import reverse

    from plans.actions.area_drafts import create_draft
    from plans.actions.area_links import assume_links
    from plans.queries.area_drafts import find_prefecture
    from plans.queries.area_starts import get_start
    from zaitaku.accounts.models import Scope, User

    today = dt.date.today()  # noqa: DTZ011 - the day decides which municipalities there are
    user = User.objects.create(username="benchmark-areas", role=User.Role.PREFECTURE)
    Scope.objects.create(user=user, code=PREFECTURE)
    prefecture = find_prefecture(PREFECTURE)
    assume_links(prefecture, on=today)
    partition = get_start("scheme:iryoken2-8", prefecture_code=PREFECTURE, on=today)
    draft = create_draft(prefecture, name="benchmark", origin="benchmark", partition=partition, by=user)
    client, address = Client(), reverse("plans:draft-change", kwargs={"draft_id": draft.pk})
    client.force_login(user)
    chance, version, wall, cpu = random.Random(SEED), draft.version, [], []
    units, numbers = sorted(partition.area_of), sorted(partition.areas)
    for _ in range(WARM_UP + MOVES):
        move = {"version": version, "action": "assign", "to": chance.choice(numbers), "units": chance.choice(units)}
        started, worked = time.perf_counter(), time.process_time()
        answer = client.post(address, move, headers={"accept": "application/json"})
        wall.append((time.perf_counter() - started) * 1_000)
        cpu.append((time.process_time() - worked) * 1_000)
        version = answer.json()["version"]
    wall, cpu = sorted(wall[WARM_UP:]), sorted(cpu[WARM_UP:])
    p95 = wall[int(len(wall) * 0.95)]
    print(
        f"a drag on the map until all live results, p95: {len(units)} units, {len(numbers)} areas,"
        f" median {statistics.median(wall):.0f} ms, processor time p95 {cpu[int(len(cpu) * 0.95)]:.0f} ms,"
        f" p95 = {p95:.0f} ms (target ≤ {DRAG_MS:.0f} ms)"
    )


def _proposal() -> None:
    from plans.formulas.districting import propose
    from plans.queries.area_problem import Wishes, get_problem

    wishes = Wishes(fewest=AREAS, most=AREAS)
    asked = get_problem(PREFECTURE, wishes, on=dt.date.today())  # noqa: DTZ011
    started = time.perf_counter()
    answer = propose(asked.problem, seconds=LIMIT_SECONDS, clock=time.monotonic, report=lambda _message: None)
    seconds = time.perf_counter() - started
    if answer.seat_of is None or not asked.problem.holds(answer.seat_of):
        raise SystemExit("no proposal that keeps the rules")
    print(
        f"a proposal of {AREAS} areas: {len(asked.codes)} units, {answer.status.value}, gap {answer.gap:.2%},"
        f" {seconds:.2f} s (target ≤ {PROPOSAL_SECONDS:.0f} s)"
    )


if __name__ == "__main__":
    main()

"""Proposing areas: least travel to a seat under the rules an official sets, with a proof or a stated gap.

1. A lower bound (`districting_bounds`). 2. A good answer, searched among the seats the bound finds cheap. 3. Whatever
pair of unit and seat cannot be in any better answer is left out, which is proven and not guessed; the rest is solved
exactly (`districting_model`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from plans.formulas.districting_bounds import Bound, lower_bound
from plans.formulas.districting_model import Model, Solution
from plans.formulas.districting_problem import Answer, Floats, Ints, Problem, Rule, Status, components

_PROVEN = 1e-5
_SEATS_PER_AREA, _WAYS = 3, 10
Report = Callable[[str], None]


def propose(problem: Problem, *, seconds: float, clock: Callable[[], float], report: Report) -> Answer:
    """The best areas that can be found in the time; `clock` gives seconds, `report` is told what is being done."""
    ends = clock() + seconds
    impossible = plainly_impossible(problem)
    if impossible:
        return Answer(status=Status.INFEASIBLE, broken=impossible)
    report("下限を計算しています")
    bound = lower_bound(problem)
    report("よい案を探しています")
    first = _first_answer(problem, bound, ends=clock() + (ends - clock()) * 0.4, clock=clock)
    report("最適かどうかを確かめています")
    found = _exact(problem, bound, first, ends=ends, clock=clock)
    if found.status is not Status.INFEASIBLE:
        return found
    report("成り立たない理由を調べています")
    return replace(found, broken=_broken(problem, ends=clock() + min(20.0, seconds), clock=clock))


def _first_answer(problem: Problem, bound: Bound, *, ends: float, clock: Callable[[], float]) -> Ints | None:
    """An answer among the seats that look cheapest; a wider choice if there is none."""
    n = len(problem)
    for seats in (_SEATS_PER_AREA * problem.most, 2 * _SEATS_PER_AREA * problem.most):
        allowed = _cheapest(problem, bound, seats=min(n, max(seats, 12)))
        found = Model(problem, allowed).solve(ends=clock() + (ends - clock()) * 0.7, clock=clock)
        if found.best is not None:
            return found.best
        if min(n, max(seats, 12)) == n:
            break
    return None


def _cheapest(problem: Problem, bound: Bound, *, seats: int) -> NDArray[np.bool_]:
    """Each unit with its nearest few among the seats the bound would open first; and every seat with itself."""
    n = len(problem)
    chosen = np.argsort(bound.price, kind="stable")[:seats]
    allowed = np.zeros((n, n), dtype=np.bool_)
    near = np.argsort(bound.with_pair[:, chosen] + problem.cost[:, chosen] * 1e-6, axis=1)[:, :_WAYS]
    allowed[np.arange(n)[:, None], chosen[near]] = True
    allowed[chosen, chosen] = True
    return allowed


def _exact(problem: Problem, bound: Bound, first: Ints | None, *, ends: float, clock: Callable[[], float]) -> Answer:
    """Solve among all pairs that can still matter."""
    limit = problem.travel(first) if first is not None else np.inf
    if first is not None and limit - bound.value <= _PROVEN * limit:
        return Answer(status=Status.OPTIMAL, seat_of=first, travel=limit, bound=bound.value)
    everything = np.ones_like(problem.cost, dtype=np.bool_)
    allowed = everything if first is None else bound.within(limit)
    if first is not None:
        allowed[np.arange(len(problem)), first] = True
    found = Model(problem, allowed).solve(ends=ends, clock=clock)
    return _answer(problem, found, first, least=bound.value)


def _answer(problem: Problem, found: Solution, first: Ints | None, *, least: float) -> Answer:
    candidates = [seat_of for seat_of in (found.seat_of, found.best, first) if seat_of is not None]
    candidates = [seat_of for seat_of in candidates if problem.holds(seat_of)]
    if not candidates:
        status = Status.INFEASIBLE if found.is_exact else Status.UNKNOWN
        return Answer(status=status, bound=least)
    best = min(candidates, key=problem.travel)
    travel = problem.travel(best)
    # Pairs left out cannot be in a better answer than the first one, so its travel bounds what the model did not see.
    seen = min(found.bound, problem.travel(first)) if first is not None else found.bound
    bound = min(max(least, seen), travel)
    is_proven = travel - bound <= _PROVEN * max(travel, 1.0)
    return Answer(
        status=Status.OPTIMAL if is_proven else Status.STOPPED,
        seat_of=best,
        travel=travel,
        bound=travel if is_proven else bound,
    )


def plainly_impossible(problem: Problem) -> tuple[Rule, ...]:
    """Rules that contradict the figures in a way a sum shows at once."""
    found: dict[Rule, bool] = {}
    parts = components(range(len(problem)), problem.neighbours) if problem.is_contiguous else [set(range(len(problem)))]
    found[Rule.NUMBER] = problem.fewest > len(problem) or problem.fewest > problem.most
    found[Rule.CONTIGUITY] = problem.is_contiguous and len(parts) > problem.most
    for rule, counts in ((Rule.ACTIVE, problem.active), (Rule.HUB, problem.hubs)):
        if counts is not None:
            places = int((counts > 0).sum())
            alone = any(not counts[sorted(part)].any() for part in parts)
            found[rule] = places < problem.fewest or alone
    found[Rule.POPULATION] = _people_do_not_fit(problem)
    if problem.farthest is not None:
        found[Rule.DISTANCE] = not np.isfinite(problem.cost).any(axis=1).all()
    return tuple(rule for rule, is_broken in found.items() if is_broken)


def _people_do_not_fit(problem: Problem) -> bool:
    total: Floats = problem.population.sum()
    too_few = problem.least_people is not None and total < problem.least_people * problem.fewest
    too_many = problem.most_people is not None and (
        total > problem.most_people * problem.most or problem.population.max(initial=0) > problem.most_people
    )
    return bool(too_few or too_many)


def without(problem: Problem, rule: Rule) -> Problem:
    """The problem with one group of rules given up."""
    n = len(problem)
    relaxed: dict[Rule, dict[str, object]] = {
        Rule.NUMBER: {"fewest": 1, "most": n},
        Rule.CONTIGUITY: {"is_contiguous": False},
        Rule.ACTIVE: {"active": None},
        Rule.HUB: {"hubs": None},
        Rule.POPULATION: {"least_people": None, "most_people": None},
        Rule.DISTANCE: {"farthest": None},
    }
    return replace(problem, **relaxed[rule])  # type: ignore[arg-type]  # the names and types are those of the fields


def asked_for(problem: Problem) -> tuple[Rule, ...]:
    """The groups of rules that a problem has."""
    has = {
        Rule.NUMBER: True,
        Rule.CONTIGUITY: problem.is_contiguous,
        Rule.ACTIVE: problem.active is not None,
        Rule.HUB: problem.hubs is not None,
        Rule.POPULATION: problem.least_people is not None or problem.most_people is not None,
        Rule.DISTANCE: problem.farthest is not None,
    }
    return tuple(rule for rule, is_asked in has.items() if is_asked)


def _broken(problem: Problem, *, ends: float, clock: Callable[[], float]) -> tuple[Rule, ...]:
    """The rules of which giving up a single one makes the problem possible."""
    found = []
    rules = asked_for(problem)
    for left, rule in zip(range(len(rules), 0, -1), rules, strict=True):
        relaxed = without(problem, rule)
        if plainly_impossible(relaxed):
            continue
        share = clock() + (ends - clock()) / left
        if _first_answer(relaxed, lower_bound(relaxed), ends=share, clock=clock) is not None:
            found.append(rule)
    return tuple(found)

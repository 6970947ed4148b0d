"""Documents of a plan as rows: asked for once, finished, dropped; and the prefecture's Word template."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from plans.formulas.content import Content
from plans.models import Plan, PlanOutput, PlanVersion, WordTemplate
from regions.models import Region
from zaitaku.accounts.models import User
from zaitaku.jobs.actions import UNFINISHED, enqueue
from zaitaku.jobs.models import Job

MAKE_DOCUMENT = "make_document"
KEPT_DAYS = 30
# Each takes seconds of a worker: nobody needs more of them at once than a plan has.
MOST_WAITING = 20


class TooManyOutputs(Exception):
    """So many documents wait to be made that another would only wait longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A document asked for; `key` is the digest of all it is made from, `content` that of a draft."""

    plan: Plan
    version: PlanVersion | None
    kind: PlanOutput.Kind
    key: str
    digest: str
    content: Content | None


@transaction.atomic
def start_output(order: Order, *, by: User, is_made: bool = False) -> PlanOutput:
    """The document's row with a job that makes it; a row whose job runs, or whose file `is_made`, stays as it is.

    Raises `TooManyOutputs`.
    """
    # The plan's row is locked so that two who ask at once get one document.
    Plan.objects.select_for_update(of=("self",)).get(pk=order.plan.pk)
    known = PlanOutput.objects.select_related("job").filter(plan=order.plan, key=order.key).first()
    if known is not None and (is_made or known.job.status in UNFINISHED):
        return known
    if Job.objects.filter(kind=MAKE_DOCUMENT, status__in=UNFINISHED).count() >= MOST_WAITING:
        raise TooManyOutputs
    job = enqueue(MAKE_DOCUMENT, title=_title(order), parameters={"key": order.key, "plan": order.plan.pk}, by=by)
    if known is not None:
        known.job, known.made_at, known.size = job, None, None
        known.save(update_fields=["job", "made_at", "size"])
        return known
    return PlanOutput.objects.create(
        plan=order.plan,
        version=order.version,
        kind=order.kind,
        key=order.key,
        digest=order.digest,
        content=None if order.version else order.content,
        job=job,
        made_by=by,
    )


def _title(order: Order) -> str:
    """Anybody may read the names of jobs, so it tells nothing of what a plan says."""
    which = f"第{order.version.number}版" if order.version else "下書き"
    return f"文書の作成：{order.plan.prefecture.name}{order.plan.period}年度からの計画 {which} {order.kind.label}"[:200]


def finish_output(output: PlanOutput, *, size: int) -> None:
    """The file is there."""
    PlanOutput.objects.filter(pk=output.pk).update(made_at=timezone.now(), size=size)


def drop_old_outputs(*, now: dt.datetime) -> tuple[str, ...]:
    """Drop documents made more than `KEPT_DAYS` ago but those of public versions; returns the keys of their files."""
    oldest = now - dt.timedelta(days=KEPT_DAYS)
    old = PlanOutput.objects.filter(Q(made_at__lt=oldest) | Q(made_at=None, asked_at__lt=oldest))
    old = old.exclude(version__state=PlanVersion.State.PUBLISHED).exclude(job__status__in=UNFINISHED)
    keys = tuple(old.values_list("key", flat=True))
    old.delete()
    return keys


@transaction.atomic
def keep_template(prefecture: Region, *, filename: str, content: bytes, by: User) -> WordTemplate:
    """Take a checked file as the prefecture's template, in place of an earlier one."""
    values: Mapping[str, Any] = {
        "filename": filename[:200],
        "content": content,
        "digest": hashlib.sha256(content).hexdigest(),
        "by": by,
    }
    return WordTemplate.objects.update_or_create(prefecture=prefecture, defaults=values)[0]


def drop_template(prefecture: Region) -> None:
    """Back to the plain look."""
    WordTemplate.objects.filter(prefecture=prefecture).delete()

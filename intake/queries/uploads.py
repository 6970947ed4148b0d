"""Uploads as their pages show them, and who may see and decide about which."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from intake.differences import Difference
from intake.models import Upload
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import ADMINISTRATOR, PREFECTURE, Actor, may_import
from zaitaku.lib.prefectures import Prefecture, prefecture
from zaitaku.lib.problems import Problem

_WORKED_ON = (Upload.Status.CHECKING, Upload.Status.APPLYING)
_NOT_APPLIED = (Upload.Status.READY, Upload.Status.REFUSED, Upload.Status.UNCHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDetail:
    """One upload with what was found in it.

    `may_*` say what the person who looks may do by role and scope, `offers_*` what of it can be done now.
    """

    upload: Upload
    place: Prefecture | None
    difference: Difference
    problems: tuple[Problem, ...]
    is_working: bool
    is_stuck: bool
    may_decide: bool
    may_discard: bool

    @property
    def offers_apply(self) -> bool:
        """Whether it waits for being taken in."""
        return self.may_decide and self.upload.status == Upload.Status.READY

    @property
    def offers_discard(self) -> bool:
        """Whether it can be thrown away now."""
        return self.may_discard and (self.upload.status in _NOT_APPLIED or self.is_stuck)

    @property
    def offers_undo(self) -> bool:
        """Whether there is something to undo."""
        return self.may_decide and self.upload.status == Upload.Status.APPLIED


def may_hand_in(actor: Actor) -> bool:
    """Whether there is anything this person may take in: 管理者, and 都道府県担当 with a prefecture."""
    return actor.role == ADMINISTRATOR or (actor.role == PREFECTURE and any(len(code) == 2 for code in actor.codes))


def visible_uploads(user: User, actor: Actor) -> QuerySet[Upload]:
    """The uploads a person may see, newest first: administrators all, officials their own and their prefecture's.

    What another prefecture's official tried with a file of this prefecture is not shown.
    """
    uploads = Upload.objects.select_related("by", "job", "source").order_by("-created_at", "-pk")
    if actor.role == ADMINISTRATOR:
        return uploads
    if not may_hand_in(actor):
        return uploads.none()
    colleagues = User.objects.filter(Q(role=ADMINISTRATOR) | Q(scopes__code__in=actor.codes))
    return uploads.filter(Q(by=user) | Q(prefecture_code__in=actor.codes, by__in=colleagues))


def get_upload(upload_id: int, *, user: User, actor: Actor) -> UploadDetail | None:
    """One upload, None if there is none that this person may see."""
    upload = visible_uploads(user, actor).filter(pk=upload_id).first()
    if upload is None:
        return None
    is_stuck = is_unfinished(upload) and (upload.job is None or upload.job.finished_at is not None)
    decides = may_import(actor, upload.prefecture_code)
    return UploadDetail(
        upload=upload,
        place=prefecture(upload.prefecture_code),
        difference=Difference.from_json(upload.difference),
        problems=tuple(Problem(**problem) for problem in upload.problems),
        is_working=is_unfinished(upload) and not is_stuck,
        is_stuck=is_stuck,
        may_decide=decides,
        may_discard=decides or upload.by_id == user.pk,
    )


def is_unfinished(upload: Upload) -> bool:
    """Whether a worker has yet to check or apply it."""
    return upload.status in _WORKED_ON

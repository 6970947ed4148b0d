"""What a prefecture does with its own indicators: save, publish, retire, take the retirement back, delete a draft."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction

from indicators.actions.sync_definitions import sync_definitions
from indicators.definitions.own import definition_scope, everybody
from indicators.definitions.registry import UnknownIndicator, digest, find_dependents, get_definition
from indicators.definitions.schema import Definition
from indicators.models import DefinitionChange, OwnIndicator
from zaitaku.accounts.models import User

State = OwnIndicator.State
Kind = DefinitionChange.Kind
_LOCK_SPACE = 0x4F574E49  # "OWNI": our half of the two-part key of an advisory lock
_MOST = 999


class NotNow(Exception):
    """The step is not possible in the present state; the sentence says why and what to do."""


class ChangedMeanwhile(NotNow):
    """Somebody else saved a version since the form was opened."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(
            f"この画面を開いた後に、ほかの人が第{version}版を保存しました。"
            "入力した内容はこの画面に残っています。別の画面で第"
            f"{version}版を確かめ、必要な変更をもう一度保存してください。"
        )


@transaction.atomic
def create(definition: Definition, *, by: User) -> OwnIndicator:
    """Save a new draft under the prefecture's next free code. The definition's own code and version are replaced."""
    code = _next_code(definition.owner)
    first = definition.model_copy(update={"code": code, "version": 1})
    own = OwnIndicator.objects.create(
        code=code, prefecture_code=first.owner, digest=digest(first), definition=first.model_dump(mode="json")
    )
    _note(own, Kind.SAVED, by=by)
    return own


@transaction.atomic
def save(definition: Definition, *, opened_version: int, by: User) -> OwnIndicator:
    """Save a new version of an existing indicator, unless nothing differs. A published one changes at once.

    Raises `ChangedMeanwhile` if `opened_version` is no longer the newest, `NotNow` for a retired one.
    """
    own = _locked(definition.code)
    if own.version != opened_version:
        raise ChangedMeanwhile(own.version)
    if own.state == State.RETIRED:
        raise NotNow("廃止した指標は変更できません。変更するには、先に廃止を取り消してください。")
    if digest(definition.model_copy(update={"version": own.version})) == own.digest:
        return own
    _refuse_to_hide_a_part(own, definition)
    new = definition.model_copy(update={"version": own.version + 1})
    own.version, own.digest, own.definition = new.version, digest(new), new.model_dump(mode="json")
    own.save()
    _note(own, Kind.SAVED, by=by)
    if own.state == State.PUBLISHED:
        sync_definitions([new])
    return own


@transaction.atomic
def publish(code: str, *, by: User) -> OwnIndicator:
    """Draft → published. The caller has its values computed."""
    own = _locked(code)
    if own.state != State.DRAFT:
        raise NotNow(f"公開できるのは下書きだけです（いまは「{own.get_state_display()}」です）。")
    own = _step(own, State.PUBLISHED, Kind.PUBLISHED, by=by)
    sync_definitions([Definition.model_validate(own.definition)])
    return own


@transaction.atomic
def retire(code: str, *, by: User) -> OwnIndicator:
    """Published → retired: shown nowhere any more; its values and history stay."""
    own = _locked(code)
    if own.state != State.PUBLISHED:
        raise NotNow(f"廃止できるのは公開中の指標だけです（いまは「{own.get_state_display()}」です）。")
    if parts := _dependents(code):
        raise NotNow(f"「{'」「'.join(parts)}」の構成に使われているので廃止できません。先にそちらを変更してください。")
    return _step(own, State.RETIRED, Kind.RETIRED, by=by)


@transaction.atomic
def reinstate(code: str, *, by: User) -> OwnIndicator:
    """Retired → published again, with the same version."""
    own = _locked(code)
    if own.state != State.RETIRED:
        raise NotNow(f"廃止を取り消せるのは廃止した指標だけです（いまは「{own.get_state_display()}」です）。")
    definition = Definition.model_validate(own.definition)
    missing = [part.code for part in definition.components if not _is_there(part.code)]
    if missing:
        raise NotNow(f"構成する指標{'・'.join(missing)}がありません。先にその廃止を取り消してください。")
    return _step(own, State.PUBLISHED, Kind.REINSTATED, by=by)


@transaction.atomic
def delete_draft(code: str) -> None:
    """Remove a draft with its history. What was published once stays for good."""
    own = _locked(code)
    if own.state != State.DRAFT:
        raise NotNow("公開したことのある指標は削除できません。使わなくなったら廃止してください。")
    DefinitionChange.objects.filter(code=code).delete()
    own.delete()


def _locked(code: str) -> OwnIndicator:
    return OwnIndicator.objects.select_for_update().get(code=code)


def _step(own: OwnIndicator, state: OwnIndicator.State, kind: DefinitionChange.Kind, *, by: User) -> OwnIndicator:
    own.state = state
    own.save()
    _note(own, kind, by=by)
    return own


def _note(own: OwnIndicator, kind: DefinitionChange.Kind, *, by: User) -> None:
    content = own.definition if kind == Kind.SAVED else None
    DefinitionChange.objects.create(code=own.code, version=own.version, kind=kind, definition=content, by=by)


def _next_code(prefecture_code: str) -> str:
    """The next number of the prefecture; two officials who create at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, int(prefecture_code)])
    used = OwnIndicator.objects.filter(prefecture_code=prefecture_code).values_list("code", flat=True)
    number = max((int(code[-3:]) for code in used), default=0) + 1
    if number > _MOST:
        raise NotNow(f"独自の指標は{_MOST}件までです。")
    return f"P{prefecture_code}_{number:03d}"


def _refuse_to_hide_a_part(own: OwnIndicator, definition: Definition) -> None:
    """What others see must not be made of what they may not see."""
    narrows = definition.visibility != own.definition["visibility"] and definition.visibility == "prefecture"
    if narrows and (parts := _dependents(own.code, visible_to_all=True)):
        raise NotNow(f"だれでも見られる「{'」「'.join(parts)}」の構成に使われているので、表示の範囲を狭められません。")


def _dependents(code: str, *, visible_to_all: bool = False) -> Collection[str]:
    """The composites that it is part of: as they are defined now, and as their values were computed."""
    found: dict[str, Definition] = {}
    for newest in (False, True):
        with definition_scope(everybody, newest=newest):
            found |= {one.code: one for one in find_dependents(code)}
    return [one.name for one in found.values() if not visible_to_all or one.visibility == "all"]


def _is_there(code: str) -> bool:
    with definition_scope(everybody, newest=True):
        try:
            get_definition(code)
        except UnknownIndicator:
            return False
    return True

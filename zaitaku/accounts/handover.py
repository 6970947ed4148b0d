"""What is in somebody's charge, by the names of models of other apps, which this app lies below."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model, QuerySet

from zaitaku.accounts.models import User


@dataclass(frozen=True, slots=True)
class Owned:
    """A model whose `field` names the person in charge."""

    label: str
    model: str
    field: str

    def of(self, user: User) -> QuerySet[Model]:
        """What is in this person's charge."""
        found: QuerySet[Model] = apps.get_model(self.model)._default_manager.filter(**{self.field: user})
        return found


OWNED = (Owned("計画の章", "plans.Chapter", "owner"),)


def count_owned(user: User) -> tuple[tuple[str, int], ...]:
    """How much of each kind somebody has in charge."""
    return tuple((owned.label, owned.of(user).count()) for owned in OWNED)

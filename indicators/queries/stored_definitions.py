"""The published indicators of prefectures, as the registry serves them in every process."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat

from indicators.definitions.schema import Definition
from indicators.models import OwnIndicator

_PUBLISHED = OwnIndicator.objects.filter(state=OwnIndicator.State.PUBLISHED)
_kept: dict[str, Mapping[str, Definition]] = {}


def read_published() -> Mapping[str, Definition]:
    """Published own definitions by code. Parsed once for each state of the table: one small query asks which it is.

    The state is a hash over what is published, not a counter or a time: it cannot be the same for two different
    contents, whichever process changed them and in whatever order the changes were committed.
    """
    fingerprint = _fingerprint()
    found = _kept.get(fingerprint)
    if found is None:
        rows = _PUBLISHED.values_list("code", "digest", "definition").order_by("code")
        read = list(rows)
        found = {code: Definition.model_validate(content) for code, _digest, content in read}
        _kept.clear()
        _kept[fingerprint] = found
    return found


def _fingerprint() -> str:
    content = StringAgg(
        Concat(F("code"), Value(":"), F("digest"), output_field=TextField()), delimiter=",", order_by="code"
    )
    found = _PUBLISHED.aggregate(state=Func(content, function="md5", output_field=TextField()))
    return str(found["state"] or "")

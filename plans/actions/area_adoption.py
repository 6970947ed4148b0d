"""Adopting a draft as the prefecture's 在宅医療圏, and taking that back while nothing uses it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from indicators.actions.forget_areas import forget_areas
from plans.models import AreaDraft
from plans.queries.area_drafts import get_partition
from regions.actions.adopted_schemes import AdoptedArea, adopt_scheme, withdraw_scheme
from regions.models import AreaScheme
from regions.queries.regions import get_base_units
from zaitaku.accounts.models import User


class AdoptionRefused(Exception):
    """The draft cannot be adopted, or an adoption not be withdrawn, with a sentence that says why."""


@transaction.atomic
def adopt_draft(draft_id: int, *, version: int, effective_from: dt.date, name: str, by: User) -> AreaScheme:
    """Make the draft the 在宅医療圏 from a day on; the former ones end there. Raises `AdoptionRefused`."""
    draft = AreaDraft.objects.select_for_update(of=("self",)).select_related("prefecture").get(pk=draft_id)
    if draft.version != version:
        raise AdoptionRefused("この案は、画面を開いたあとに変更されました。内容を確かめて、もう一度決定してください。")
    if draft.adopted_as_id is not None:
        raise AdoptionRefused("この案はすでに在宅医療圏として決定されています。")
    partition = get_partition(draft_id)
    units = {unit.code for unit in get_base_units(timezone.localdate()) if unit.code[:2] == draft.prefecture.code}
    if missing := units - set(partition.area_of):
        raise AdoptionRefused(f"どの圏域にも入っていない市区町村が{len(missing)}あります。すべて圏域に入れてください。")
    areas = [
        AdoptedArea(code=f"{draft.prefecture.code}{place:02d}", name=area.name, units=partition.units_in(area.number))
        for place, area in enumerate(partition.areas.values(), start=1)
    ]
    if empty := [area.name for area in areas if not area.units]:
        raise AdoptionRefused(
            f"市区町村のない圏域があります（{'、'.join(empty)}）。削除するか、市区町村を入れてください。"
        )
    former = AreaScheme.objects.filter(
        prefecture=draft.prefecture, kind=AreaScheme.Kind.HOME_CARE_AREA, effective_from__gte=effective_from
    )
    if former.exists():
        raise AdoptionRefused(
            "その日かそれより後に始まる在宅医療圏がすでに決定されています。適用開始日を後にしてください。"
        )
    draft.adopted_as = adopt_scheme(
        draft.prefecture, key=f"zaitaku-{draft.prefecture.code}-{draft.pk}", name=name, areas=areas,
        effective_from=effective_from, at=timezone.now(), by=by,
    )  # fmt: skip
    draft.save(update_fields=["adopted_as"])
    return draft.adopted_as


@transaction.atomic
def withdraw_adoption(scheme_id: int, *, prefecture_code: str) -> None:
    """Take an adoption back that nothing uses yet; the draft stays. Raises `AdoptionRefused`."""
    scheme = AreaScheme.objects.get(pk=scheme_id, prefecture__code=prefecture_code)
    areas = list(scheme.areas.values_list("pk", flat=True))
    try:
        with transaction.atomic():  # what was computed goes only if nothing else holds the areas
            forget_areas(areas)
            withdraw_scheme(scheme)
    except ProtectedError:
        raise AdoptionRefused(
            "この在宅医療圏は、位置付けや計画などで使われているため取り消せません。新しい圏域を別の日から決定してください。"
        ) from None

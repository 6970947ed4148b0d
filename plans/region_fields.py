"""Choosing municipalities in forms, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from regions.models import Region

if TYPE_CHECKING:
    _RegionChoices = forms.ModelMultipleChoiceField[Region]
else:  # Django's own class takes no parameter when it runs
    _RegionChoices = forms.ModelMultipleChoiceField


class TownsField(_RegionChoices):
    """Some municipalities of a prefecture or an area, as boxes to tick."""

    def __init__(self, *, label: str, help_text: str = "") -> None:
        super().__init__(
            Region.objects.none(),
            label=label,
            help_text=help_text,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": "一覧から選んでください。",
                "invalid_pk_value": "一覧から選んでください。",
            },
        )

    def offer(self, municipalities: Sequence[Region]) -> None:
        """The municipalities there are to choose from; they are read already."""
        self.queryset = Region.objects.filter(pk__in=[one.pk for one in municipalities]).order_by("code")
        self.choices = [(one.pk, one.name) for one in municipalities]

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)

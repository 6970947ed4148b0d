"""Writing a cited figure down."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import transaction

from indicators.citation_models import Citation
from indicators.citations import CitedFigure, make_citation_text
from indicators.queries.citations import find_region_id
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import Actor


@transaction.atomic
def keep_citation(cited: CitedFigure, *, address: str, host: str, today: dt.date, by: User, actor: Actor) -> Citation:
    """Keep the figure as it stands. `address`: path and query of the view; `host` goes before it in the text."""
    return Citation.objects.create(
        made_by=by,
        prefecture_code=_prefecture(cited, actor),
        indicator_code=cited.query.code,
        indicator_name=cited.indicator_name,
        indicator_version=cited.indicator_version,
        year=cited.year,
        region_id=find_region_id(cited),
        region_name=cited.region_name,
        measure=cited.query.measure.value,
        figure=asdict(cited.figure),
        unit=cited.unit,
        sources=list(cited.sources),
        area_edition=cited.area_edition,
        as_of=cited.as_of,
        address=address,
        text=make_citation_text(cited, address=f"{host}{address}", today=today),
    )


def _prefecture(cited: CitedFigure, actor: Actor) -> str:
    """The prefecture that the citing official works for; the cited one where there are several."""
    codes = {code[:2] for code in actor.codes}
    if cited.prefecture_code in codes:
        return cited.prefecture_code
    return min(codes, default="")

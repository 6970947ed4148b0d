"""What several resources about indicators are asked with, and the view that keeps to what is for everybody."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from indicators.definitions import Definition, get_definition
from indicators.definitions.own import definition_scope, nobody
from indicators.definitions.registry import UnknownIndicator
from indicators.forms import DEFAULT_SCHEME
from indicators.queries.catalogue import get_nearest_codes
from regions.queries.schemes import get_schemes
from zaitaku.rest.parameters import Parameter, shown
from zaitaku.rest.views import ReadView, not_found

INDICATOR_PATTERN = r"^([A-Z]{1,3}_[SPO][0-9]{2}|P[0-9]{2}_[0-9]{3})$"
INDICATOR = Parameter(
    name="indicator",
    description="指標コード。繰り返すと、いずれかに当てはまるもの",
    example="DAY_S22",
    pattern=INDICATOR_PATTERN,
    is_many=True,
)
CODE = Parameter(name="code", description="指標コード", example="DAY_S22", pattern=INDICATOR_PATTERN)


class IndicatorView(ReadView):
    """A view that shows the indicators everybody may see, whoever is signed in in the same browser."""

    def get(self, request: Request, **path: str) -> Response:
        """The resource, looked up for nobody in particular."""
        with definition_scope(nobody):
            return super().get(request, **path)


def known_definition(code: str) -> Definition:
    """The definition of a code that was asked for. Raises `ApiError`."""
    try:
        return get_definition(code)
    except UnknownIndicator:
        near = "・".join(card.code for card in get_nearest_codes(code)[:3])
        hint = f"似たコードは{near}です。" if near else "/api/v1/indicators/ の一覧から選んでください。"
        raise not_found(f"指標コード「{shown(code)}」はありません。", field="indicator", hint=hint) from None


def known_scheme(key: str) -> str:
    """The key of the scheme asked for; the default one if none is. Raises `ApiError`."""
    known = [scheme.key for scheme in get_schemes()]
    if not key:
        return DEFAULT_SCHEME if DEFAULT_SCHEME in known else next(iter(known), "")
    if key not in known:
        hint = f"あるのは{'・'.join(known)}です。" if known else ""
        raise not_found(f"圏域の区分「{shown(key)}」はありません。", field="scheme", hint=hint)
    return key

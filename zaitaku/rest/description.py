"""The description of the API in OpenAPI 3.1, made from the views themselves (drf-spectacular)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from zaitaku.rest.parameters import Parameter
from zaitaku.rest.problems import CONTENT_TYPE, ProblemDetails

if TYPE_CHECKING:  # the views need this module to be there first
    from zaitaku.rest.views import ReadView

_REFUSALS = {
    400: "パラメーターの誤り",
    401: "APIキーの誤り",
    403: "許可されていない操作",
    404: "対象がない",
    405: "GET・HEAD以外のメソッド",
    406: "JSON以外の形式の要求",
    429: "回数の超過。Retry-Afterの秒数だけ待ってください",
    500: "サーバーの不具合",
}


class Description(AutoSchema):
    """What the attributes of a `ReadView` say, as an operation."""

    view: ReadView

    def get_summary(self) -> str:
        return self.view.summary

    def get_description(self) -> str:
        return self.view.about

    def get_extensions(self) -> dict[str, str]:
        """An example that works as it stands: the path with its parameters filled in, and a query."""
        path = self.path
        for parameter in self.view.path_parameters:
            path = path.replace(f"{{{parameter.name}}}", parameter.example)
        return {"x-example": path + self.view.example}

    def get_auth(self) -> list[Any]:
        """A key may be sent, and need not be."""
        return [*super().get_auth(), {}]

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_operation_id(self) -> str:
        return type(self.view).__name__[0].lower() + type(self.view).__name__[1:]

    def get_override_parameters(self) -> list[OpenApiParameter | Any]:
        return [
            *(_described(parameter, "path") for parameter in self.view.path_parameters),
            *(_described(parameter, "query") for parameter in self.view.parameters),
        ]

    def get_request_serializer(self) -> None:
        return None

    def get_response_serializers(self) -> dict[Any, Any]:
        refusals = {
            (status, CONTENT_TYPE): OpenApiResponse(ProblemDetails, description=meaning)
            for status, meaning in _REFUSALS.items()
        }
        return {
            (200, "application/json"): OpenApiResponse(self.view.resource, description="成功"),
            304: OpenApiResponse(description="If-None-Matchに付けたETagのものから変わっていない"),
            **refusals,
        }


def _described(parameter: Parameter, location: Literal["path", "query"]) -> OpenApiParameter:
    return OpenApiParameter(
        name=parameter.name,
        location=location,
        type=parameter.schema(),
        description=parameter.description,
        required=parameter.is_required or location == "path",
        # An array is sent as `year=2024&year=2025`.
        explode=True if parameter.is_many else None,
        style="form" if parameter.is_many else None,
    )


class KeyScheme(OpenApiAuthenticationExtension):
    """How a key is sent."""

    target_class = "zaitaku.rest.access.KeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, _auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "「APIキー」の頁で作ったキー。付けなくても読み取れ、付けるとより多く使えます",
        }

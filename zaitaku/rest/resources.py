"""What the API gives out: frozen models that are both the answer and its description in OpenAPI."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field


def _for_readers(schema: dict[str, Any]) -> None:
    """Leave out what pydantic derives from English names: the description is read by users in Japanese."""
    schema.pop("description", None)
    schema.pop("title", None)
    for field in schema.get("properties", {}).values():
        field.pop("title", None)


class Resource(BaseModel):
    """One kind of answer. Every field says in Japanese what it is."""

    model_config = ConfigDict(frozen=True, json_schema_extra=_for_readers)

    def as_json(self) -> bytes:
        """UTF-8, with null where there is no value."""
        return self.model_dump_json().encode()


Row = TypeVar("Row", bound=Resource)


class Page(Resource, Generic[Row]):
    """Some rows of a list, and the address of those that follow."""

    results: tuple[Row, ...] = Field(description="この頁の行")
    next: str | None = Field(description="次の頁のアドレス。最後の頁ではnull")

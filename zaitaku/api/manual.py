"""What the page about the API shows, taken from its description, so that the two cannot differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from zaitaku.api.schema import get_schema
from zaitaku.rest.problems import Code

_BLOCK = re.compile(r"^```(?P<language>python|r)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter, or a field of an answer; `lead` is its depth below the answer."""

    name: str
    type: str
    description: str
    is_required: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One address: what it gives, what it takes, and an example that works as it stands."""

    ident: str
    path: str
    summary: str
    about: str
    example: str
    parameters: tuple[Field, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The operations on one subject."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiManual:
    """The whole page."""

    groups: tuple[Group, ...]
    problem: tuple[Field, ...]
    codes: tuple[Code, ...]
    python: str
    r: str


@cache
def get_manual() -> ApiManual:
    """The page about the API; it changes only with the program."""
    schema = get_schema()
    groups: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        operation = methods["get"]
        groups.setdefault(operation["tags"][0], []).append(_operation(path, operation, schema))
    examples = _examples()
    return ApiManual(
        groups=tuple(Group(name=name, operations=tuple(found)) for name, found in groups.items()),
        problem=tuple(_fields(schema["components"]["schemas"]["ProblemDetails"], schema)),
        codes=tuple(Code),
        python=examples["python"],
        r=examples["r"],
    )


def _examples() -> dict[str, str]:
    """The programs of docs/api.md, which the tests run."""
    text = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
    return {block["language"]: block["code"] for block in _BLOCK.finditer(text)}


def _operation(path: str, operation: Mapping[str, Any], schema: Mapping[str, Any]) -> Operation:
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return Operation(
        ident=operation["operationId"],
        path=path,
        summary=operation["summary"],
        about=operation.get("description", ""),
        example=operation["x-example"],
        parameters=tuple(
            Field(
                name=parameter["name"],
                type=_type(parameter["schema"]),
                description=parameter["description"],
                is_required=parameter.get("required", False),
            )
            for parameter in operation.get("parameters", ())
        ),
        fields=tuple(_fields(_resolve(answer, schema), schema)),
    )


def _fields(resource: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0) -> list[Field]:
    """The fields of a resource, each followed by those inside it."""
    found: list[Field] = []
    for name, field in resource.get("properties", {}).items():
        found.append(Field(name=name, type=_type(field, schema), description=field.get("description", ""), depth=depth))
        inner = _inner(field, schema)
        if inner is not None:
            found += _fields(inner, schema, depth + 1)
    return found


def _inner(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The resource a field holds, alone or in a list."""
    for part in (field, field.get("items", {}), *field.get("anyOf", ())):
        if "$ref" in part:
            resolved = _resolve(part, schema)
            return resolved if "properties" in resolved else None
    return None


def _resolve(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    found: Mapping[str, Any] = schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[-1]]
    return found


_TYPES = {
    "string": "文字列",
    "integer": "整数",
    "number": "数値",
    "boolean": "真偽値",
    "object": "オブジェクト",
    "null": "null",
}


def _type(field: Mapping[str, Any], schema: Mapping[str, Any] | None = None) -> str:
    """The type in a word or two."""
    if "anyOf" in field:
        return "・".join(_type(part, schema) for part in field["anyOf"])
    if "$ref" in field:
        return _type(_resolve(field, schema), schema) if schema else "オブジェクト"
    if field.get("type") == "array":
        return f"{_type(field.get('items', {}), schema)}の並び"
    if field.get("format") in ("date", "date-time"):
        return "日付" if field["format"] == "date" else "日時"
    return _bounded(_TYPES.get(str(field.get("type")), "値"), field)


def _bounded(name: str, field: Mapping[str, Any]) -> str:
    default = f"、既定{field['default']}" if "default" in field else ""
    choices: Sequence[str] = field.get("enum", ())
    if choices and len(choices) <= 8:
        return f"{'・'.join(choices)}{default}"
    if "minimum" in field and "maximum" in field:
        return f"{name}（{field['minimum']}〜{field['maximum']}{default}）"
    return f"{name}{default}"

"""Every indicator there is: the definition files, one per indicator, and the prefectures' own (`definitions.own`)."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from indicators.definitions.own import (
    find_outdated_values,
    find_own_definition,
    is_own_code,
    outdated_codes,
    visible_own_definitions,
)
from indicators.definitions.schema import Definition

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DefinitionProblem:
    """What is wrong with a definition: which file, which field, why."""

    file: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file} {self.field}：{self.reason}" if self.field else f"{self.file}：{self.reason}"


class DefinitionRefused(Exception):
    """One or more definition files cannot be used; nothing was taken."""

    def __init__(self, problems: Iterable[DefinitionProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownIndicator(LookupError):
    """There is no indicator of that code."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"指標コード「{code}」はありません。指標カタログで確かめてください。")


def parse_definition(content: str, *, filename: str) -> Definition:
    """One definition from the text of its file. Raises `DefinitionRefused` naming file, field and reason."""
    try:
        definition = Definition.model_validate(tomllib.loads(content))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionRefused([DefinitionProblem(filename, "", f"TOMLとして読めません（{error}）。")]) from error
    except ValidationError as error:
        raise DefinitionRefused(_problems(error, filename=filename)) from error
    if Path(filename).stem != definition.code:
        raise DefinitionRefused(
            [DefinitionProblem(filename, "code", f"ファイル名とコード「{definition.code}」をそろえてください。")]
        )
    if definition.owner:
        reason = "都道府県の独自の指標は、ファイルではなく画面で作ります。"
        raise DefinitionRefused([DefinitionProblem(filename, "owner", reason)])
    return definition


def load_definitions(folder: Path = FOLDER) -> dict[str, Definition]:
    """All definitions of a folder (files in capitals) by code. Every bad file is named, not only the first."""
    definitions: dict[str, Definition] = {}
    problems: list[DefinitionProblem] = []
    for path in sorted(folder.glob("[A-Z]*.toml")):
        try:
            definition = parse_definition(path.read_text(encoding="utf-8"), filename=path.name)
        except DefinitionRefused as refusal:
            problems.extend(refusal.problems)
        else:
            definitions[definition.code] = definition
    problems.extend(composite_problems(definitions))
    if problems:
        raise DefinitionRefused(problems)
    return definitions


def composite_problems(definitions: Mapping[str, Definition]) -> Iterable[DefinitionProblem]:
    """Composites of what is not there, or that come back to themselves: they would have no value, or never end."""
    for code, definition in definitions.items():
        for component in definition.components:
            if component.code not in definitions:
                reason = f"指標「{component.code}」はありません。"
                yield DefinitionProblem(f"{code}.toml", "components", reason)
        if definition.components and code in _reached_from(code, definitions):
            reason = "構成する指標をたどると、この指標自身に戻ります。循環を断ってください。"
            yield DefinitionProblem(f"{code}.toml", "components", reason)


def _reached_from(code: str, definitions: Mapping[str, Definition]) -> set[str]:
    """Every indicator that a composite is made of, over all its parts."""
    reached: set[str] = set()
    waiting = [component.code for component in definitions[code].components]
    while waiting:
        one = waiting.pop()
        if one not in reached and one in definitions:
            reached.add(one)
            waiting.extend(component.code for component in definitions[one].components)
    return reached


def with_components(definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    """The definitions and all that their composites are made of."""
    found: dict[str, Definition] = {}
    waiting = list(definitions)
    while waiting:
        one = waiting.pop(0)
        found.setdefault(one.code, one)
        waiting.extend(get_definition(part.code) for part in one.components if part.code not in found)
    return tuple(found.values())


@cache
def _registry() -> dict[str, Definition]:
    return load_definitions()


def official_definitions() -> tuple[Definition, ...]:
    """The definitions of the files, in order of code."""
    return tuple(_registry().values())


def _served(definition: Definition) -> Definition:
    """The official definition that the stored values come from."""
    outdated = find_outdated_values(definition.code)
    return outdated.definition if outdated else definition


def all_definitions() -> tuple[Definition, ...]:
    """Every definition: the files in order of code, then the prefectures' own that may be seen here."""
    own = visible_own_definitions()
    official = official_definitions()
    if outdated_codes() & _registry().keys():
        official = tuple(map(_served, official))
    return (*official, *(own[code] for code in sorted(own)))


def get_definition(code: str) -> Definition:
    """The definition of one indicator. Raises `UnknownIndicator`, also for what may not be seen here."""
    official = _registry().get(code)
    found = find_own_definition(code) if official is None and is_own_code(code) else official
    if found is None:
        raise UnknownIndicator(code)
    return found if official is None else _served(found)


def find_dependents(code: str) -> tuple[Definition, ...]:
    """The composites that an indicator is part of, over all their parts."""
    known = {definition.code: definition for definition in all_definitions()}
    return tuple(one for one in known.values() if one.components and code in _reached_from(one.code, known))


@cache
def official_digests() -> dict[str, str]:
    """The digest of every file, by code."""
    return {definition.code: digest(definition) for definition in official_definitions()}


def digest(definition: Definition) -> str:
    """SHA-256 of what the definition says, independent of layout and comments in its file."""
    said = definition.model_dump(mode="json", exclude=None if definition.owner else {"owner", "visibility"})
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _problems(error: ValidationError, *, filename: str) -> list[DefinitionProblem]:
    return [
        DefinitionProblem(
            filename, ".".join(str(part) for part in detail["loc"]), _reason(detail["type"], detail["msg"])
        )
        for detail in error.errors()
    ]


def _reason(kind: str, message: str) -> str:
    """Pydantic's complaint in Japanese; our own validators already speak it."""
    reasons = {
        "missing": "この項目が書かれていません。",
        "extra_forbidden": "この項目は定義にありません。綴りを確かめてください。",
        "string_too_short": "短すぎます。",
        "enum": "使える値ではありません。",
        "literal_error": "使える値ではありません。",
        "string_pattern_mismatch": "書き方が決まりに合いません。",
    }
    return reasons.get(kind, message.removeprefix("Value error, "))

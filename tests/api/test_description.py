"""The API against its own description: Schemathesis makes requests from it, right ones and wrong ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from tests.indicators.places import make_notified_clinics
from zaitaku.api.schema import get_schema

# Together with building the description within 20 s on two busy cores.
EXAMPLES = 6
PATHS = (
    "/api/v1/", "/api/v1/regions/", "/api/v1/regions/{kind}/{code}/", "/api/v1/schemes/", "/api/v1/schemes/{key}/",
    "/api/v1/institutions/", "/api/v1/institutions/{code}/", "/api/v1/indicators/", "/api/v1/indicators/{code}/",
    "/api/v1/definitions/", "/api/v1/definitions/{code}/", "/api/v1/values/", "/api/v1/benchmarks/",
    "/api/v1/sources/", "/api/v1/sources/{id}/",
)  # fmt: skip


@pytest.fixture(scope="module")
def described() -> Any:
    schema = schemathesis.openapi.from_dict(get_schema())
    schema.app = get_wsgi_application()
    return schema


@pytest.fixture(autouse=True)
def _without_limits(settings: Any) -> Iterator[None]:
    settings.API_RATES = {"visitor": "1000000/min", "key": "1000000/min"}
    settings.ALLOWED_HOSTS = ["*"]
    # A request of the real handler would close the connection that holds the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    cache.clear()


def test_every_address_of_the_api_is_described_and_tested(described: Any) -> None:
    assert tuple(described.raw_schema["paths"]) == PATHS
    assert described.raw_schema["openapi"] == "3.1.0"


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("path", PATHS)
def test_answers_are_as_described(described: Any, path: str, mode: GenerationMode) -> None:
    make_notified_clinics()
    operation = described[path]["GET"]
    if mode is GenerationMode.NEGATIVE and not operation.definition.raw.get("parameters"):
        return  # nothing that could be wrong

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and case.query:
            case.query.pop("cursor", None)  # a cursor is only ever right as the API gave it
        case.call_and_validate(excluded_checks=_not_for_us())

    check()


def _not_for_us() -> list[Any]:
    """Which region a code belongs to, or whether the one or the other parameter is there, no schema can say."""
    return [schemathesis.checks.positive_data_acceptance]


@pytest.mark.django_db
def test_every_example_of_the_description_works(client: Client, described: Any) -> None:
    make_notified_clinics()
    for path in PATHS:
        example = described.raw_schema["paths"][path]["get"]["x-example"]
        response = client.get(example)
        named = "{" in path
        assert response.status_code in ((200, 404) if named else (200,)), (example, response.content.decode())


@pytest.mark.django_db
def test_the_description_is_given_as_json_and_as_yaml(client: Client) -> None:
    import yaml

    given_as_json = client.get("/api/v1/openapi.json").json()
    assert yaml.safe_load(client.get("/api/v1/openapi.yaml").content) == given_as_json

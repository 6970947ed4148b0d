"""The frame of the site: health address, checks of the set-up, directions between apps."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.test import Client
from pytest_django import Settings

from zaitaku import checks

OWN_PACKAGES = {"zaitaku", "regions", "institutions", "indicators", "intake", "plans"}


@pytest.mark.django_db
def test_health_is_ok_when_database_and_broker_answer(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_health_names_a_broker_that_does_not_answer(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (503, b"unreachable: broker\n")


def test_missing_browser_assets_are_told_by_the_system_checks(settings: Settings, tmp_path: Path) -> None:
    settings.ASSETS_DIR = tmp_path
    found = [message for message in run_checks() if message.id == "zaitaku.W001"]
    assert len(found) == len(checks.ASSETS)
    assert found[0].hint == "Run `make setup`."


def test_production_without_named_servers_is_an_error(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.IS_PRODUCTION = True
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("REDIS_URL", "redis://valkey:6379/0")
    assert [message.msg for message in checks.production_names_its_servers()] == ["DATABASE_URL is not set."]


@pytest.mark.parametrize("loose", ["'unsafe-inline'", "https://cdn.example.com", "*"])
def test_a_policy_that_lets_something_in_from_elsewhere_is_an_error(settings: Settings, loose: str) -> None:
    assert checks.pages_allow_nothing_from_elsewhere() == []
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": ["'self'", loose]}}
    assert [message.id for message in checks.pages_allow_nothing_from_elsewhere()] == ["zaitaku.E002"]


def test_foreign_keys_point_downwards_between_apps() -> None:
    # INSTALLED_APPS lists the apps from the bottom up.
    level = {config.label: number for number, config in enumerate(apps.get_app_configs())}
    upwards = [
        f"{model._meta.label}.{field.name} → {target._meta.label}"
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in OWN_PACKAGES
        for field in model._meta.get_fields()
        if field.concrete and isinstance(target := field.related_model, type)
        if level[target._meta.app_label] > level[model._meta.app_label]
    ]
    assert upwards == []

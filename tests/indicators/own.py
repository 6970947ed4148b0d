"""A prefecture's own indicators as its officials make them: the form, the steps, and the worker behind them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from indicators.models import OwnIndicator
from indicators.tasks import compute
from zaitaku.jobs.models import Job

CLINICS = "notification.shien_clinic_3"
FORM: dict[str, Any] = {
    "name": "支援診３の数",
    "kana": "しえんしんさんのかず",
    "phase": "daily",
    "kind": "structure",
    "why": "県の計画で重点とする体制を、医療圏ごとに同じ物差しで見るために作りました。",
    "method": "rate",
    "item": [CLINICS],
    "item_from": [""],
    "item_to": [""],
    "denominator": "population.75plus",
    "pool_years": "1",
    "direction": "neutral",
    "interval": "auto",
    "comparison": "interval",
    "levels": ["nation", "prefecture", "area", "unit"],
    "caveats": "届出の数です。\n実際の訪問の数ではありません。",
    "visibility": "all",
    "next_review": "2027-11-01",
    "do": "save",
}


def created(client: Client, **changes: Any) -> OwnIndicator:
    """The draft that the form makes."""
    response = client.post("/indicators/own/new/", {**FORM, **changes})
    assert response.status_code == 302, response.content.decode()
    return OwnIndicator.objects.get(code=response.headers["Location"].split("/")[3])


def published(client: Client, **changes: Any) -> OwnIndicator:
    """A draft that was published and computed."""
    own = created(client, **changes)
    client.post(f"/indicators/own/{own.code}/publish/")
    finish_jobs()
    own.refresh_from_db()
    assert own.state == OwnIndicator.State.PUBLISHED
    return own


def finish_jobs() -> None:
    """What a worker would do."""
    for job in Job.objects.filter(kind="compute_indicators", status=Job.Status.QUEUED):
        compute(job.parameters, lambda _done, _total, _message: None)
        job.delete()


def composite(*codes: str, **more: Any) -> dict[str, Any]:
    """The entries of a composite of these indicators."""
    return {
        "method": "composite",
        "item": [],
        "denominator": "",
        "component": list(codes),
        "component_weight": ["2", *["1"] * (len(codes) - 1)],
        **more,
    }

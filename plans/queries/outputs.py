"""Documents of a plan for their page."""

from __future__ import annotations

from django.db.models import QuerySet

from plans.models import Plan, PlanOutput, PlanVersion, WordTemplate


def list_outputs(plan: Plan, *, public_only: bool) -> QuerySet[PlanOutput]:
    """The documents of a plan, the newest first; `public_only`: those of published versions (one query)."""
    related = PlanOutput.objects.filter(plan=plan).select_related("job", "version", "made_by")
    related = related.defer("content", "version__content")
    return related.filter(version__state=PlanVersion.State.PUBLISHED) if public_only else related


def find_output(output_id: int) -> PlanOutput:
    """A document with its plan and job. Raises `PlanOutput.DoesNotExist`."""
    related = PlanOutput.objects.select_related("plan__prefecture", "job", "version")
    return related.defer("content", "version__content").get(pk=output_id)


def is_public(output: PlanOutput) -> bool:
    """Whether everybody may have it."""
    return output.version is not None and output.version.state == PlanVersion.State.PUBLISHED


def find_template(prefecture_code: str) -> WordTemplate | None:
    """The prefecture's Word template."""
    return WordTemplate.objects.select_related("by").filter(prefecture__code=prefecture_code).first()

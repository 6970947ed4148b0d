"""入退院支援ルール: what hospitals, care managers and municipalities of an area agreed on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plans.models.plan import Plan
from regions.models import Region


def _part_of(field: str) -> Q:
    """At most as many take part as there are, where both are known."""
    return (
        Q(**{f"{field}__isnull": True}) | Q(**{f"{field}_of__isnull": True}) | Q(**{f"{field}__lte": F(f"{field}_of")})
    )


class DischargeRule(models.Model):
    """The rule of one area: when it was agreed, by whom, how far it reaches, when it is looked at again.

    Without `agreed_on` it is still being discussed. Numbers that are not known stay empty, which is not 0.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="discharge_rules", verbose_name="計画")
    area = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="圏域")
    name = models.CharField("ルールの名称", max_length=120, blank=True)
    agreed_on = models.DateField("合意日", null=True, blank=True)
    participants = models.TextField("参加機関", blank=True)
    hospitals = models.PositiveIntegerField("参加病院数", null=True, blank=True)
    hospitals_of = models.PositiveIntegerField("圏域の病院数", null=True, blank=True)
    care_managers = models.PositiveIntegerField("参加居宅介護支援事業所数", null=True, blank=True)
    care_managers_of = models.PositiveIntegerField("圏域の居宅介護支援事業所数", null=True, blank=True)
    review_on = models.DateField("見直し予定日", null=True, blank=True)
    document = models.CharField("文書の名称", max_length=200, blank=True)
    url = models.URLField("ルールのアドレス", blank=True)
    contact = models.CharField("問い合わせ先", max_length=200, blank=True)
    note = models.TextField("備考", blank=True)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "入退院支援ルール"
        verbose_name_plural = "入退院支援ルール"
        constraints = [
            models.UniqueConstraint(fields=["plan", "area"], name="discharge_rule_once"),
            models.CheckConstraint(name="discharge_rule_part_of_hospitals", condition=_part_of("hospitals")),
            models.CheckConstraint(name="discharge_rule_part_of_care_managers", condition=_part_of("care_managers")),
            models.CheckConstraint(
                name="discharge_rule_review_after_agreement",
                condition=Q(agreed_on__isnull=True) | Q(review_on__isnull=True) | Q(review_on__gt=F("agreed_on")),
            ),
        ]
        ordering = ["area__code"]

    def __str__(self) -> str:
        return f"{self.area}"


class DischargeRuleMunicipality(models.Model):
    """A municipality that takes part in a rule."""

    rule = models.ForeignKey(
        DischargeRule, on_delete=models.CASCADE, related_name="municipalities", verbose_name="入退院支援ルール"
    )
    municipality = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="市町村")

    class Meta:
        verbose_name = "参加する市町村"
        verbose_name_plural = "参加する市町村"
        constraints = [models.UniqueConstraint(fields=["rule", "municipality"], name="discharge_rule_joined_once")]
        ordering = ["municipality__code"]

    def __str__(self) -> str:
        return f"{self.municipality}"

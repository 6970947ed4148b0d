"""ロジックモデル: 施策 → 活動 → 中間アウトカム → 分野アウトカム, and why one is held to lead to the other."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plans.models.plan import Plan
from plans.models.policies import Policy


class LogicNode(models.Model):
    """One box of the model, tied to a policy or to a live indicator where there is one."""

    class Kind(models.TextChoices):
        """In the order of the columns."""

        POLICY = "policy", "施策"
        ACTIVITY = "activity", "活動"
        INTERMEDIATE = "intermediate", "中間アウトカム"
        OUTCOME = "outcome", "分野アウトカム"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="logic_nodes", verbose_name="計画")
    kind = models.CharField("段階", max_length=12, choices=Kind)
    title = models.CharField("内容", max_length=160)
    policy = models.ForeignKey(
        Policy, on_delete=models.SET_NULL, null=True, blank=True, related_name="logic_nodes", verbose_name="施策"
    )
    indicator_code = models.CharField("指標", max_length=20, blank=True)
    position = models.PositiveSmallIntegerField("順番", default=0)
    version = models.PositiveIntegerField("版", default=0)

    class Meta:
        verbose_name = "ロジックモデルの項目"
        verbose_name_plural = "ロジックモデルの項目"
        constraints = [
            models.CheckConstraint(name="logic_node_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="logic_node_policy_column", condition=Q(policy__isnull=True) | Q(kind__in=["policy", "activity"])
            ),
        ]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class LogicEdge(models.Model):
    """Why one box is held to lead to another."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="logic_edges", verbose_name="計画")
    source = models.ForeignKey(LogicNode, on_delete=models.CASCADE, related_name="outgoing", verbose_name="から")
    target = models.ForeignKey(LogicNode, on_delete=models.CASCADE, related_name="incoming", verbose_name="へ")
    reason = models.TextField("つながる理由", blank=True)
    evidence = models.TextField("根拠", blank=True)

    class Meta:
        verbose_name = "ロジックモデルのつながり"
        verbose_name_plural = "ロジックモデルのつながり"
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="logic_edge_once"),
            models.CheckConstraint(name="logic_edge_between_two", condition=~Q(source=F("target"))),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"

"""監査記録: who changed which row when, from what to what and why, kept by triggers of the database itself."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One change of one row of a watched table. Only triggers write it; nobody changes or deletes it.

    No foreign keys: an entry outlives what it speaks of. `actor` is empty for changes made outside the site, by direct
    SQL or a command; `database_role` says whose connection it was.
    """

    class Action(models.TextChoices):
        INSERT = "INSERT", "追加"
        UPDATE = "UPDATE", "変更"
        DELETE = "DELETE", "削除"

    at = models.DateTimeField("日時")
    actor = models.BigIntegerField("利用者の番号", null=True)
    actor_name = models.CharField("利用者", max_length=150, blank=True)
    address = models.CharField("接続元", max_length=45, blank=True)
    reason = models.TextField("理由", blank=True)
    database_role = models.CharField("データベースの役割", max_length=63)
    table = models.CharField("表", max_length=63)
    row = models.CharField("行", max_length=60)
    action = models.CharField("操作", max_length=6, choices=Action)
    before = models.JSONField("変更前", null=True)
    after = models.JSONField("変更後", null=True)

    class Meta:
        verbose_name = "監査記録"
        verbose_name_plural = "監査記録"
        indexes = [
            models.Index(fields=["table", "row", "-id"], name="audit_of_row"),
            models.Index(fields=["actor_name", "-id"], name="audit_of_actor"),
            models.Index(fields=["-at"], name="audit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.action}"

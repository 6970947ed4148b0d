"""Who uses the system: one role each, and a scope of prefectures or municipalities."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in. What the person may do follows from `role` and the rows of `Scope`."""

    class Role(models.TextChoices):
        PREFECTURE = "prefecture", "都道府県担当"
        APPROVER = "approver", "承認者"
        MUNICIPALITY = "municipality", "市町村担当"
        WORKING_GROUP = "working_group", "WG構成員"
        ANALYST = "analyst", "分析者"
        ADMINISTRATOR = "administrator", "管理者"

    role = models.CharField("役割", max_length=20, choices=Role, default=Role.ANALYST)
    display_name = models.CharField("氏名（表示名）", max_length=100, blank=True)
    is_demo = models.BooleanField("デモ", default=False)

    class Meta(AbstractUser.Meta):
        verbose_name = "利用者"
        verbose_name_plural = "利用者"
        constraints = [
            models.CheckConstraint(
                name="user_role_known",
                condition=models.Q(
                    role__in=["prefecture", "approver", "municipality", "working_group", "analyst", "administrator"]
                ),
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


class Scope(models.Model):
    """One prefecture (2-digit code) or municipality (5-digit code) a user works for."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="scopes", verbose_name="利用者")
    code = models.CharField("地域コード", max_length=5)

    class Meta:
        verbose_name = "担当地域"
        verbose_name_plural = "担当地域"
        constraints = [
            models.UniqueConstraint(fields=["user", "code"], name="scope_once_per_user"),
            models.CheckConstraint(name="scope_code_shape", condition=models.Q(code__regex=r"^[0-9]{2}([0-9]{3})?$")),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.code}"


class SignInEvent(models.Model):
    """One line of the sign-in log. Lines are only ever added; the lock-out is decided from them."""

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded", "ログイン"
        FAILED = "failed", "失敗"
        LOCKED = "locked", "一時停止中の試行"
        SIGNED_OUT = "signed_out", "ログアウト"

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="sign_in_events", verbose_name="利用者"
    )
    username = models.CharField("入力された利用者名", max_length=150)
    address = models.GenericIPAddressField("接続元", null=True, blank=True)
    outcome = models.CharField("結果", max_length=10, choices=Outcome)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "ログイン記録"
        verbose_name_plural = "ログイン記録"
        constraints = [
            models.CheckConstraint(
                name="sign_in_success_has_user",
                condition=~models.Q(outcome__in=["succeeded", "signed_out"]) | models.Q(user__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["username", "address", "-at"], name="sign_in_recent")]

    def __str__(self) -> str:
        return f"{self.username} {self.get_outcome_display()} {self.at:%Y-%m-%d %H:%M}"


class ApiKey(models.Model):
    """A key for the read API. Only a hash of it is kept; it is shown once, when it is made.

    The key has 256 random bits, so a plain SHA-256 cannot be guessed back; `prefix` lets its owner tell it apart.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys", verbose_name="利用者")
    name = models.CharField("名前", max_length=60, help_text="使う場所や目的")
    prefix = models.CharField("先頭", max_length=8)
    digest = models.CharField("ハッシュ", max_length=64, unique=True)
    created_at = models.DateTimeField("作成日時")
    last_used_at = models.DateTimeField("最終利用", null=True, blank=True)
    revoked_at = models.DateTimeField("取消日時", null=True, blank=True)

    class Meta:
        verbose_name = "APIキー"
        verbose_name_plural = "APIキー"
        constraints = [
            models.CheckConstraint(name="api_key_digest_shape", condition=models.Q(digest__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="api_key_revoked_after_creation",
                condition=models.Q(revoked_at__isnull=True) | models.Q(revoked_at__gte=models.F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"

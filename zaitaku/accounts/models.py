"""Who uses the system: one role each, and a scope of prefectures or municipalities."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac


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
    role_from = models.DateField("役割の開始日", null=True, blank=True)
    role_until = models.DateField("役割の終了日", null=True, blank=True, help_text="この日まで（この日を含む）")
    session_epoch = models.PositiveIntegerField(
        "ログインを終わらせた回数", default=0, help_text="増やすと、すべての端末のログインが終わる"
    )

    class Meta(AbstractUser.Meta):
        verbose_name = "利用者"
        verbose_name_plural = "利用者"
        constraints = [
            models.CheckConstraint(
                name="user_role_known",
                condition=models.Q(
                    role__in=["prefecture", "approver", "municipality", "working_group", "analyst", "administrator"]
                ),
            ),
            models.CheckConstraint(
                name="user_role_begins_before_it_ends",
                condition=models.Q(role_from__isnull=True)
                | models.Q(role_until__isnull=True)
                | models.Q(role_from__lte=models.F("role_until")),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """What a session is checked against at each request: a new password, role or epoch ends those there are."""
        content = f"{self.password}:{self.role}:{self.session_epoch}"
        return salted_hmac("zaitaku.accounts.session", content, secret=secret, algorithm="sha256").hexdigest()


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
    """One line of the sign-in log: added, never changed, and removed by the database after a year.

    The lock-out is decided from it. `address` is the network the request came from (/24, /48), not the machine.
    """

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded", "ログイン"
        FAILED = "failed", "失敗（利用者名・パスワード）"
        LOCKED = "locked", "一時停止中の試行"
        SIGNED_OUT = "signed_out", "ログアウト"
        PASSWORD = "password", "パスワードの確認（二段階目へ）"
        FACTOR_FAILED = "factor_failed", "失敗（二段階認証）"
        ENDED = "ended", "時間切れ"
        FACTOR_ADDED = "factor_added", "二段階認証の登録"
        FACTOR_REMOVED = "factor_removed", "二段階認証の削除"
        RESET = "reset", "二段階認証の初期化（管理者）"
        UNLOCKED = "unlocked", "一時停止の解除（管理者）"
        PASSWORD_SET = "password_set", "パスワードの設定"

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="sign_in_events", verbose_name="利用者"
    )
    username = models.CharField("入力された利用者名", max_length=150)
    address = models.GenericIPAddressField("接続元", null=True, blank=True)
    agent = models.CharField("端末", max_length=60, blank=True)
    outcome = models.CharField("結果", max_length=20, choices=Outcome)
    detail = models.CharField("方法・理由", max_length=200, blank=True)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作した管理者"
    )
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
        indexes = [
            models.Index(fields=["username", "address", "-at"], name="sign_in_recent"),
            models.Index(fields=["address", "-at"], name="sign_in_of_address"),
            models.Index(fields=["-at"], name="sign_in_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.get_outcome_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def network(self) -> str:
        """The network as it is shown: `192.0.2.x`, `2001:db8:1::/48`; empty if unknown."""
        address = self.address or ""
        if address.endswith(".0"):
            return f"{address[:-1]}x"
        return f"{address}/48" if address.endswith("::") else address


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


class Passkey(models.Model):
    """A passkey (WebAuthn credential) of an account. What is kept is public: nobody can sign in with it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys", verbose_name="利用者")
    name = models.CharField("名前", max_length=60)
    credential = models.CharField("識別子", max_length=1400, unique=True, help_text="base64url")
    public_key = models.BinaryField("公開鍵")
    sign_count = models.PositiveBigIntegerField("署名回数", default=0)
    transports = models.JSONField("接続方法", default=list)
    created_at = models.DateTimeField("登録日時")
    last_used_at = models.DateTimeField("最終利用", null=True, blank=True)

    class Meta:
        verbose_name = "パスキー"
        verbose_name_plural = "パスキー"
        constraints = [
            models.CheckConstraint(
                name="passkey_credential_shape", condition=models.Q(credential__regex=r"^[A-Za-z0-9_-]{16,}$")
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"


class RecoveryCode(models.Model):
    """One of the codes for the day the telephone is gone: 80 random bits, only their SHA-256 is kept, good once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name="利用者")
    digest = models.CharField("ハッシュ", max_length=64)
    created_at = models.DateTimeField("作成日時")
    used_at = models.DateTimeField("使用日時", null=True, blank=True)

    class Meta:
        verbose_name = "復旧コード"
        verbose_name_plural = "復旧コード"
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once_per_user"),
            models.CheckConstraint(
                name="recovery_code_digest_shape", condition=models.Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {'使用済み' if self.used_at else '未使用'}"


class Invitation(models.Model):
    """A personal link with which somebody sets a password: the first one, or a new one. Good once, for a week."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations", verbose_name="利用者")
    digest = models.CharField("ハッシュ", max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="発行した管理者")
    created_at = models.DateTimeField("発行日時")
    expires_at = models.DateTimeField("期限")
    used_at = models.DateTimeField("使用日時", null=True, blank=True)
    revoked_at = models.DateTimeField("取消日時", null=True, blank=True)

    class Meta:
        verbose_name = "招待リンク"
        verbose_name_plural = "招待リンク"
        constraints = [
            models.CheckConstraint(name="invitation_digest_shape", condition=models.Q(digest__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="invitation_expires_after_creation", condition=models.Q(expires_at__gt=models.F("created_at"))
            ),
            # A second open link would live on after the first was thought to be the only one.
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open_per_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.expires_at:%Y-%m-%d}まで"

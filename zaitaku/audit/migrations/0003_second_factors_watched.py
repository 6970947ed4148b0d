"""Second factors and personal links under watch, without what would let somebody in."""

from django.db import migrations

from zaitaku.audit.watching import watch


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_noted_by_the_database"),
        ("accounts", "0005_sign_in_log_stays"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [
        watch(
            "otp_totp_totpdevice",
            without=("key", "last_t", "drift", "throttling_failure_count", "throttling_failure_timestamp", "last_used_at"),
        ),
        watch("accounts_passkey", without=("public_key", "credential", "sign_count", "last_used_at")),
        watch("accounts_recoverycode", without=("digest",)),
        watch("accounts_invitation", without=("digest",)),
    ]

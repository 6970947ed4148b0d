"""What is done without anybody asking."""

from __future__ import annotations

from celery import shared_task

from zaitaku.accounts.actions import forget_old_sign_ins as forget


@shared_task
def forget_old_sign_ins() -> int:
    """Remove the lines of the sign-in log that have been kept for their year; returns how many."""
    return forget()

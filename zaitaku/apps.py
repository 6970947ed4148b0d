"""Registers what belongs to the system as a whole."""

from django.apps import AppConfig


class ZaitakuConfig(AppConfig):
    """Frame of the system: settings, checks, set-up commands."""

    name = "zaitaku"

    def ready(self) -> None:
        """Register the Celery application, which tasks are queued through, and the system checks."""
        # Not in zaitaku/__init__: the supervisor has no need of Celery, and starts sooner without.
        from zaitaku import celery, checks  # noqa: F401 - importing registers

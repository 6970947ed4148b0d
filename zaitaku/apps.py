"""Registers what belongs to the system as a whole."""

from django.apps import AppConfig


class ZaitakuConfig(AppConfig):
    """Frame of the system: settings, checks, set-up commands."""

    name = "zaitaku"

    def ready(self) -> None:
        """Register the system checks."""
        from zaitaku import checks  # noqa: F401 - importing registers

"""The Celery application; tasks live in each app's `tasks` module."""

import os
import signal

from celery import Celery
from celery.signals import worker_process_init

from zaitaku.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")
app = Celery("zaitaku")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _die_with_the_worker(**_: object) -> None:
    """A pool process whose worker was killed ends too: its job starts again elsewhere and must not run twice."""
    die_with_parent(signal.SIGKILL)

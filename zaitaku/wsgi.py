"""The WSGI entry point that granian serves."""

import gc
import os
from importlib import import_module
from threading import Timer

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")
# What the figures of most pages need: too slow to wait for at the start, and for a visitor as well.
SOON_NEEDED = ("scipy.special",)
SECONDS_TILL_FIRST_PAGE = 3.0


def _load_what_is_soon_needed() -> None:
    for name in SOON_NEEDED:
        import_module(name)
    gc.freeze()


application = get_wsgi_application()
# Import the pages before the first visitor comes, not while that visitor waits.
_ = get_resolver().url_patterns
# What is imported stays: without this the collector walks through all of it again, 100 ms and more of somebody's page.
gc.collect()
gc.freeze()
_later = Timer(SECONDS_TILL_FIRST_PAGE, _load_what_is_soon_needed)
_later.daemon = True
_later.start()

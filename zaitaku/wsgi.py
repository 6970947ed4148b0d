"""The WSGI entry point that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")
application = get_wsgi_application()
# Import the pages before the first visitor comes, not while that visitor waits.
_ = get_resolver().url_patterns
# What is imported stays: without this the collector walks through all of it again, 100 ms and more of somebody's page.
gc.collect()
gc.freeze()

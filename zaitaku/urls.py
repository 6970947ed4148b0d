"""All addresses of the site; each app names its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("indicators.urls")),
    path("", include("zaitaku.sources.urls")),
    path("", include("zaitaku.jobs.urls")),
    path("accounts/", include("zaitaku.accounts.urls")),
]

"""All addresses of the site; each app names its own."""

from django.urls import include, path

from zaitaku.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("zaitaku.api.urls")),
    path("", include("indicators.urls")),
    path("", include("institutions.urls")),
    path("", include("intake.urls")),
    path("", include("plans.urls")),
    path("", include("zaitaku.sources.urls")),
    path("", include("zaitaku.jobs.urls")),
    path("accounts/", include("zaitaku.accounts.urls")),
    path("", include("zaitaku.audit.urls")),
    path("", include("zaitaku.pages.urls")),
]

handler400 = "zaitaku.pages.errors.bad_request"
handler403 = "zaitaku.pages.errors.permission_denied"
handler404 = "zaitaku.pages.errors.page_not_found"
handler500 = "zaitaku.pages.errors.server_error"

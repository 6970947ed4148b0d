"""Addresses of the pages on what a prefecture decides."""

from plans import area_urls, evaluation_urls, meeting_urls, output_urls, plan_urls, topic_urls

app_name = "plans"
urlpatterns = [
    *area_urls.urlpatterns,
    *evaluation_urls.urlpatterns,
    *meeting_urls.urlpatterns,
    *output_urls.urlpatterns,
    *plan_urls.urlpatterns,
    *topic_urls.urlpatterns,
]

from django.urls import path

from indicators.citation_urls import urlpatterns as citation_urls
from indicators.comparison_urls import urlpatterns as comparison_urls
from indicators.profile_urls import urlpatterns as profile_urls
from indicators.views.area_editions import area_editions
from indicators.views.area_types import area_types
from indicators.views.catalogue import indicator_list
from indicators.views.detail import indicator_detail
from indicators.views.download import (
    download,
    download_codebook,
    download_file,
    download_prepare,
    download_ready,
    download_result,
)
from indicators.views.exports import indicator_file
from indicators.views.history import definition_history
from indicators.views.home import home
from indicators.views.maps import map_data
from indicators.views.own import own_create, own_edit, own_list, own_step
from indicators.views.quality import data_quality, data_quality_csv
from indicators.views.report_figures import report_figures
from indicators.views.traces import figure_trace, figure_trace_csv

app_name = "indicators"
urlpatterns = [
    *citation_urls,
    *comparison_urls,
    *profile_urls,
    path("", home, name="home"),
    path("sources/quality/", data_quality, name="data-quality"),
    path("sources/quality.csv", data_quality_csv, name="data-quality-csv"),
    path("sources/areas/", area_editions, name="area-editions"),
    path("sources/area-types/", area_types, name="area-types"),
    path("indicators/", indicator_list, name="indicator-list"),
    path("download/", download, name="download"),
    path("download/figures.<str:file_format>", download_file, name="download-file"),
    path("download/codebook.csv", download_codebook, name="download-codebook"),
    path("download/prepare/", download_prepare, name="download-prepare"),
    path("download/<int:job_id>/", download_ready, name="download-ready"),
    path("download/<int:job_id>/file", download_result, name="download-result"),
    path("indicators/own/", own_list, name="own-list"),
    path("indicators/own/new/", own_create, name="own-create"),
    path("indicators/own/<str:code>/edit/", own_edit, name="own-edit"),
    path("indicators/own/<str:code>/<str:step>/", own_step, name="own-step"),
    path("indicators/reports/<int:round_id>/", report_figures, name="report-figures"),
    path("indicators/<str:code>/history/", definition_history, name="definition-history"),
    path("indicators/<str:code>/", indicator_detail, name="indicator-detail"),
    path("indicators/<str:code>/figures.<str:extension>", indicator_file, name="indicator-file"),
    path("indicators/<str:code>/map.json", map_data, name="indicator-map"),
    path("indicators/<str:code>/figures/<str:kind>/<str:region>/<int:year>/", figure_trace, name="figure-trace"),
    path(
        "indicators/<str:code>/figures/<str:kind>/<str:region>/<int:year>/evidence.csv",
        figure_trace_csv,
        name="figure-trace-csv",
    ),
]

"""The addresses of the read API, version 1. A later version stands beside it; what is here only grows."""

from __future__ import annotations

from django.urls import path, re_path

from indicators.api.benchmarks import BenchmarkList
from indicators.api.catalogue import DefinitionDetail, DefinitionList, IndicatorDetail, IndicatorList
from indicators.api.values import ValueList
from institutions.api import InstitutionDetail, InstitutionList
from regions.api import RegionDetail, RegionList, SchemeDetails, SchemeList
from zaitaku.api import views
from zaitaku.rest.views import NoResource
from zaitaku.sources.api import SourceDetails, SourceList

app_name = "api"
urlpatterns = [
    path("", views.ResourceIndex.as_view(), name="index"),
    path("docs/", views.docs, name="docs"),
    path("openapi.json", views.openapi_json, name="openapi-json"),
    path("openapi.yaml", views.openapi_yaml, name="openapi-yaml"),
    path("regions/", RegionList.as_view(), name="regions"),
    path("regions/<str:kind>/<str:code>/", RegionDetail.as_view(), name="region"),
    path("schemes/", SchemeList.as_view(), name="schemes"),
    path("schemes/<str:key>/", SchemeDetails.as_view(), name="scheme"),
    path("institutions/", InstitutionList.as_view(), name="institutions"),
    path("institutions/<str:code>/", InstitutionDetail.as_view(), name="institution"),
    path("indicators/", IndicatorList.as_view(), name="indicators"),
    path("indicators/<str:code>/", IndicatorDetail.as_view(), name="indicator"),
    path("definitions/", DefinitionList.as_view(), name="definitions"),
    path("definitions/<str:code>/", DefinitionDetail.as_view(), name="definition"),
    path("values/", ValueList.as_view(), name="values"),
    path("benchmarks/", BenchmarkList.as_view(), name="benchmarks"),
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/<str:id>/", SourceDetails.as_view(), name="source"),
    # Only addresses with a slash at the end, so that Django still adds the slash where it is missing.
    re_path(r"^(?:.*/)$", NoResource.as_view()),
]

"""Addresses of 計画の根拠に引用."""

from django.urls import path

from indicators.views.citations import citation_create, citation_list

urlpatterns = [
    path("citations/", citation_list, name="citation-list"),
    path("indicators/<str:code>/cite/", citation_create, name="citation-create"),
]

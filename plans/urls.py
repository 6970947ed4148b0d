"""Addresses of the pages on what a prefecture decides."""

from django.urls import URLPattern

app_name = "plans"
urlpatterns: list[URLPattern] = []

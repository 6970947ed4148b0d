"""Addresses of 県・圏域プロファイル."""

from django.urls import path

from indicators.views.profile import profile, profile_file

urlpatterns = [
    path("profile/", profile, name="profile"),
    path("profile/<str:chart>.<str:extension>", profile_file, name="profile-file"),
]

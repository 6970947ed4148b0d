"""Addresses of the evaluation of a plan (PDCA)."""

from django.urls import path

from plans.views import evaluation_carrying, evaluation_sheets, evaluations, verifications

_YEAR = "plans/<int:plan_id>/evaluation/<int:year>"

urlpatterns = [
    path("plans/<int:plan_id>/evaluation/", evaluations.show_overview, name="evaluation"),
    path("plans/<int:plan_id>/evaluation.<str:extension>", evaluation_sheets.download_all, name="evaluation-file"),
    path("plans/<int:plan_id>/evaluation/heritage/", evaluation_carrying.show_heritage, name="evaluation-heritage"),
    path("plans/<int:plan_id>/evaluation/whole/<str:kind>/", evaluation_sheets.show_whole, name="evaluation-whole"),
    path(f"{_YEAR}/", evaluation_sheets.show_year, name="evaluation-year"),
    path(f"{_YEAR}.<str:extension>", evaluation_sheets.download_year, name="evaluation-year-file"),
    path(f"{_YEAR}/policies/<int:policy_id>/", evaluations.evaluate_policy, name="evaluation-policy"),
    path(f"{_YEAR}/targets/<int:target_id>/", evaluations.evaluate_target, name="evaluation-target"),
    path(f"{_YEAR}/carry/", evaluation_carrying.carry_actions, name="evaluation-carry"),
    path(f"{_YEAR}/designations/", verifications.show_verifications, name="evaluation-designations"),
    path(f"{_YEAR}/designations.<str:extension>", verifications.download, name="evaluation-designations-file"),
    path(f"{_YEAR}/designations/<int:designation_id>/", verifications.verify, name="evaluation-designation"),
    path(
        "plans/<int:plan_id>/evaluation/<str:kind>/<int:year>/confirm/",
        evaluation_sheets.confirm,
        name="evaluation-confirm",
    ),
]

"""Addresses of the documents of a plan."""

from django.urls import path

from plans.views import outputs

urlpatterns = [
    path("plans/<int:plan_id>/outputs/", outputs.show_outputs, name="output-list"),
    path("plans/<int:plan_id>/outputs/template/", outputs.change_template, name="output-template"),
    path("plan-outputs/<int:output_id>/file", outputs.download_output, name="output-file"),
]

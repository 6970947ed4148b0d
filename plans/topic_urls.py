"""Addresses of what belongs to a plan in rows: targets, demand, policies, the logic model."""

from django.urls import path

from plans.views import targets

urlpatterns = [
    path("plans/<int:plan_id>/targets/", targets.show_targets, name="target-list"),
    path("plans/<int:plan_id>/targets/new/", targets.new_target, name="target-create"),
    path("plans/<int:plan_id>/targets/<int:target_id>/", targets.show_target, name="target-detail"),
    path("plans/<int:plan_id>/targets/<int:target_id>/remove/", targets.remove_target, name="target-remove"),
]

"""Addresses of what belongs to a plan in rows: targets, demand, policies, the logic model."""

from django.urls import path

from plans.views import demand, logic, policies, targets

urlpatterns = [
    path("plans/<int:plan_id>/targets/", targets.show_targets, name="target-list"),
    path("plans/<int:plan_id>/targets/new/", targets.new_target, name="target-create"),
    path("plans/<int:plan_id>/targets/<int:target_id>/", targets.show_target, name="target-detail"),
    path("plans/<int:plan_id>/targets/<int:target_id>/remove/", targets.remove_target, name="target-remove"),
    path("plans/<int:plan_id>/logic/", logic.show_model, name="logic-model"),
    path("plans/<int:plan_id>/logic/drawing.svg", logic.download_drawing, name="logic-drawing"),
    path("plans/<int:plan_id>/logic/nodes/<int:node_id>/", logic.change_node, name="logic-node"),
    path("plans/<int:plan_id>/logic/edges/", logic.new_edge, name="logic-edge-create"),
    path("plans/<int:plan_id>/logic/edges/<int:edge_id>/", logic.change_edge, name="logic-edge"),
    path("plans/<int:plan_id>/policies/", policies.show_policies, name="policy-list"),
    path("plans/<int:plan_id>/policies/new/", policies.edit_policy, name="policy-create"),
    path("plans/<int:plan_id>/policies/<int:policy_id>/", policies.edit_policy, name="policy-detail"),
    path("plans/<int:plan_id>/policies/<int:policy_id>/remove/", policies.remove_policy, name="policy-remove"),
    path("plans/<int:plan_id>/roadmap/", policies.show_roadmap, name="roadmap"),
    path("plans/<int:plan_id>/demand/", demand.show_demand, name="demand"),
    path("plans/<int:plan_id>/demand/<int:agreement_id>/", demand.change_demand, name="demand-row"),
]

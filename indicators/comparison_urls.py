"""Addresses of the pages that compare: 全国ビュー, 比較, 散布図, 地域グループ."""

from django.urls import path

from indicators.views import groups
from indicators.views.comparison import comparison, comparison_file
from indicators.views.national import national, national_file
from indicators.views.scatter import scatter, scatter_file

urlpatterns = [
    path("national/", national, name="national"),
    path("national/figures.<str:extension>", national_file, name="national-file"),
    path("comparison/", comparison, name="comparison"),
    path("comparison/figures.<str:extension>", comparison_file, name="comparison-file"),
    path("scatter/", scatter, name="scatter"),
    path("scatter/figures.<str:extension>", scatter_file, name="scatter-file"),
    path("groups/", groups.group_list, name="groups"),
    path("groups/new/", groups.group_builder, name="group-builder"),
    path("groups/new/file/", groups.group_read_file, name="group-read-file"),
    path("groups/save/", groups.group_save, name="group-save"),
    path("groups/view/", groups.group_view, name="group-view"),
    path("groups/view/figures.<str:extension>", groups.group_view_file, name="group-view-file"),
    path("groups/<slug:key>/", groups.group_detail, name="group-detail"),
    path("groups/<slug:key>/figures.<str:extension>", groups.group_file, name="group-file"),
    path("groups/<slug:key>/undo/", groups.group_undo, name="group-undo"),
    path("groups/<slug:key>/delete/", groups.group_delete, name="group-delete"),
    path("groups/<slug:key>/restore/", groups.group_restore, name="group-restore"),
]

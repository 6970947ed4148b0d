"""The addresses of 活動報告: those of the officials, and those that begin with a personal token."""

from django.urls import path

from institutions.views import reporting, reports

urlpatterns = [
    path("reports/", reports.report_list, name="report-list"),
    path("reports/open/", reports.report_open, name="report-open"),
    path("reports/rounds/<int:round_id>/change/", reports.round_change, name="round-change"),
    path("reports/rounds/<int:round_id>/links/", reports.report_links, name="report-links"),
    path("reports/rounds/<int:round_id>/<slug:name>.<str:extension>", reports.report_file, name="report-file"),
    path("reports/<int:report_id>/", reports.report_detail, name="report-detail"),
    path("reports/<int:report_id>/decide/", reports.report_decide, name="report-decide"),
    path("report/<str:token>/", reporting.report_form, name="report-form"),
    path("report/<str:token>/form.<str:extension>", reporting.report_sheet, name="report-sheet"),
    path("report/<str:token>/upload/", reporting.report_upload, name="report-upload"),
]

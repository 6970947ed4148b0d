from django.urls import path

from institutions.report_urls import urlpatterns as report_urls
from institutions.views import access_to_care, bodies, checks, designations, imports, public, requirements, settings

app_name = "institutions"
urlpatterns = [
    path("institutions/", bodies.institution_list, name="institution-list"),
    path("institutions/new/", bodies.body_create, name="body-create"),
    path("institutions/duplicates/", bodies.duplicate_list, name="duplicate-list"),
    path("institutions/merge/", bodies.body_merge, name="body-merge"),
    path("institutions/merges/<int:merge_id>/undo/", bodies.merge_undo, name="merge-undo"),
    path("institutions/<int:body_id>/", bodies.institution_detail, name="institution-detail"),
    path("designations/", designations.designation_list, name="designation-list"),
    path("designations/register.<str:extension>", designations.designation_file, name="designation-file"),
    path("designations/new/", designations.designation_create, name="designation-create"),
    path("designations/bulk/", designations.designation_bulk, name="designation-bulk"),
    path("designations/batches/<int:batch_id>/undo/", designations.batch_undo, name="batch-undo"),
    path("designations/import/", imports.designation_import, name="designation-import"),
    path("designations/import/form.<str:extension>", imports.import_form, name="designation-import-form"),
    path("designations/import/<int:batch_id>/", imports.import_preview, name="designation-import-preview"),
    path("designations/candidates/", checks.candidate_list, name="candidate-list"),
    path("designations/checks/", checks.check_list, name="check-list"),
    path("designations/checks.<str:extension>", checks.check_file, name="check-file"),
    path("designations/gaps/", requirements.designation_gaps, name="designation-gaps"),
    path("designations/settings/", settings.designation_settings, name="designation-settings"),
    path("designations/<int:designation_id>/programme/", settings.designation_programme, name="designation-programme"),
    path("designations/<int:designation_id>/", designations.designation_detail, name="designation-detail"),
    path("designations/<int:designation_id>/status/", designations.designation_status, name="designation-status"),
    path("designations/<int:designation_id>/edit/", designations.designation_edit, name="designation-edit"),
    path(
        "designations/<int:designation_id>/catchment/",
        designations.designation_catchment,
        name="designation-catchment",
    ),
    path("designations/<int:designation_id>/comment/", designations.designation_comment, name="designation-comment"),
    path("designations/<int:designation_id>/undo/", designations.designation_undo, name="designation-undo"),
    path(
        "designations/<int:designation_id>/checklist/",
        requirements.designation_checklist,
        name="designation-checklist",
    ),
    path("designated/", public.designated_public, name="designated-public"),
    path("designated/list.<str:extension>", public.designated_public_file, name="designated-public-file"),
    path("access/", access_to_care.access, name="access"),
    path("access/figures.<str:extension>", access_to_care.access_file, name="access-file"),
    path("resources/", public.resource_search, name="resource-search"),
    path("resources/list.<str:extension>", public.resource_file, name="resource-file"),
    *report_urls,
]

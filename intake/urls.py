"""Addresses of the pages on handing files in."""

from django.urls import path

from intake.views import survey_forms, uploads

app_name = "intake"
urlpatterns = [
    path("intake/", uploads.list_uploads, name="upload-list"),
    path("intake/new/", uploads.create_upload, name="upload-create"),
    path("intake/<int:upload_id>/", uploads.show_upload, name="upload-detail"),
    path("intake/<int:upload_id>/problems.csv", uploads.download_problems, name="upload-problems"),
    path("intake/<int:upload_id>/apply/", uploads.apply_upload, name="upload-apply"),
    path("intake/<int:upload_id>/check/", uploads.check_upload, name="upload-check"),
    path("intake/<int:upload_id>/discard/", uploads.discard_upload, name="upload-discard"),
    path("intake/<int:upload_id>/undo/", uploads.undo_upload, name="upload-undo"),
    path("intake/forms/", survey_forms.choose_form, name="form-list"),
    path("intake/forms/survey.<str:suffix>", survey_forms.download_form, name="form-download"),
]

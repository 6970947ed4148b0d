"""Addresses of the status pages."""

from django.urls import path

from zaitaku.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.list_jobs, name="job-list"),
    path("jobs/<int:job_id>/", views.show_job, name="job-detail"),
    path("jobs/<int:job_id>.json", views.show_job_json, name="job-json"),
    path("jobs/<int:job_id>/cancel/", views.cancel_job, name="job-cancel"),
]

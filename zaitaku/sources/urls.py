from django.urls import path

from zaitaku.sources import views

app_name = "sources"
urlpatterns = [
    path("sources/", views.source_list, name="source-list"),
    path("sources/list.csv", views.source_list_csv, name="source-list-csv"),
    path("sources/coverage/", views.coverage, name="source-coverage"),
    path("sources/<int:source_id>/", views.source_detail, name="source-detail"),
]

from django.urls import path

from zaitaku.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.entry_list, name="entry-list"),
    path("audit/<int:entry_id>/", views.entry_detail, name="entry-detail"),
    path("audit/rows/<slug:table>/<str:row>/", views.row_history, name="row-history"),
]

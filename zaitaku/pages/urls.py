from django.urls import path

from zaitaku.pages import views

app_name = "pages"
urlpatterns = [
    path("accounts/profile/", views.profile, name="profile"),
    path("help/", views.help_list, name="help-list"),
    path("help/<slug:topic>/", views.help_detail, name="help-detail"),
]

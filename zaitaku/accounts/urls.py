from django.urls import path

from zaitaku.accounts import key_views, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-out/", views.SignOutView.as_view(), name="sign-out"),
    path("password/", views.ChangePasswordView.as_view(), name="password-change"),
    path("prefecture/", views.choose_prefecture, name="prefecture-choose"),
    path("api-keys/", key_views.api_key_list, name="api-key-list"),
    path("api-keys/<int:key_id>/revoke/", key_views.api_key_revoke, name="api-key-revoke"),
]

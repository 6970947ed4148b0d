from django.urls import path

from zaitaku.accounts import factor_views, key_views, log_views, passkey_views, session_views, user_views, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-in/second/", factor_views.second_factor, name="second-factor"),
    path("sign-in/passkey/options/", passkey_views.sign_in_options, name="passkey-sign-in-options"),
    path("sign-in/passkey/", passkey_views.sign_in_answer, name="passkey-sign-in"),
    path("sign-out/", views.SignOutView.as_view(), name="sign-out"),
    path("password/", views.ChangePasswordView.as_view(), name="password-change"),
    path("prefecture/", views.choose_prefecture, name="prefecture-choose"),
    path("session/", session_views.session_state, name="session-state"),
    path("kept/<str:token>/", session_views.kept_form, name="kept-form"),
    path("factors/", factor_views.factor_list, name="factor-list"),
    path("factors/app/", factor_views.totp_enrol, name="totp-enrol"),
    path("factors/codes/", factor_views.recovery_renew, name="recovery-renew"),
    path("factors/codes/first/", factor_views.recovery_first, name="recovery-first"),
    path("factors/passkey/options/", passkey_views.register_options, name="passkey-register-options"),
    path("factors/passkey/", passkey_views.register, name="passkey-register"),
    path("factors/<str:kind>/<int:factor_id>/remove/", factor_views.factor_remove, name="factor-remove"),
    path("sign-ins/", log_views.sign_in_log, name="sign-in-log"),
    path("sign-ins/own/", log_views.own_sign_ins, name="own-sign-ins"),
    path("welcome/<str:secret>/", log_views.welcome, name="welcome"),
    path("users/", user_views.user_list, name="user-list"),
    path("users/new/", user_views.user_invite, name="user-invite"),
    path("users/<int:user_id>/", user_views.user_detail, name="user-detail"),
    path("users/<int:user_id>/role/", user_views.user_role, name="user-role"),
    path("users/<int:user_id>/hand-over/", user_views.user_hand_over, name="user-hand-over"),
    path("users/<int:user_id>/do/<slug:act>/", user_views.user_act, name="user-act"),
    path("api-keys/", key_views.api_key_list, name="api-key-list"),
    path("api-keys/<int:key_id>/revoke/", key_views.api_key_revoke, name="api-key-revoke"),
]

"""The addresses of signing in: allauth's pages, without sign-up and without changing the address."""

from allauth.account import views
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path(
        "password/reset/confirm/",
        views.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path("password/reset/complete/", views.complete_password_reset, name="account_complete_password_reset"),
    path(
        "password/reset/done/",
        views.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]

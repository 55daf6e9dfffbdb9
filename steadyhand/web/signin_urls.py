"""The addresses of signing in: allauth's pages, without sign-up and without changing the address."""

from allauth.account import views
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic.base import RedirectView

from steadyhand.web.access import unless_first_run
from steadyhand.web.views import account

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.details, name="account"),
    path("sign-out-everywhere/", account.sign_out_everywhere, name="account-sign-out-everywhere"),
    path("tokens/", account.make_token, name="account-tokens"),
    path("tokens/<int:pk>/revocation/", account.token_revocation, name="account-token-revocation"),
    path("login/", unless_first_run(views.login), name="account_login"),
    # allauth's mails name this address; there is nothing to see, because members are invited
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
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
    path("2fa/", RedirectView.as_view(url="/account/#security")),
    path("2fa/", include("allauth.mfa.urls")),
]

single_sign_on: list[URLPattern | URLResolver] = [
    path("sso/", include("allauth.socialaccount.urls")),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
if settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
    urlpatterns += single_sign_on

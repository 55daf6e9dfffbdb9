"""The addresses of the client's pages: nouns; POST makes."""

from django.urls import URLPattern, URLResolver, include, path

from steadyhand.portal.views import brand, home, looking, opening, passkeys, signing_in

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("agreements/", include("steadyhand.portal.agreements_urls")),
    path("approvals/", include("steadyhand.portal.approvals_urls")),
    path("reports/", include("steadyhand.portal.reports_urls")),
    path("strategies/", include("steadyhand.portal.strategies_urls")),
    path("forms/", include("steadyhand.portal.forms_urls")),
    path("figures/", include("steadyhand.portal.figures_urls")),
    path("work/", include("steadyhand.portal.work_urls")),
    path("", home.home, name="home"),
    path("plan/", home.plan, name="plan"),
    path("people/", home.people, name="people"),
    path("meetings/<int:attendee_pk>/declining/", home.declining, name="declining"),
    path("logo/", brand.logo, name="logo"),
    path("colours.css", brand.accent, name="colours"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/code/", signing_in.code, name="code"),
    path("sign-in/as/<int:pk>/", signing_in.choice, name="choice"),
    path("sign-in/passkey/", signing_in.passkey, name="passkey"),
    path("sign-in/passkeys/", passkeys.passkeys, name="passkeys"),
    path("sign-in/passkeys/<int:key_pk>/removal/", passkeys.removal, name="passkey-removal"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("looking/ending/", looking.ending, name="looking-ending"),
    path("open/<str:secret>/", opening.open_link, name="open"),
    path("open/<str:secret>/fresh/", opening.fresh_link, name="fresh"),
]

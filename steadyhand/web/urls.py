"""The addresses of the staff pages: nouns; POST makes, DELETE undoes."""

from django.urls import URLPattern, URLResolver, include, path

from steadyhand.web.views import health, styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.live, name="health-live"),
    path("readyz", health.ready, name="health-ready"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("account/", include("steadyhand.web.signin_urls")),
]

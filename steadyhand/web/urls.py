"""The addresses of the staff pages: nouns; POST makes, DELETE undoes."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("steadyhand.web.signin_urls")),
]

"""Addresses of attribution."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import attribution

urlpatterns: list[URLPattern | URLResolver] = [
    path("clients/<slug:ref>/paths/", attribution.show, name="client-paths"),
    path("clients/<slug:ref>/paths/imports/", attribution.imports, name="client-paths-imports"),
]

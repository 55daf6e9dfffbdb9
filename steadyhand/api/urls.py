"""The addresses of the API."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.api.face import api, docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("docs/", docs, name="api-docs"),
    path("", api.urls),
]

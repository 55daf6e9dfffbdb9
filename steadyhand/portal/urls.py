"""The addresses of the client's pages: nouns; POST makes."""

from django.urls import URLPattern, URLResolver, include, path

from steadyhand.portal.views import opening

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("approvals/", include("steadyhand.portal.approvals_urls")),
    path("open/<str:secret>/", opening.open_link, name="open"),
]

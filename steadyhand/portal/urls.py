"""The addresses of the client's pages: nouns; POST makes."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.portal.views import opening

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("open/<str:secret>/", opening.open_link, name="open"),
]

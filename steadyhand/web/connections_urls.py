"""Addresses of connected tools."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import connections

_HERE = "clients/<slug:ref>/sources/connections/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_HERE}new/<slug:tool>/", connections.new, name="client-connecting"),
    path(f"{_HERE}<int:pk>/", connections.show, name="client-connection"),
    path(f"{_HERE}<int:pk>/run/", connections.run, name="client-connection-run"),
    path(f"{_HERE}<int:pk>/removal/", connections.removal, name="client-connection-removal"),
]

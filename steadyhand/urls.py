"""The address book of the whole product."""

from django.urls import URLPattern, URLResolver, include, path

handler404 = "steadyhand.portal.views.missing.not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("steadyhand.api.urls")),
    path("portal/", include("steadyhand.portal.urls")),
    path("", include("steadyhand.web.urls")),
]

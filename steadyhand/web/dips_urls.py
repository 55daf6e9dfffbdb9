"""Addresses of dips."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import dips

urlpatterns: list[URLPattern | URLResolver] = [
    path("dips/", dips.index, name="dips"),
    path("dips/<int:pk>/", dips.show, name="dip"),
    path("dips/<int:pk>/settlement/", dips.settlement, name="dip-settlement"),
    path("dips/<int:pk>/reopening/", dips.reopening, name="dip-reopening"),
    path("dips/<int:pk>/message/", dips.message, name="dip-message"),
    path("dips/<int:pk>/telling/", dips.telling, name="dip-telling"),
    path("dips/<int:pk>/telling/removal/", dips.untelling, name="dip-telling-removal"),
]

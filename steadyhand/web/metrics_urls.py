"""Addresses of figures: the dashboard of a client, and where its figures come from."""

from django.urls import URLPattern, URLResolver, include, path

from steadyhand.web.views import figure_sources as sources
from steadyhand.web.views import figures

_figures = [
    path("", figures.show, name="client-figures"),
    path("charts/", figures.charts, name="client-figures-charts"),
    path("fresh/", figures.fresh, name="client-figures-fresh"),
    path("arrangement/", figures.arrangement, name="client-figures-arrangement"),
    path("sharing/", figures.sharing, name="client-figures-sharing"),
    path("sharing/removal/", figures.sharing_removal, name="client-figures-sharing-removal"),
    path("links/", figures.links, name="client-figures-links"),
    path("commentary/", figures.commentary, name="client-commentary"),
    path("commentary/<int:pk>/showing/", figures.showing, name="client-commentary-showing"),
    path(
        "commentary/<int:pk>/showing/removal/",
        figures.showing_removal,
        name="client-commentary-showing-removal",
    ),
    path("commentary/<int:pk>/removal/", figures.commentary_removal, name="client-commentary-removal"),
    path("annotations/", figures.marks, name="client-annotations"),
    path("annotations/<int:pk>/removal/", figures.annotation_removal, name="client-annotation-removal"),
    path("targets/", figures.targets, name="client-targets"),
    path("targets/<int:pk>/removal/", figures.target_removal, name="client-target-removal"),
]

_sources = [
    path("", sources.show, name="client-sources"),
    path("uploads/", sources.uploads, name="client-uploads"),
    path("uploads/<str:digest>/", sources.upload, name="client-upload"),
    path("tracking/", sources.tracking, name="client-tracking"),
    path("<int:pk>/removal/", sources.removal, name="client-source-removal"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("clients/<slug:ref>/figures/", include(_figures)),
    path("clients/<slug:ref>/sources/", include(_sources)),
]

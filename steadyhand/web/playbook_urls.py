"""The addresses of the playbook: read, drafted, compared, previewed, published."""

from django.urls import path

from steadyhand.web.views import playbook

urlpatterns = [
    path("playbook/", playbook.live, name="playbook"),
    path("playbook/planning/", playbook.planning, name="playbook-planning"),
    path("playbook/versions/", playbook.versions, name="playbook-versions"),
    path("playbook/versions/<int:number>/", playbook.numbered, name="playbook-version-number"),
    path("playbook/versions/<slug:name>/<int:number>/", playbook.version, name="playbook-version"),
    path("playbook/versions/<slug:name>/<int:number>/text/", playbook.version_text, name="playbook-text"),
    path(
        "playbook/versions/<slug:name>/<int:number>/<slug:slug>/",
        playbook.version,
        name="playbook-version-chapter",
    ),
    path("playbook/shipped/", playbook.offers, name="playbook-offers"),
    path("playbook/shipped/<slug:name>/", playbook.offer, name="playbook-offer"),
    path("playbook/shipped/<slug:name>/<slug:slug>/", playbook.offer, name="playbook-offer-chapter"),
    path("playbook/<slug:slug>/", playbook.live, name="playbook-chapter"),
]

"""The addresses of the playbook: read, drafted, compared, previewed, published."""

from django.urls import path

from steadyhand.web.views import playbook, playbook_drafts, playbook_publishing, sectors

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
    path("playbook/shipped/<slug:name>/adoption/", playbook_publishing.adoption, name="playbook-adoption"),
    path("playbook/shipped/<slug:name>/", playbook.offer, name="playbook-offer"),
    path("playbook/shipped/<slug:name>/<slug:slug>/", playbook.offer, name="playbook-offer-chapter"),
    path("playbook/drafts/", playbook_drafts.start, name="playbook-drafts"),
    path("playbook/drafts/<slug:name>/", playbook_drafts.show, name="playbook-draft"),
    path("playbook/drafts/<slug:name>/text/", playbook_drafts.text, name="playbook-draft-text"),
    path("playbook/drafts/<slug:name>/removal/", playbook_drafts.removal, name="playbook-draft-removal"),
    path(
        "playbook/drafts/<slug:name>/comparison/", playbook_publishing.comparison, name="playbook-comparison"
    ),
    path("playbook/drafts/<slug:name>/preview/", playbook_publishing.previewing, name="playbook-preview"),
    path(
        "playbook/drafts/<slug:name>/publication/",
        playbook_publishing.publication,
        name="playbook-publication",
    ),
    path("playbook/drafts/<slug:name>/<slug:slug>/", playbook_drafts.chapter, name="playbook-draft-chapter"),
    path("playbook/sectors/", sectors.index, name="sectors"),
    path("playbook/sectors/new/", sectors.write, name="sector-new"),
    path("playbook/sectors/<int:pk>/", sectors.write, name="sector"),
    path("playbook/sectors/<int:pk>/retirement/", sectors.retire, name="sector-retirement"),
    path("playbook/sectors/<int:pk>/restoration/", sectors.restore, name="sector-restoration"),
    path("playbook/services/", sectors.services, name="services"),
    path("playbook/services/new/", sectors.describe, name="service-new"),
    path("playbook/services/<int:pk>/", sectors.describe, name="service"),
    path("playbook/services/<int:pk>/retirement/", sectors.retire_offer, name="service-retirement"),
    path("playbook/services/<int:pk>/restoration/", sectors.restore_offer, name="service-restoration"),
    path("playbook/service-standard/", sectors.standard, name="service-standard"),
    path("playbook/<slug:slug>/", playbook.live, name="playbook-chapter"),
]

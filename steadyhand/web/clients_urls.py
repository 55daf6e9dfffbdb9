"""The addresses of clients: nouns; POST makes, DELETE undoes."""

from django.urls import URLPattern, URLResolver, include, path

from steadyhand.web.views import (
    account_teams,
    brief,
    call_brief,
    clients,
    contacts,
    engagements,
    practising,
    timeline,
)
from steadyhand.web.views import client_plan as plan

urlpatterns: list[URLPattern | URLResolver] = [
    path("", clients.index, name="clients"),
    path("new/", clients.add, name="client-new"),
    path("team/", account_teams.places, name="clients-team"),
    path("team/undoing/<uuid:batch>/", account_teams.places_undoing, name="clients-team-undoing"),
    path("<slug:ref>/", clients.show, name="client"),
    path("<slug:ref>/timeline/", timeline.history, name="client-timeline"),
    path("<slug:ref>/details/", clients.details, name="client-details"),
    path("<slug:ref>/undoing/<uuid:batch>/", clients.undo_act, name="client-undoing"),
    path("<slug:ref>/team/", account_teams.place, name="client-team"),
    path("<slug:ref>/team/<int:pk>/removal/", account_teams.place_removal, name="client-team-removal"),
    path("<slug:ref>/ending/", clients.ending, name="client-ending"),
    path("<slug:ref>/merge/", clients.merge, name="client-merge"),
    path("<slug:ref>/contacts/", contacts.index, name="client-contacts"),
    path("<slug:ref>/contacts/<int:pk>/", contacts.show, name="client-contact"),
    path("<slug:ref>/contacts/<int:pk>/invitation/", contacts.invitation, name="client-contact-invitation"),
    path(
        "<slug:ref>/contacts/<int:pk>/access/removal/",
        contacts.access_removal,
        name="client-contact-access-removal",
    ),
    path("<slug:ref>/contacts/<int:pk>/looking/", contacts.looking, name="client-contact-looking"),
    path("<slug:ref>/contacts/<int:pk>/departure/", contacts.departure, name="client-contact-departure"),
    path("<slug:ref>/engagements/new/", engagements.begin, name="engagement-new"),
    path("<slug:ref>/engagements/<int:pk>/", engagements.show, name="engagement"),
    path("<slug:ref>/engagements/<int:pk>/resumption/", engagements.resumption, name="engagement-resumption"),
    path("<slug:ref>/engagements/<int:pk>/<slug:what>/", engagements.change, name="engagement-change"),
    path("<slug:ref>/practice/", practising.new, name="client-practice"),
    path("<slug:ref>/plan/", plan.show, name="client-plan"),
    path("<slug:ref>/plan/bespoke/", plan.bespoke, name="client-plan-bespoke"),
    path("<slug:ref>/plan/<int:pk>/times/<slug:rule>/", plan.time, name="client-plan-time"),
    path("<slug:ref>/plan/<int:pk>/departures/", plan.departures, name="client-plan-departures"),
    path("<slug:ref>/plan/<int:pk>/departures/<slug:rule>/", plan.departure, name="client-plan-departure"),
    path(
        "<slug:ref>/plan/<int:pk>/departures/<slug:rule>/return/",
        plan.return_to_playbook,
        name="client-plan-return",
    ),
    path("<slug:ref>/", include("steadyhand.web.knowledge_urls")),
    path("<slug:ref>/call-brief/", call_brief.show, name="client-call-brief"),
    path("<slug:ref>/brief/", brief.show, name="client-brief"),
    path("<slug:ref>/brief/reading/", brief.reading, name="client-brief-reading"),
]

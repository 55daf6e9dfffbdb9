"""The addresses of clients: nouns; POST makes, DELETE undoes."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import clients, contacts, engagements

urlpatterns: list[URLPattern | URLResolver] = [
    path("", clients.index, name="clients"),
    path("new/", clients.add, name="client-new"),
    path("team/", clients.places, name="clients-team"),
    path("team/undoing/<uuid:batch>/", clients.places_undoing, name="clients-team-undoing"),
    path("<slug:ref>/", clients.show, name="client"),
    path("<slug:ref>/timeline/", clients.history, name="client-timeline"),
    path("<slug:ref>/details/", clients.details, name="client-details"),
    path("<slug:ref>/undoing/<uuid:batch>/", clients.undo_act, name="client-undoing"),
    path("<slug:ref>/team/", clients.place, name="client-team"),
    path("<slug:ref>/team/<int:pk>/removal/", clients.place_removal, name="client-team-removal"),
    path("<slug:ref>/ending/", clients.ending, name="client-ending"),
    path("<slug:ref>/merge/", clients.merge, name="client-merge"),
    path("<slug:ref>/contacts/", contacts.index, name="client-contacts"),
    path("<slug:ref>/contacts/<int:pk>/", contacts.show, name="client-contact"),
    path("<slug:ref>/contacts/<int:pk>/departure/", contacts.departure, name="client-contact-departure"),
    path("<slug:ref>/engagements/new/", engagements.begin, name="engagement-new"),
    path("<slug:ref>/engagements/<int:pk>/", engagements.show, name="engagement"),
    path("<slug:ref>/engagements/<int:pk>/resumption/", engagements.resumption, name="engagement-resumption"),
    path("<slug:ref>/engagements/<int:pk>/<slug:what>/", engagements.change, name="engagement-change"),
]

"""Addresses of winning, handovers, kickoffs and goals; onboarding forms follow."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import goals, handover, kickoff, winning

urlpatterns: list[URLPattern | URLResolver] = [
    path("leads/<int:pk>/winning/", winning.win, name="lead-winning"),
    path("handovers/", handover.index, name="handovers"),
    path("handovers/<int:pk>/", handover.by_number, name="handover-number"),
    path("clients/<slug:ref>/handover/", handover.show, name="handover"),
    path("clients/<slug:ref>/handover/call/", handover.call, name="handover-call"),
    path("clients/<slug:ref>/handover/deck/", handover.deck, name="handover-deck"),
    path("clients/<slug:ref>/handover/deck/removal/", handover.deck_removal, name="handover-deck-removal"),
    path("clients/<slug:ref>/handover/papers/", handover.papers, name="handover-papers"),
    path("clients/<slug:ref>/handover/closing/", handover.closing, name="handover-closing"),
    path(
        "clients/<slug:ref>/handover/closing/removal/",
        handover.closing_removal,
        name="handover-closing-removal",
    ),
    path("clients/<slug:ref>/kickoff/", kickoff.show, name="kickoff"),
    path("clients/<slug:ref>/kickoff/promises/", kickoff.promises, name="kickoff-promises"),
    path(
        "clients/<slug:ref>/kickoff/promises/<int:pk>/removal/",
        kickoff.promise_removal,
        name="kickoff-promise-removal",
    ),
    path("clients/<slug:ref>/kickoff/team/", kickoff.team, name="kickoff-team"),
    path("clients/<slug:ref>/kickoff/waiver/", kickoff.waiver, name="kickoff-waiver"),
    path("clients/<slug:ref>/kickoff/waiver/removal/", kickoff.waiver_removal, name="kickoff-waiver-removal"),
    path("clients/<slug:ref>/kickoff/ways/", kickoff.ways, name="kickoff-ways"),
    path("clients/<slug:ref>/goals/", goals.show, name="goals"),
    path("clients/<slug:ref>/goals/success/", goals.success, name="goals-success"),
    path(
        "clients/<slug:ref>/goals/success/<int:pk>/removal/",
        goals.success_removal,
        name="goals-success-removal",
    ),
    path("clients/<slug:ref>/goals/<int:pk>/outcome/", goals.outcome, name="goal-outcome"),
    path("clients/<slug:ref>/goals/<int:pk>/outcome/removal/", goals.outcome_removal, name="goal-reopening"),
    path("clients/<slug:ref>/goals/<int:pk>/removal/", goals.removal, name="goal-removal"),
]

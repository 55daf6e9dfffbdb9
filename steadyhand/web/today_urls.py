"""Today, promises, what was said, the team and search."""

from django.urls import path

from steadyhand.web.views import commitments, due, interactions, search, team, today

urlpatterns = [
    path("", today.today, name="today"),
    path("commitments/", commitments.new, name="commitments"),
    path("commitments/new/", commitments.new, name="commitment-new"),
    path("commitments/<int:pk>/", commitments.show, name="commitment"),
    path("commitments/<int:pk>/why/", commitments.why, name="commitment-why"),
    path("commitments/<int:pk>/completion/", commitments.completion, name="commitment-completion"),
    path("commitments/<int:pk>/moves/", commitments.moves, name="commitment-moves"),
    path("commitments/<int:pk>/handover/", commitments.handover, name="commitment-handover"),
    path("commitments/<int:pk>/waiver/", commitments.waiver, name="commitment-waiver"),
    path("commitments/<int:pk>/wait/", commitments.wait, name="commitment-wait"),
    *(
        path(f"commitments/<int:pk>/{noun}/removal/", view, name=f"commitment-{noun}-removal")
        for noun, view in commitments.removals.items()
    ),
    path("interactions/", interactions.new, name="interactions"),
    path("interactions/new/", interactions.new, name="interaction-new"),
    path("interactions/choices/", interactions.choices, name="interaction-choices"),
    path("interactions/<int:pk>/removal/", interactions.removal, name="interaction-removal"),
    path("due/", due.due, name="due"),
    path("search/", search.search, name="search"),
    path("search/clients/", search.clients, name="search-clients"),
    path("team/", team.team, name="team"),
    path("team/delivered/", team.delivered, name="team-delivered"),
]

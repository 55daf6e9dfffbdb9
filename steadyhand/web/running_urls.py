"""Running a meeting; the team's own meetings that come back; wins, feedback and the all-hands."""

from django.urls import path

from steadyhand.web.views import all_hands, feedback, running, series, wins

urlpatterns = [
    path("meetings/<int:pk>/run/", running.run, name="run"),
    path("meetings/<int:pk>/run/beginning/", running.beginning, name="run-beginning"),
    path("meetings/<int:pk>/run/topics/", running.topics, name="run-topics"),
    path("meetings/<int:pk>/run/points/<int:item_pk>/", running.point, name="run-point"),
    path("meetings/<int:pk>/run/points/<int:item_pk>/notes/", running.notes, name="run-notes"),
    path(
        "meetings/<int:pk>/run/points/<int:item_pk>/decisions/",
        running.decisions,
        name="run-decisions",
    ),
    path(
        "meetings/<int:pk>/run/decisions/<int:decision_pk>/removal/",
        running.decision_removal,
        name="run-decision-removal",
    ),
    path("meetings/<int:pk>/run/actions/", running.add_action, name="run-actions"),
    path(
        "meetings/<int:pk>/run/actions/<int:action_pk>/removal/",
        running.action_removal,
        name="run-action-removal",
    ),
    path("meetings/<int:pk>/run/ending/", running.ending, name="run-ending"),
    path("meetings/series/", series.index, name="series"),
    path("meetings/series/new/", series.new, name="series-new"),
    path("meetings/series/<int:pk>/", series.show, name="series-show"),
    path("meetings/series/<int:pk>/ending/", series.ending, name="series-ending"),
    path("meetings/series/<int:pk>/return/", series.come_again, name="series-return"),
    path("meetings/series/<int:pk>/skips/", series.skip, name="series-skips"),
    path(
        "meetings/series/<int:pk>/skips/<int:meeting_pk>/removal/",
        series.skip_removal,
        name="series-skip-removal",
    ),
    path("team/all-hands/", all_hands.show, name="all-hands"),
    path("team/feedback/", feedback.index, name="feedback"),
    path("team/feedback/new/", feedback.new, name="feedback-new"),
    path("team/feedback/<int:pk>/removal/", feedback.removal, name="feedback-removal"),
    path("team/feedback/<int:pk>/return/", feedback.restoring, name="feedback-return"),
    path("wins/", wins.index, name="wins"),
    path("wins/new/", wins.new, name="win-new"),
    path("wins/<int:pk>/", wins.show, name="win"),
    path("wins/<int:pk>/telling/", wins.telling, name="win-telling"),
    path("wins/<int:pk>/telling/removal/", wins.telling_removal, name="win-telling-removal"),
    path("wins/<int:pk>/offer/", wins.offer, name="win-offer"),
    path("wins/<int:pk>/offer/removal/", wins.offer_removal, name="win-offer-removal"),
    path("wins/<int:pk>/referral/", wins.referral, name="win-referral"),
    path("wins/<int:pk>/removal/", wins.removal, name="win-removal"),
    path("wins/<int:pk>/return/", wins.come_back, name="win-return"),
]

"""What we ask of clients, and what they asked of us."""

from django.urls import path

from steadyhand.web.views import asking

urlpatterns = [
    path("chases/", asking.new_chase, name="chases"),
    path("chases/new/", asking.new_chase, name="chase-new"),
    path("chases/<int:pk>/", asking.chase, name="chase"),
    path("chases/<int:pk>/attempts/", asking.attempts, name="chase-attempts"),
    path(
        "chases/<int:pk>/attempts/<int:attempt_pk>/removal/",
        asking.attempt_removal,
        name="chase-attempt-removal",
    ),
    path("chases/<int:pk>/letter/", asking.letter, name="chase-letter"),
    path("chases/<int:pk>/answer/", asking.chase_answer, name="chase-answer"),
    path("chases/<int:pk>/answer/removal/", asking.chase_reopening, name="chase-answer-removal"),
    path("chases/<int:pk>/ending/", asking.chase_ending, name="chase-ending"),
    path("questions/", asking.new_question, name="questions"),
    path("questions/new/", asking.new_question, name="question-new"),
    path("questions/<int:pk>/answer/", asking.question_answer, name="question-answer"),
    path("questions/<int:pk>/answer/removal/", asking.question_reopening, name="question-answer-removal"),
    path("questions/<int:pk>/ending/", asking.question_ending, name="question-ending"),
]

"""Under `/clients/<ref>/`: what we know about a client."""

from django.urls import path

from steadyhand.web.views import knowledge

urlpatterns = [
    path("knowledge/", knowledge.show, name="client-knowledge"),
    path("contacts/<int:pk>/personal/", knowledge.note, name="client-contact-personal"),
    path("contacts/<int:pk>/marketing/", knowledge.judge, name="client-contact-marketing"),
    path("contacts/<int:pk>/working/", knowledge.note_working, name="client-contact-working"),
    path("personal/<int:pk>/", knowledge.correct, name="client-personal"),
    path("personal/<int:pk>/retirement/", knowledge.retire, name="client-personal-retirement"),
    path("personal/<int:pk>/restoration/", knowledge.restore, name="client-personal-restoration"),
    path("working/<int:pk>/retirement/", knowledge.retire_working, name="client-working-retirement"),
    path("working/<int:pk>/restoration/", knowledge.restore_working, name="client-working-restoration"),
    path("discovery/", knowledge.answer, name="client-discovery"),
    path("discovery/<int:pk>/removal/", knowledge.take_back_answer, name="client-discovery-removal"),
    path("expectations/", knowledge.say, name="client-expectations"),
    path("expectations/<int:pk>/removal/", knowledge.unsay, name="client-expectations-removal"),
]

"""Addresses of new business: leads and the pipeline."""

from django.urls import URLPattern, URLResolver, path

from steadyhand.web.views import newbusiness as leads
from steadyhand.web.views import newbusiness_pairing as pairing
from steadyhand.web.views import newbusiness_pitch as pitch
from steadyhand.web.views import newbusiness_process as process

urlpatterns: list[URLPattern | URLResolver] = [
    path("leads/", leads.index, name="leads"),
    path("leads/new/", leads.new, name="lead-new"),
    path("leads/outcomes/", leads.outcomes, name="leads-outcomes"),
    path("leads/<int:pk>/", leads.show, name="lead"),
    path("leads/<int:pk>/details/", leads.details, name="lead-details"),
    path("leads/<int:pk>/pitching/", leads.pitching, name="lead-pitching"),
    path("leads/<int:pk>/pitching/removal/", leads.pitching_removal, name="lead-pitching-removal"),
    path("leads/<int:pk>/loss/", leads.loss, name="lead-loss"),
    path("leads/<int:pk>/withdrawal/", leads.withdrawal, name="lead-withdrawal"),
    path("leads/<int:pk>/reopening/", leads.reopening, name="lead-reopening"),
    path("leads/<int:pk>/test/", pitch.test, name="lead-test"),
    path("leads/<int:pk>/consultations/", pitch.consultations, name="lead-consultations"),
    path("leads/<int:pk>/proposals/", pitch.new_proposal, name="lead-proposals"),
    path("leads/<int:pk>/decks/", pitch.decks, name="lead-decks"),
    path("leads/<int:pk>/pairing/", pairing.pairing, name="lead-pairing"),
    path("leads/<int:pk>/pitches/", pairing.pitches, name="lead-pitches"),
    path("leads/<int:pk>/process/", process.show, name="lead-process"),
    path("leads/<int:pk>/process.pdf", process.paper, name="lead-process-paper"),
    path("consultations/<int:pk>/answer/", pitch.answer, name="consultation-answer"),
    path("consultations/<int:pk>/removal/", pitch.consultation_removal, name="consultation-removal"),
    path("proposals/<int:pk>/price/", pitch.price, name="proposal-price"),
    path("proposals/<int:pk>/matrix/", pitch.matrix, name="proposal-matrix"),
    path("proposals/<int:pk>/sending/", pitch.sending, name="proposal-sending"),
    path("proposals/<int:pk>/sending/removal/", pitch.sending_removal, name="proposal-sending-removal"),
    path("proposals/<int:pk>/removal/", pitch.proposal_removal, name="proposal-removal"),
    path("proposals/<int:pk>/paper/", pitch.paper, name="proposal-paper"),
    path("proposals/<int:pk>/file/", pitch.proposal_file, name="proposal-file"),
    path("decks/<int:pk>/", pitch.deck, name="deck"),
    path("decks/<int:pk>/removal/", pitch.deck_removal, name="deck-removal"),
    path("pairings/", pairing.strains, name="pairings"),
    path("pairings/style/", pairing.style, name="pairings-style"),
]

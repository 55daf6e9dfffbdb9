"""Leads, pitches, proposals and pairings, as tables of an export."""

from __future__ import annotations

from django.db import models

from steadyhand.core.actor import Actor
from steadyhand.exchange.sheets import Sheet, rows_of
from steadyhand.newbusiness.models import (
    Consultation,
    Deck,
    Lead,
    Pairing,
    Pitch,
    PitchAnswer,
    PitchTest,
    Proposal,
    Style,
)


def _answers(by: Actor) -> models.QuerySet[PitchAnswer]:
    return PitchAnswer.objects.filter(test__in=PitchTest.objects.visible_to(by).values("pk"))


SHEETS_OF_NEW_BUSINESS = (
    Sheet(
        "leads",
        (
            *("id", "client", "stage", "kind", "value", "currency", "services", "size", "face to face"),
            *("source", "brought by", "decide by", "notes", "added", "closed", "because"),
        ),
        rows_of(
            lambda by: Lead.objects.visible_to(by),
            *("pk", "client__ref", "stage", "kind", "value", "currency", "services", "size", "face_to_face"),
            *("source", "owner__email", "expected_on", "notes", "added_at", "closed_at", "closed_because"),
        ),
    ),
    Sheet(
        "pitch_tests",
        ("id", "lead", "verdict", "score", "go from", "reason", "by", "at", "until"),
        rows_of(
            lambda by: PitchTest.objects.visible_to(by),
            *("pk", "lead", "verdict", "score", "go_from", "reason", "by_name", "at", "until"),
        ),
    ),
    Sheet(
        "pitch_answers",
        ("test", "question", "text", "weight", "points", "note"),
        rows_of(_answers, "test", "question", "text", "weight", "points", "note"),
    ),
    Sheet(
        "consultations",
        ("lead", "asked", "asked by", "asked at", "said", "said at", "withdrawn"),
        rows_of(
            lambda by: Consultation.objects.visible_to(by),
            *("lead", "member__email", "asked_by", "asked_at", "said", "said_at", "withdrawn_at"),
        ),
    ),
    Sheet(
        "proposals",
        (
            *("lead", "number", "kind", "amount", "currency", "services", "client services minutes"),
            *("client services fee", "made up of", "by hand", "agreed with", "because", "document"),
            *("made", "made by", "sent", "withdrawn"),
        ),
        rows_of(
            lambda by: Proposal.objects.visible_to(by),
            *("lead", "number", "kind", "amount", "currency", "services", "service_minutes"),
            *("service_fee", "lines", "by_hand", "agreed_with__email", "agreed_because", "file__name"),
            *("made_at", "made_by", "sent_on", "withdrawn_at"),
        ),
    ),
    Sheet(
        "pitch_decks",
        ("lead", "file", "at", "by"),
        rows_of(lambda by: Deck.objects.visible_to(by), "lead", "file__name", "at", "by_name"),
    ),
    Sheet(
        "pairings",
        ("lead", "contact", "proposed", "reason", "suggested", "by", "at", "until"),
        rows_of(
            lambda by: Pairing.objects.visible_to(by),
            *("lead", "contact__email", "member__email", "reason", "suggested__email", "by_name", "at"),
            "until",
        ),
    ),
    Sheet(
        "pitches",
        ("lead", "meeting", "planned"),
        rows_of(lambda by: Pitch.objects.visible_to(by), "lead", "meeting", "made_at"),
    ),
    Sheet(
        "how_people_work",
        ("member", "works", "suits", "interests", "changed"),
        rows_of(
            lambda by: Style.objects.visible_to(by),
            *("member__email", "works", "suits", "interests", "changed_at"),
        ),
    ),
)

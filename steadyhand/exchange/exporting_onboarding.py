"""Handovers, what the pitch promised, what success is and goals, as tables of an export."""

from __future__ import annotations

from steadyhand.exchange.sheets import Sheet, rows_of
from steadyhand.onboarding.models import Goal, Handover, PitchPromise, SuccessWords

SHEETS_OF_HANDOVERS = (
    Sheet(
        "handovers",
        (
            *("client", "engagement", "contact", "won by", "led by", "won", "in person", "introduced"),
            *("internal kickoff", "client kickoff", "client first because", "closed", "closed because"),
        ),
        rows_of(
            lambda by: Handover.objects.visible_to(by),
            *("client__ref", "engagement__ref", "contact__email", "won_by__email", "led_by__email"),
            *("won_at", "in_person", "introduction__at", "internal_kickoff__closed_at"),
            *("client_kickoff__closed_at", "waiver__reason", "closed_at", "closed_because"),
        ),
    ),
    Sheet(
        "pitch_promises",
        ("client", "text", "noted by", "at", "taken back"),
        rows_of(
            lambda by: PitchPromise.objects.visible_to(by),
            *("client__ref", "text", "by_name", "at", "dropped_at"),
        ),
    ),
    Sheet(
        "success",
        ("client", "contact", "words", "said on", "kept by", "taken back"),
        rows_of(
            lambda by: SuccessWords.objects.visible_to(by),
            *("client__ref", "contact__email", "words", "said_on", "by_name", "dropped_at"),
        ),
    ),
    Sheet(
        "goals",
        (
            *("client", "goal", "measure", "achievable", "relevant", "by", "stands because", "state"),
            *("outcome", "agreed by", "agreed", "settled"),
        ),
        rows_of(
            lambda by: Goal.objects.visible_to(by),
            *("client__ref", "text", "measure", "achievable", "relevant", "due_on", "override"),
            *("state", "outcome", "by_name", "at", "settled_at"),
        ),
    ),
)

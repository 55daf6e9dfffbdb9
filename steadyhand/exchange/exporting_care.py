"""How clients and colleagues fare, and what may become of it, as tables of an export."""

from __future__ import annotations

from steadyhand.care.models import Feedback, Flag, Rating, RatingSkip
from steadyhand.exchange.sheets import Sheet, rows_of
from steadyhand.growth.models import Opportunity, Win

SHEETS_OF_CARE = (
    Sheet(
        "flags",
        ("client", "contact", "text", "heard in", "raised by", "raised", "settled", "how", "withdrawn"),
        rows_of(
            lambda by: Flag.objects.visible_to(by),
            *("client__ref", "contact__email", "text", "source", "raised_by__email", "raised_at"),
            *("settled_at", "settled_how", "withdrawn_at"),
        ),
    ),
    Sheet(
        "ratings",
        ("client", "contact", "call", "month", "question", "score", "comment", "asked by", "at"),
        rows_of(
            lambda by: Rating.objects.visible_to(by),
            *("client__ref", "contact__email", "call", "month", "question", "score", "comment"),
            *("asked_by__email", "at"),
        ),
    ),
    Sheet(
        "ratings_not_asked",
        ("client", "call", "month", "reason", "by", "at"),
        rows_of(
            lambda by: RatingSkip.objects.visible_to(by),
            *("client__ref", "call", "month", "reason", "by_name", "at"),
        ),
    ),
    Sheet(
        "opportunities",
        ("client", "contact", "kind", "text", "owner", "noted", "dropped"),
        rows_of(
            lambda by: Opportunity.objects.visible_to(by),
            *("client__ref", "contact__email", "kind", "text", "owner__email", "made_at", "dropped_at"),
        ),
    ),
    Sheet(
        "wins",
        ("client", "contact", "text", "known from", "on", "noted by", "noted", "told", "told by", "dropped"),
        rows_of(
            lambda by: Win.objects.visible_to(by),
            *("client__ref", "contact__email", "text", "source", "on", "noted_by__email", "noted_at"),
            *("told_at", "told_how", "dropped_at"),
        ),
    ),
    # Without the client it was given on: one may be given feedback on a client one no longer sees.
    Sheet(
        "feedback",
        ("about", "given by", "text", "at", "withdrawn"),
        rows_of(
            lambda by: Feedback.objects.visible_to(by),
            *("about__email", "given_by__email", "text", "at", "withdrawn_at"),
        ),
    ),
)

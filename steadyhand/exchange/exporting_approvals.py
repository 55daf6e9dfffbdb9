"""What clients were asked to approve and what they said, as tables of an export."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.core.actor import Actor
from steadyhand.delivery.models import (
    Approver,
    Bundle,
    Comment,
    Decision,
    Piece,
    PieceVersion,
    Posting,
    Reminder,
)
from steadyhand.exchange.sheets import Sheet, rows_of
from steadyhand.people.roles import Capability


def _of[Row: models.Model](model: type[Row], path: str) -> Callable[[Actor], models.QuerySet[Row]]:
    """Rows under a client one sees."""

    def query(by: Actor) -> models.QuerySet[Row]:
        rows = model._default_manager.all()
        if by.may(Capability.SEE_ALL_CLIENTS):
            return rows
        return rows.filter(**{f"{path}__in": Client.objects.visible_to(by).values("pk")})

    return query


SHEETS_OF_APPROVALS = (
    Sheet(
        "approvals",
        (
            *("number", "client", "title", "note", "social", "mode", "levels", "due", "owner", "prepared"),
            *("asked", "settled", "withdrawn", "why"),
        ),
        rows_of(
            lambda by: Bundle.objects.visible_to(by),
            *("pk", "client__ref", "title", "note", "is_social", "mode", "levels", "due_on", "owner__email"),
            *("made_at", "asked_at", "settled_at", "withdrawn_at", "withdrawn_why"),
        ),
    ),
    Sheet(
        "approvers",
        ("approval", "contact", "level", "named", "handed over by", "note", "until"),
        rows_of(
            _of(Approver, "bundle__client"),
            *("bundle", "contact__email", "level", "named_at", "handed_by__email", "note", "ended_at"),
        ),
    ),
    Sheet(
        "approval_reminders",
        ("approval", "step", "deadline", "at"),
        rows_of(_of(Reminder, "bundle__client"), "bundle", "step", "due_on", "at"),
    ),
    Sheet(
        "approval_pieces",
        ("number", "approval", "kind", "title", "position", "added", "taken out"),
        rows_of(
            _of(Piece, "bundle__client"), "pk", "bundle", "kind", "title", "position", "made_at", "removed_at"
        ),
    ),
    Sheet(
        "piece_versions",
        ("piece", "version", "file", "digest", "text", "note", "puts in changes of", "made by", "made"),
        rows_of(
            _of(PieceVersion, "piece__bundle__client"),
            *("piece", "number", "file__name", "file__digest", "text", "note", "carries__number"),
            *("made_by__email", "made_at"),
        ),
    ),
    Sheet(
        "piece_decisions",
        ("piece", "version", "level", "contact", "by", "verdict", "words", "at", "taken back"),
        rows_of(
            _of(Decision, "version__piece__bundle__client"),
            *("version__piece", "version__number", "level", "contact__email", "by_name", "verdict", "words"),
            *("at", "undone_at"),
        ),
    ),
    Sheet(
        "piece_comments",
        ("piece", "version", "by", "text", "from left", "from top", "seconds", "shared", "at"),
        rows_of(
            _of(Comment, "version__piece__bundle__client"),
            *("version__piece", "version__number", "by_name", "text", "x", "y", "seconds", "shared", "at"),
        ),
    ),
    Sheet(
        "postings",
        ("piece", "version", "at", "scheduled by", "scheduled", "called off", "why"),
        rows_of(
            _of(Posting, "piece__bundle__client"),
            *("piece", "version__number", "at", "made_by__email", "made_at", "ended_at", "ended_why"),
        ),
    ),
)

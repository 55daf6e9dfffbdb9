"""What was said, asked, written and decided, as tables of an export: each row as far as its page shows it.

A `number` joins the tables: the notes of a call name the call, attendees and minutes their meeting,
attachments and reviews their message.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

from steadyhand.comms.models import (
    Action,
    AgendaItem,
    Attachment,
    Attempt,
    Attendee,
    Booking,
    Bounce,
    Call,
    CallNote,
    Chase,
    Circulation,
    Decision,
    Meeting,
    Message,
    MinutesEntry,
    OpenQuestion,
    ReportRequest,
    Review,
    Series,
    Supervision,
    TimeProposal,
)
from steadyhand.core.actor import Actor
from steadyhand.exchange.sheets import Sheet, rows_of


def _of[Row: models.Model](
    model: type[Row], path: str, seen: Callable[[Actor], models.QuerySet[models.Model]]
) -> Callable[[Actor], models.QuerySet[Row]]:
    """Rows that hang on something one sees."""

    def query(by: Actor) -> models.QuerySet[Row]:
        return model._default_manager.filter(**{f"{path}__in": seen(by).order_by().values("pk")})

    return query


def _calls(by: Actor) -> models.QuerySet[Call]:
    return Call.objects.visible_to(by)


def _meetings(by: Actor) -> models.QuerySet[Meeting]:
    return Meeting.objects.visible_to(by)


def _chases(by: Actor) -> models.QuerySet[Chase]:
    return Chase.objects.visible_to(by)


CALLS = (
    Sheet(
        "calls",
        (
            *("number", "client", "contact", "member", "began", "ended", "dropped", "summary", "recording"),
            "consent",
        ),
        rows_of(
            _calls,
            *("pk", "client__ref", "contact__email", "member__email", "began_at", "ended_at", "dropped_at"),
            *("interaction__summary", "recording", "recording_consent"),
        ),
    ),
    Sheet(
        "call_notes",
        ("call", "part", "text", "changed"),
        rows_of(_of(CallNote, "call", _calls), "call", "part", "text", "changed_at"),
    ),
    Sheet(
        "actions",
        (
            *("client", "call", "meeting", "text", "owner", "due", "topic", "theirs", "internal", "made"),
            "dropped",
        ),
        rows_of(
            lambda by: Action.objects.visible_to(by),
            *("client__ref", "call", "meeting", "text", "owner__email", "due_on", "topic", "theirs"),
            *("internal", "made_at", "dropped_at"),
        ),
    ),
    Sheet(
        "requests",
        (
            *("number", "client", "contact", "text", "wanted by", "begun", "answer", "answered by"),
            *("answered", "dropped"),
        ),
        rows_of(
            _chases,
            *("pk", "client__ref", "contact__email", "text", "wanted_by", "began_at", "answer"),
            *("answered_how", "answered_at", "dropped_at"),
        ),
    ),
    Sheet(
        "attempts",
        ("request", "member", "at", "outcome", "note", "next on", "taken back"),
        rows_of(
            _of(Attempt, "chase", _chases),
            *("chase", "member__email", "at", "outcome", "note", "next_on", "undone_at"),
        ),
    ),
    Sheet(
        "questions",
        ("client", "contact", "text", "asked", "answer", "answered by", "answered", "dropped"),
        rows_of(
            lambda by: OpenQuestion.objects.visible_to(by),
            *("client__ref", "contact__email", "text", "asked_at", "answer", "answered_how"),
            *("answered_at", "dropped_at"),
        ),
    ),
)
MEETINGS = (
    Sheet(
        "meetings",
        (
            *("number", "client", "title", "led by", "starts", "minutes", "zone", "place", "in person"),
            *("began", "closed", "cancelled", "why"),
        ),
        rows_of(
            _meetings,
            *("pk", "client__ref", "title", "led_by__email", "starts_at", "minutes", "zone", "place"),
            *("in_person", "began_at", "closed_at", "cancelled_at", "cancelled_because"),
        ),
    ),
    Sheet(
        "attendees",
        ("meeting", "member", "contact", "name", "e-mail", "answer", "answered", "comment", "removed"),
        rows_of(
            _of(Attendee, "meeting", _meetings),
            *("meeting", "member__email", "contact__email", "name", "email", "answer", "answered_at"),
            *("comment", "removed_at"),
        ),
    ),
    Sheet(
        "time_proposals",
        ("meeting", "e-mail", "starts", "minutes", "comment", "made", "accepted", "declined"),
        rows_of(
            _of(TimeProposal, "attendee__meeting", _meetings),
            *("attendee__meeting", "attendee__email", "starts_at", "minutes", "comment", "made_at"),
            *("accepted_at", "declined_at"),
        ),
    ),
    Sheet(
        "agenda",
        ("meeting", "position", "title", "notes", "minutes", "discussed"),
        rows_of(
            _of(AgendaItem, "meeting", _meetings),
            *("meeting", "position", "title", "notes", "minutes", "discussed_at"),
        ),
    ),
    Sheet(
        "minutes",
        ("meeting", "point", "internal", "text", "changed"),
        rows_of(
            _of(MinutesEntry, "meeting", _meetings),
            "meeting",
            "item__title",
            "internal",
            "text",
            "changed_at",
        ),
    ),
    Sheet(
        "decisions",
        ("meeting", "point", "text", "made", "dropped"),
        rows_of(
            _of(Decision, "meeting", _meetings), "meeting", "item__title", "text", "made_at", "dropped_at"
        ),
    ),
    Sheet(
        "circulated_minutes",
        ("meeting", "at", "by", "to", "taken back"),
        rows_of(
            _of(Circulation, "meeting", _meetings), "meeting", "at", "by_name", "recipients", "undone_at"
        ),
    ),
    Sheet(
        "bookings",
        ("meeting", "kind", "note", "reference", "booked", "dropped"),
        rows_of(
            _of(Booking, "meeting", _meetings),
            *("meeting", "kind", "note", "reference", "booked_at", "dropped_at"),
        ),
    ),
    Sheet(
        "report_requests",
        ("client", "meeting", "wanted", "of", "by", "asked", "handed in", "found at", "dropped"),
        rows_of(
            lambda by: ReportRequest.objects.visible_to(by),
            *("client__ref", "meeting", "wanted", "asked_of__email", "asked_by__email", "asked_at"),
            *("handed_in_at", "found_at", "dropped_at"),
        ),
    ),
    Sheet(
        "meeting_series",
        ("title", "rhythm", "day", "time", "zone", "minutes", "place", "led by", "from", "ended"),
        rows_of(
            lambda by: Series.objects.visible_to(by),
            *("title", "cadence", "day", "time", "zone", "minutes", "place", "led_by__email", "from_day"),
            "ended_at",
        ),
    ),
)
MAIL = (
    Sheet(
        "messages",
        (
            *("number", "client", "contact", "member", "direction", "state", "from", "to", "copies"),
            *("subject", "text", "thread", "made", "at"),
        ),
        rows_of(
            lambda by: Message.objects.visible_to(by),
            *("pk", "client__ref", "contact__email", "member__email", "direction", "state"),
            *("from_address", "to", "copies", "subject", "text", "thread", "made_at", "at"),
        ),
    ),
    Sheet(
        "attachments",
        ("message", "name", "bytes", "type"),
        rows_of(lambda by: Attachment.objects.visible_to(by), "message", "name", "size", "mime_type"),
    ),
    Sheet(
        "bounces",
        ("client", "contact", "address", "status", "said", "at", "cleared"),
        rows_of(
            lambda by: Bounce.objects.visible_to(by),
            *("client__ref", "contact__email", "address", "status", "said", "at", "cleared_at"),
        ),
    ),
    Sheet(
        "reviews",
        (
            *("message", "writer", "reviewer", "subject", "text", "submitted", "verdict", "changed"),
            *("comment", "decided", "decided by"),
        ),
        rows_of(
            lambda by: Review.objects.visible_to(by),
            *("message", "member__email", "reviewer__email", "subject", "text", "submitted_at", "verdict"),
            *("changed", "comment", "decided_at", "decided_by"),
        ),
    ),
    Sheet(
        "supervisions",
        ("member", "reviewer", "since", "put by", "released", "released by"),
        rows_of(
            lambda by: Supervision.objects.visible_to(by),
            *("member__email", "reviewer__email", "since", "put_by", "released_at", "released_by"),
        ),
    ),
)

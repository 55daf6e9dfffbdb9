"""The short texts the agency keeps about a client, of every kind, in one query.

Answers to the playbook's questions, how to work with somebody, flags, opportunities, ratings, the note on
their sector and our own services: each is a line of text with a date, so that one union reads them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import CharField, DateTimeField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from steadyhand.care.models import Flag
from steadyhand.clients.models import (
    Client,
    Contact,
    Knowledge,
    MarketingKnowledge,
    SectorNote,
    ServiceOffer,
    WorkingKind,
    WorkingNote,
)
from steadyhand.clients.models.sector import same_word
from steadyhand.clients.working import ADVICE
from steadyhand.core.actor import Actor
from steadyhand.growth.models import Opportunity


class JottingKind(StrEnum):
    """What a jotting is."""

    DISCOVERY = "discovery"
    FLAG = "flag"
    KNOWLEDGE = "knowledge"
    OFFER = "offer"
    OPPORTUNITY = "opportunity"
    RATING = "rating"
    SECTOR = "sector"
    WORKING = "working"


class Jotting(NamedTuple):
    """One line. `key` names it among its kind: a question, an industry, a service, what a note says.

    Of an offer `more` is what it brings; of a note on working with somebody why we pushed back; of a rating
    the comment. `on` is when it was written down; of a rating, midnight of the month rated.
    """

    kind: JottingKind
    pk: int
    contact_id: int | None
    key: str
    text: str
    more: str
    on: dt.datetime

    @property
    def words(self) -> str:
        """The line as one reads it beside the person or the month it is about."""
        if self.kind is JottingKind.KNOWLEDGE:
            return f"{Knowledge(self.text).label}. {ADVICE[Knowledge(self.text)]}"
        if self.kind is JottingKind.WORKING:
            because = f" Because {self.more}" if self.more else ""
            return f"{WorkingKind(self.key).label}: {self.text}{because}"
        return self.key.replace("-", " ").capitalize() if self.kind is JottingKind.RATING else self.text


def jottings(client: Client, actor: Actor, contacts: Sequence[Contact]) -> list[Jotting]:
    """What stands about the client, as far as the actor may read it, newest first. One query.

    Ratings are those of the last two years; services are the whole catalogue.
    """
    working = WorkingNote.objects.visible_to(actor).standing().filter(contact__in=contacts)
    knowledge = MarketingKnowledge.objects.visible_to(actor).standing().filter(contact__in=contacts)
    flags = Flag.objects.visible_to(actor).filter(client=client).open()
    chances = Opportunity.objects.visible_to(actor).filter(client=client, dropped_at=None)
    parts = [
        _lines(JottingKind.DISCOVERY, client.discovery.standing(), "question_key", "answer", contact=True),
        _lines(JottingKind.FLAG, flags, "source", "text", on="raised_at", contact=True),
        _lines(JottingKind.OPPORTUNITY, chances, "kind", "text", on="made_at", contact=True),
        _lines(JottingKind.RATING, client.ratings.all(), "question", "score", more="comment"),
        _lines(JottingKind.KNOWLEDGE, knowledge, "level", "level", contact=True),
        _lines(JottingKind.WORKING, working, "kind", "text", more="reason", contact=True),
        _lines(JottingKind.OFFER, ServiceOffer.objects.standing(), "key", "what", more="brings"),
        _lines(
            JottingKind.SECTOR,
            SectorNote.objects.standing().filter(key=same_word(client.industry)),
            "industry",
            "text",
        ),
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by()
    found = [Jotting(JottingKind(kind), *rest) for kind, *rest in rows]
    return sorted(found, key=lambda note: (note.on, note.pk), reverse=True)


def _lines(
    kind: JottingKind,
    rows: QuerySet[Any],
    key: str,
    text: str,
    *,
    more: str = "",
    on: str = "at",
    contact: bool = False,
) -> QuerySet[Any, Any]:
    """The rows as jottings: columns of one type each, or the database will not put them together."""
    nobody = Value(None, output_field=IntegerField())
    lines: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            jotted=Value(kind.value, output_field=CharField()),
            whom=Cast(F("contact_id"), IntegerField()) if contact else nobody,
            named=Cast(F(key), TextField()),
            said=Cast(F(text), TextField()),
            added=Cast(F(more), TextField()) if more else Value("", output_field=TextField()),
            moment=Cast(F(on), DateTimeField()),
        )
        .values_list("jotted", "pk", "whom", "named", "said", "added", "moment")
    )
    return lines

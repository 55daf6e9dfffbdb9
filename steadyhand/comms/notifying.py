"""Who is told of what: the rules by which an event becomes news for somebody, and what is waiting.

Written in the act's own transaction, so that nothing that happened goes untold; mailed later, at the hours
each person chose (`people.News`). Nobody is told what they did themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from steadyhand.clients.models import Assignment, Position
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Meeting, Message, Notification
from steadyhand.core import clock
from steadyhand.core.actor import ActorKind
from steadyhand.core.models import Event
from steadyhand.people.models import Member, MemberState, News

Whom = Literal["owner", "team", "leader", "sender"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom it concerns: the promise's owner, the account team, who leads the meeting or sent the mail."""

    whom: Whom
    urgent: bool = False


RULES: dict[str, Rule] = {
    "commitment.promised": Rule("owner"),
    "commitment.handed_over": Rule("owner"),
    "commitment.missed": Rule("owner"),
    "interaction.logged": Rule("team"),
    "client.team_changed": Rule("team"),
    "contact.bounced": Rule("team"),
    "flag.raised": Rule("team", urgent=True),
    "ratings.given": Rule("team"),
    "approval.commented": Rule("team"),
    "approval.decided": Rule("team"),
    "approval.handed_over": Rule("team"),
    "approval.reminded": Rule("team"),
    "recommendation.answered": Rule("team"),
    "meeting.answered": Rule("leader"),
    "meeting.time_proposed": Rule("leader", urgent=True),
    "mail.failed": Rule("sender", urgent=True),
    "mail.uncertain": Rule("sender", urgent=True),
}

#: Of what was said, only mail that reached us is news; the rest somebody wrote down themselves.
RECEIVED = "mail"

TEAM = (Position.LEAD, Position.SUPPORT, Position.SPONSOR)


def notify(events: Iterable[Event]) -> None:
    """Write down whom each event concerns. A handful of queries, however many events."""
    meant = [event for event in events if _is_news(event)]
    if not meant:
        return
    concerned = _concerned(meant)
    told = Member.objects.filter(pk__in={pk for pks in concerned.values() for pk in pks})
    reads = set(told.filter(state=MemberState.ACTIVE).exclude(news=News.NEVER).values_list("pk", flat=True))
    now = clock.now()
    rows = [
        Notification(member_id=pk, event=event, urgent=RULES[event.verb].urgent, made_at=now)
        for event in meant
        for pk in concerned[event.pk]
        if pk in reads and not (event.actor_kind == ActorKind.MEMBER and event.actor_id == pk)
    ]
    Notification.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def waiting(member: Member, *, urgent_only: bool = False) -> QuerySet[Notification]:
    """What was not mailed to them yet, oldest first."""
    rows = Notification.objects.filter(member=member, mailed_at=None).select_related("event")
    return rows.filter(urgent=True) if urgent_only else rows


def _is_news(event: Event) -> bool:
    return event.verb in RULES and (
        event.verb != "interaction.logged" or event.data.get("source") == RECEIVED
    )


def _concerned(events: list[Event]) -> dict[int, set[int]]:
    """Ids of the members each event concerns."""
    by_whom: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_whom[RULES[event.verb].whom].append(event)
    found: dict[int, set[int]] = defaultdict(set)
    subjects = {
        "owner": Commitment.objects.values_list("pk", "owner"),
        "leader": Meeting.objects.values_list("pk", "led_by"),
        "sender": Message.objects.filter(outbox__isnull=False).values_list("outbox", "member"),
    }
    for whom, rows in subjects.items():
        field = "outbox__in" if whom == "sender" else "pk__in"
        ids = {event.subject_id for event in by_whom[whom]}
        known = dict(rows.filter(**{field: ids})) if ids else {}
        for event in by_whom[whom]:
            if (pk := known.get(event.subject_id or 0)) is not None:
                found[event.pk].add(pk)
    clients = {event.client_id for event in by_whom["team"] if event.client_id}
    team = Assignment.objects.filter(client__in=clients, until=None, position__in=TEAM) if clients else []
    places: dict[int, set[int]] = defaultdict(set)
    for place in team:
        places[place.client_id].add(place.member_id)
    for event in by_whom["team"]:
        found[event.pk] |= places[event.client_id or 0]
    return found

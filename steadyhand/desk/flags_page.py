"""Flags: serious worries about clients, with what is done about each (C2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from steadyhand.care.flags import ABOUT
from steadyhand.care.models import Flag, Rating
from steadyhand.care.ratings import rating_questions
from steadyhand.clients.models import Assignment, Client, Position
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Call
from steadyhand.core.actor import Actor
from steadyhand.desk.call_page import running_calls
from steadyhand.growth.models import Opportunity
from steadyhand.people.models import Member

MOST = 100
MOST_ON_CLIENT = 5


@dataclass(frozen=True, slots=True)
class Worry:
    """A flag with its agreed actions, those still owed first."""

    flag: Flag
    actions: list[Commitment]

    @property
    def open_actions(self) -> list[Commitment]:
        return [row for row in self.actions if row.state in OWED]

    @property
    def source(self) -> str:
        """Where it was raised, as a link; empty where that has no page."""
        if self.flag.call_id:
            return f"/calls/{self.flag.call_id}/"
        return f"/meetings/{self.flag.meeting_id}/" if self.flag.meeting_id else ""


@dataclass(slots=True)
class FlagsPage:
    """The list: open ones or closed ones, of clients one leads or of all one sees."""

    worries: list[Worry]
    is_mine: bool
    is_open: bool
    more: bool


def flags_page(actor: Actor, member: Member, *, mine: bool, closed: bool) -> FlagsPage:
    """Newest first. Two queries."""
    rows = Flag.objects.visible_to(actor).select_related("client", "contact", "raised_by")
    rows = rows.filter(withdrawn_at=None, settled_at__isnull=False) if closed else rows.open()
    if mine:
        led = Assignment.objects.filter(client=OuterRef("client"), member=member, until=None)
        rows = rows.filter(Exists(led.filter(position=Position.LEAD)))
    found = list(rows[: MOST + 1])
    return FlagsPage(_with_actions(found[:MOST], actor), mine, not closed, len(found) > MOST)


def worry(pk: int, actor: Actor) -> Worry | None:
    """One flag as far as one may see it."""
    rows = Flag.objects.visible_to(actor).select_related("client", "contact", "raised_by")
    return next(iter(_with_actions(list(rows.filter(pk=pk)), actor)), None)


def _with_actions(flags: list[Flag], actor: Actor) -> list[Worry]:
    actions: dict[int, list[Commitment]] = defaultdict(list)
    about = Commitment.objects.visible_to(actor).filter(about_type=ABOUT, about_id__in=[f.pk for f in flags])
    for row in about.select_related("owner").order_by("due_at", "pk"):
        actions[row.about_id or 0].append(row)
    return [Worry(flag, sorted(actions[flag.pk], key=lambda row: row.state not in OWED)) for flag in flags]


@dataclass(slots=True)
class ClientCare:
    """What the team keeps in mind about a client: calls being held, worries, ratings, opportunities."""

    running: list[Call]
    flags: list[Flag]
    ratings: list[tuple[str, Rating]]
    opportunities: list[Opportunity]


def client_care(client: Client) -> ClientCare:
    """For the page of a client one may see. Four queries."""
    return ClientCare(
        running=running_calls(client),
        flags=list(Flag.objects.filter(client=client).open()[:MOST_ON_CLIENT]),
        ratings=latest_ratings(Rating.objects.filter(client=client)[:20]),
        opportunities=list(Opportunity.objects.filter(client=client, dropped_at=None)[:MOST_ON_CLIENT]),
    )


def latest_ratings(rows: Iterable[Rating]) -> list[tuple[str, Rating]]:
    """The newest answer to each of the playbook's questions, in its order; rows come newest first."""
    newest: dict[str, Rating] = {}
    for row in rows:
        newest.setdefault(row.question, row)
    if not newest:
        return []
    return [(one.label, newest[one.key]) for one in rating_questions() if one.key in newest]

"""Winning a client: one act that makes it live, staffed, written to and dated (W5).

Everything that follows is drafted or dated here and nothing is sent: letters wait as drafts of those who sign
them, kickoffs stand in the diary without invitations, and each is a promise of somebody, due today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.engagements import ServiceLine, begin_engagement
from steadyhand.clients.models import (
    Access,
    Client,
    ClientFile,
    Contact,
    EngagementKind,
    Level,
    Position,
)
from steadyhand.clients.team import assign
from steadyhand.clients.winning import win_client
from steadyhand.commitments import keeping
from steadyhand.commitments.brief_readings import ask_to_read
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.planning import plan_client
from steadyhand.comms.mail.drafting import draft_message, replying
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.models import Host, Meeting, Message
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.agency import rates_on
from steadyhand.core.business_days import WorkingDays
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness.leads import mark_won
from steadyhand.newbusiness.models import Lead
from steadyhand.onboarding import letters
from steadyhand.onboarding.enclosing import draft_of_win
from steadyhand.onboarding.models import Handover
from steadyhand.onboarding.openings import Opening, openings
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.playbook.models import Version

#: What the letters of a handover are about, and the evidence that one left.
ABOUT, LETTER = "onboarding.handover", "comms.message"

#: The playbook's agendas of the two kickoffs, their length in minutes, and how many dates are offered.
INTERNAL, CLIENT = "internal-kickoff", "client-kickoff"
INTERNAL_MINUTES, CLIENT_MINUTES, OFFERED = 90, 120, 3

#: Working days from the win to each kickoff: “a day within the next week or so”.
INTERNAL_AFTER, CLIENT_AFTER = 1, 4

#: From this hour on the agency's clock, what would be due today is due on the next working day.
TOO_LATE = dt.time(16)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What winning will draft and date, shown before anybody presses the button."""

    sizeable: bool
    in_person: bool
    why: str
    place: str
    reply: str
    due_on: dt.date
    internal: Opening
    choices: Sequence[Opening]
    setups_by: dt.date | None


@transaction.atomic
def win_lead(
    lead: Lead,
    *,
    by: Actor,
    lead_person: Member,
    starts_on: dt.date,
    at: dt.datetime | None = None,
    kind: EngagementKind | None = None,
    amount: Decimal | None = None,
    currency: str = "",
    services: Iterable[ServiceLine] | None = None,
    ends_on: dt.date | None = None,
    contact: Contact | None = None,
) -> Handover:
    """They said yes, at `at` (now): the lead is won and its client handed over in one act (W5).

    What is not said is the lead's own: kind, amount, currency, services. Its latest pitch deck goes along.
    """
    batch = uuid4()
    won = mark_won(lead, by=by, at=at, batch=batch)
    lines = [ServiceLine(name) for name in won.services] if services is None else list(services)
    deck = won.decks.select_related("file").first()
    return hand_over(
        won.client,
        by=by,
        won_by=won.owner,
        lead_person=lead_person,
        kind=EngagementKind(kind or won.kind),
        amount=won.value if amount is None else amount,
        currency=currency or won.currency,
        starts_on=starts_on,
        services=lines,
        ends_on=ends_on,
        contact=contact,
        deck=deck.file if deck else None,
        at=at,
        batch=batch,
    )


@transaction.atomic
def hand_over(
    client: Client,
    *,
    by: Actor,
    won_by: Member,
    lead_person: Member,
    kind: EngagementKind,
    amount: Decimal,
    currency: str,
    starts_on: dt.date,
    services: Iterable[ServiceLine],
    ends_on: dt.date | None = None,
    title: str = "",
    contact: Contact | None = None,
    deck: ClientFile | None = None,
    at: dt.datetime | None = None,
    batch: UUID | None = None,
) -> Handover:
    """The prospect bought: it is in the book, planned, led, written to and dated; won at `at` (now).

    Three letters and the agreement are drafted and two kickoffs put in the diary, the internal one first.
    The lead is asked to read the brief (O8). Refuses without a service or without anybody to write to. The
    number of queries does not depend on the size of the book.
    """
    _refuse_strangers(client, by)
    lines = [line for line in services if line.name.strip()]
    if not lines:
        raise Refusal("Say what they bought.", remedy="Name at least one service.", field="services")
    contact = _whom(client, contact)
    at, batch = at or clock.now(), batch or uuid4()
    if at > clock.now():
        raise Refusal("That moment is still to come.", remedy="Say when they said yes.", field="at")
    client = win_client(client, by=by, batch=batch)
    engagement = begin_engagement(
        client,
        kind,
        by=by,
        amount=amount,
        currency=currency,
        starts_on=starts_on,
        ends_on=ends_on,
        title=title,
        services=lines,
        batch=batch,
    )
    _staff(client, lead_person, won_by, by=by, batch=batch)
    client.refresh_from_db()
    seen = foresee(
        client, won_by, lead_person, kind=kind, amount=amount, currency=currency, starts_on=starts_on
    )
    handover = Handover.objects.create(
        client=client,
        engagement=engagement,
        contact=contact,
        won_by=won_by,
        led_by=lead_person,
        won_at=at,
        sizeable=seen.sizeable,
        in_person=seen.in_person,
        deck=deck,
    )
    _date(handover, seen, by=by, batch=batch)
    _draft(handover, seen, by=by, batch=batch)
    handover.save()
    draft_of_win(handover, by=by)
    ask_to_read(client, lead_person, by=by, batch=batch)
    plan_client(client.pk)
    events.record(
        "handover.begun",
        by=by,
        client_id=client.pk,
        subject=handover,
        batch=batch,
        name=client.name,
        won_by=won_by.name,
        lead=lead_person.name,
        engagement=engagement.title,
    )
    return handover


def foresee(
    client: Client,
    won_by: Member,
    lead_person: Member,
    *,
    kind: EngagementKind,
    amount: Decimal,
    currency: str,
    starts_on: dt.date,
) -> Foreseen:
    """What winning would draft and date, as things stand now; writes nothing."""
    zone = Agency.get().zone
    days, today = working_days(client, lead_person), clock.today(zone)
    version = Version.live()
    policy = version.policy if version else None
    sizeable = policy is not None and is_sizeable(
        kind, amount, currency, policy.meeting_in_person.from_spend, today
    )
    internal = openings(
        [won_by, lead_person],
        days,
        first=days.add_working(today, INTERNAL_AFTER),
        minutes=INTERNAL_MINUTES,
        zone=zone,
    )[0]
    earliest = days.add_working(internal.day, 1)
    before_start = days.previous_working(starts_on - dt.timedelta(days=1))
    first = max(earliest, min(days.add_working(today, CLIENT_AFTER), before_start))
    choices = openings(
        [lead_person],
        days,
        first=first,
        minutes=CLIENT_MINUTES,
        zone=zone,
        client_zone=client.zone,
        count=OFFERED,
    )
    return Foreseen(
        sizeable=sizeable,
        in_person=sizeable,
        why=policy.meeting_in_person.why if policy and sizeable else "",
        place=policy.meeting_in_person.where if policy and sizeable else "",
        reply=letters.reply_key(sizeable=sizeable),
        due_on=_due_today(days, zone),
        internal=internal,
        choices=[one.on_clock_of(client.zone) for one in choices],
        setups_by=starts_on + dt.timedelta(days=policy.first_month.setup_within_days - 1) if policy else None,
    )


def is_sizeable(
    kind: EngagementKind, amount: Decimal, currency: str, from_spend: Decimal, today: dt.date
) -> bool:
    """Whether a win is met in person and gets the long reply: a retainer from the playbook's level on (B12).

    A project never is; an amount in a currency without a rate is taken as it stands.
    """
    if kind != EngagementKind.RETAINER:
        return False
    ours = Agency.get().currency
    rate = Decimal(1) if currency == ours else rates_on(today).get(currency, Decimal(1))
    return amount * rate >= from_spend


def _staff(client: Client, lead: Member, won_by: Member, *, by: Actor, batch: UUID) -> None:
    """The lead is put in place; whoever won the client stays on as support, for the kickoffs."""
    assign(client, lead, Position.LEAD, by=by, batch=batch)
    sees = Access.objects.filter(client=client, member=won_by, level=Level.FULL).exists()
    if won_by.pk != lead.pk and not sees:
        assign(client, won_by, Position.SUPPORT, by=by, batch=batch)


def _date(handover: Handover, seen: Foreseen, *, by: Actor, batch: UUID) -> None:
    """Both kickoffs in the diary: ours is no appointment of the client's, theirs says why we meet (B12)."""
    client, winner, lead = handover.client, handover.won_by, handover.led_by
    assert winner is not None and lead is not None  # noqa: S101
    ours = seen.internal.on_clock_of(client.zone)
    promised = keeping.promise(
        client,
        f"Internal kickoff of {client.name}",
        by=by,
        owner=winner,
        due_on=ours.day,
        due_time=ours.time,
        kind=Kind.MEETING,
        minutes=INTERNAL_MINUTES,
        internal=True,
        batch=batch,
    )
    handover.internal_kickoff = plan_meeting(
        client,
        f"Internal kickoff of {client.name}",
        by=by,
        day=seen.internal.day,
        time=seen.internal.time,
        zone=seen.internal.zone,
        minutes=INTERNAL_MINUTES,
        led_by=winner,
        members=_team(client, without=winner),
        agenda_key=_known_agenda(INTERNAL),
        commitment=promised,
        batch=batch,
    )
    handover.client_kickoff = _client_kickoff(handover, seen, by=by, batch=batch)


def _client_kickoff(handover: Handover, seen: Foreseen, *, by: Actor, batch: UUID) -> Meeting:
    first = seen.choices[0]
    return plan_meeting(
        handover.client,
        f"Kickoff with {handover.client.name}",
        by=by,
        day=first.day,
        time=first.time,
        zone=first.zone,
        minutes=CLIENT_MINUTES,
        led_by=handover.led_by,
        contacts=[handover.contact] if handover.contact else [],
        agenda_key=_known_agenda(CLIENT),
        in_person=seen.in_person,
        host=Host.US if seen.in_person else Host.NOBODY,
        place=f"{seen.place} {seen.why}".strip()[:300],
        prepare=True,
        batch=batch,
    )


def _draft(handover: Handover, seen: Foreseen, *, by: Actor, batch: UUID) -> None:
    """The three letters, and the promise of whoever signs each to send it."""
    client, winner, lead = handover.client, handover.won_by, handover.led_by
    assert winner is not None and lead is not None  # noqa: S101
    fields = letters.signed_by(winner) | letters.offered(seen.choices)
    copy = [lead.email] if winner.pk != lead.pk else []
    about = (ABOUT, handover.pk)

    def draft(key: str, member: Member, copies: Sequence[str] = (), subject: str = "") -> Message:
        return draft_message(
            client,
            by=by,
            member=member,
            contact=handover.contact,
            template=key,
            copies=copies,
            subject=subject,
            about=about,
            fields=fields,
        )

    handover.answer = draft(letters.ANSWER, winner)
    handover.introduction = draft(letters.INTRODUCTION, winner, copy)
    handover.reply = draft(seen.reply, lead, subject=replying(handover.introduction.subject))
    for message, title, owner in (
        (handover.answer, "Answer the good news: what happens next", winner),
        (handover.introduction, f"Introduce {lead.name}", winner),
        (handover.reply, "Reply to the introduction: agreement, forms, kickoff dates", lead),
    ):
        keeping.promise(
            client,
            title,
            by=by,
            owner=owner,
            due_on=seen.due_on,
            internal=True,
            about=(LETTER, message.pk),
            closes_with=LETTER,
            batch=batch,
        )


def _team(client: Client, *, without: Member) -> list[Member]:
    places = client.team.filter(until=None).exclude(member=without).select_related("member")
    return list({place.member_id: place.member for place in places}.values())


def _known_agenda(key: str) -> str:
    version = Version.live()
    known = version.policy.content.agendas if version else ()
    return key if any(agenda.key == key for agenda in known) else ""


def _whom(client: Client, contact: Contact | None) -> Contact:
    """Who is written to: the named contact, else the one we speak to day by day."""
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    found = contact or client.contacts.filter(left_on=None).first()
    if found is None or not found.email:
        raise Refusal(
            f"We have nobody at {client.name} to write to.",
            remedy="Add a contact with an e-mail address first.",
            field="contact",
        )
    return found


def _due_today(days: WorkingDays, zone: str) -> dt.date:
    now = clock.now().astimezone(clock.zone_info(zone))
    if now.time() >= TOO_LATE:
        return days.add_working(now.date(), 1)
    return days.next_working(now.date())


def _refuse_strangers(client: Client, by: Actor) -> None:
    if not by.may(Capability.WIN_CLIENTS) or not may_act_for(client.pk, by):
        raise NotYours(
            f"Winning {client.name} is for whoever brought them, or the account team.",
            remedy="Ask the colleague who owns the lead.",
        )

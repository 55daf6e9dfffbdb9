"""A win makes a client live, staffed, written to and dated, in one act and at once (W5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steadyhand.clients import book
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Client, Contact, EngagementKind, Position, Stage
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Host, Meeting, Message, MessageState
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.models import Handover
from steadyhand.onboarding.winning import hand_over
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import SYSTEM, Cast, joined

pytestmark = pytest.mark.django_db

SERVICES = ("SEO", "Paid search", "Social", "Content", "E-mail", "Digital PR", "CRO", "Website build")


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def ana(northwind: Cast) -> Member:
    return joined("Ana Costa", Role.NEW_BUSINESS)


def prospect(name: str = "Brightwater Spa", **details: Any) -> tuple[Client, Contact]:
    client = book.add_client(name, by=SYSTEM, stage=Stage.PROSPECT, **details)
    contact = book.add_contact(client, "Priya Raman", by=SYSTEM, email="priya@brightwater.test")
    return client, contact


def won(client: Client, winner: Member, lead: Member, amount: int = 4000, **changes: Any) -> Handover:
    terms: dict[str, Any] = {
        "kind": EngagementKind.RETAINER,
        "amount": Decimal(amount),
        "currency": "GBP",
        "starts_on": dt.date(2026, 12, 7),
        "services": [ServiceLine(name) for name in SERVICES],
        "by": SYSTEM,
    }
    return hand_over(client, won_by=winner, lead_person=lead, **terms | changes)


def test_the_client_is_live_led_and_planned(northwind: Cast, ana: Member) -> None:
    client, _ = prospect()
    handover = won(client, ana, northwind.jody)
    client.refresh_from_db()
    assert client.stage == Stage.LIVE
    assert client.team.get(position=Position.LEAD).member == northwind.jody
    assert client.team.get(position=Position.SUPPORT).member == ana
    assert handover.engagement.services.count() == 8
    rules = Commitment.objects.filter(client=client, state=State.OPEN)
    assert rules.filter(rule="service-setup").count() == 7, "the website build need not start at once"
    assert rules.filter(rule="first-month-meeting").count() >= 4


def test_three_letters_wait_for_those_who_sign_them(northwind: Cast, ana: Member) -> None:
    client, contact = prospect()
    handover = won(client, ana, northwind.jody)
    answer, introduction, reply = handover.answer, handover.introduction, handover.reply
    assert answer is not None and introduction is not None and reply is not None
    drafts = list(Message.objects.filter(client=client, state=MessageState.DRAFT).order_by("pk"))
    assert drafts == [answer, introduction, reply]
    assert [one.member for one in drafts] == [ana, ana, northwind.jody]
    assert [one.template for one in drafts] == ["win-answer", "introduction", "manager-reply-long"]
    assert all(one.to == [contact.email] for one in drafts)
    assert introduction.copies == [northwind.jody.email]
    assert "Ana Costa" in answer.text and "Jody Marsh" in introduction.text
    assert reply.subject == f"Re: {introduction.subject}"
    owed = Commitment.objects.filter(client=client, closes_with="comms.message")
    assert {(row.owner, row.due_on, row.internal) for row in owed} == {
        (ana, cast.NOW.date(), True),
        (northwind.jody, cast.NOW.date(), True),
    }
    with pytest.raises(Refusal, match="kept by what it is about"):
        keeping.complete(owed[0], by=SYSTEM)


def test_the_internal_kickoff_stands_before_the_clients(northwind: Cast, ana: Member) -> None:
    client, contact = prospect()
    handover = won(client, ana, northwind.jody)
    ours, theirs = handover.internal_kickoff, handover.client_kickoff
    assert ours is not None and theirs is not None
    assert cast.NOW < ours.starts_at < theirs.starts_at
    assert (ours.led_by, theirs.led_by) == (ana, northwind.jody)
    assert (ours.agenda_key, theirs.agenda_key) == ("internal-kickoff", "client-kickoff")
    assert ours.commitment is not None and ours.commitment.internal, "the client's calendar has it not"
    assert [one.contact for one in theirs.attendees.filter(contact__isnull=False)] == [contact]
    assert theirs.invited_at is None, "nobody is invited before the dates are agreed"
    assert theirs.preparations.count() == 5
    reply = handover.reply
    assert reply is not None
    assert f"{theirs.local:%A} {theirs.local.day} {theirs.local:%B}, {theirs.local:%H:%M}" in reply.text
    assert reply.text.count("\n- ") >= 3


@pytest.mark.parametrize(
    ("kind", "amount", "sizeable"),
    [
        (EngagementKind.RETAINER, 3000, True),
        (EngagementKind.RETAINER, 2999, False),
        (EngagementKind.PROJECT, 50_000, False),
    ],
)
def test_a_sizeable_win_is_met_in_person_and_told_why(
    northwind: Cast, ana: Member, kind: EngagementKind, amount: int, sizeable: bool
) -> None:
    client, _ = prospect()
    handover = won(client, ana, northwind.jody, amount, kind=kind)
    meeting, reply = handover.client_kickoff, handover.reply
    assert meeting is not None and reply is not None
    assert (meeting.in_person, handover.sizeable) == (sizeable, sizeable)
    assert meeting.host == (Host.US if sizeable else Host.NOBODY)
    assert ("You meet everyone" in meeting.place) is sizeable
    assert reply.template == ("manager-reply-long" if sizeable else "manager-reply-short")


def test_nobody_is_booked_twice(northwind: Cast, ana: Member) -> None:
    first = won(prospect()[0], ana, northwind.jody)
    second = won(prospect("Castle Kitchens")[0], ana, northwind.jody)
    for one, other in (
        (first.internal_kickoff, second.internal_kickoff),
        (first.client_kickoff, second.client_kickoff),
        (first.client_kickoff, second.internal_kickoff),
    ):
        assert one is not None and other is not None
        assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at


def test_a_client_far_away_is_met_while_they_are_awake(northwind: Cast, ana: Member) -> None:
    client, _ = prospect(zone="America/New_York", country="US")
    meeting = won(client, ana, northwind.jody).client_kickoff
    assert meeting is not None
    assert 8 <= meeting.local.hour <= 18 and meeting.zone == "America/New_York"


def test_late_in_the_day_everything_is_due_on_the_next(northwind: Cast, ana: Member) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 27, 17, 0, tzinfo=dt.UTC), tick=False):
        client, _ = prospect()
        won(client, ana, northwind.jody)
        owed = Commitment.objects.filter(client=client, closes_with="comms.message")
        assert {row.due_on for row in owed} == {dt.date(2026, 11, 30)}


def test_nothing_is_half_won(northwind: Cast, ana: Member) -> None:
    client = book.add_client("Nobody There", by=SYSTEM, stage=Stage.PROSPECT)
    with pytest.raises(Refusal, match="nobody at Nobody There to write to"):
        won(client, ana, northwind.jody)
    client, _ = prospect()
    with pytest.raises(Refusal, match="Say what they bought"):
        won(client, ana, northwind.jody, services=[ServiceLine("  ")])
    with pytest.raises(Refusal, match="not a currency"):
        won(client, ana, northwind.jody, currency="XXQ")
    with pytest.raises(NotYours, match="whoever brought them"):
        won(client, ana, northwind.jody, by=northwind.sam.actor)
    client.refresh_from_db()
    assert client.stage == Stage.PROSPECT
    assert not Meeting.objects.exists() and not Handover.objects.exists()


def test_it_is_one_event_among_those_of_its_parts(northwind: Cast, ana: Member) -> None:
    client, _ = prospect()
    won(client, ana, northwind.jody)
    told = Event.objects.filter(client_id=client.pk)
    assert told.filter(verb="handover.begun").count() == 1
    batch = told.get(verb="handover.begun").batch
    parts = ("client.won", "engagement.begun", "meeting.planned")
    assert batch is not None
    for verb in parts:
        assert all(event.batch == batch for event in told.filter(verb=verb)), verb


def test_the_queries_do_not_grow_with_the_book(northwind: Cast, ana: Member) -> None:
    counts = []
    for number in range(2):
        for other in range(number * 12):
            cast.retained(f"Filler {other}", 800, lead=northwind.jody)
        client, _ = prospect(f"Won {number}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            won(client, ana, northwind.jody)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
    assert counts[0] < 360, counts

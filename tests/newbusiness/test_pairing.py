"""Who would look after them: proposed by people, with the system's reasons beside it; the pitch (W2, W4)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from steadyhand.clients import book
from steadyhand.clients.models import Position
from steadyhand.clients.personal import note_detail
from steadyhand.clients.team import assign
from steadyhand.clients.working import judge_knowledge
from steadyhand.commitments import keeping
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness import leads, pairing
from steadyhand.newbusiness.matching import Suggestion, suggest
from steadyhand.newbusiness.models import Lead, Pairing
from steadyhand.onboarding.loads import loads_of
from steadyhand.people import members
from steadyhand.people.models import Member
from tests import cast
from tests.cast import SYSTEM, Cast


def reasons(found: list[Suggestion], member: Member) -> dict[str, str]:
    one = next(one for one in found if one.member == member)
    return {reason.about: reason.text for reason in one.reasons}


def test_the_suggestion_shows_its_reasons(northwind: Cast, callum: Member, fennel: Lead) -> None:
    nell = fennel.client.contacts.get()
    book.change_client(northwind.halden, by=SYSTEM, industry="food")
    judge_knowledge(nell, "savvy", by=callum.actor)
    judge_knowledge(northwind.halden.contacts.earliest("pk"), "savvy", by=SYSTEM)
    note_detail(nell, "interest", "Cycling in the Alps", by=callum.actor)
    pairing.describe_style(
        northwind.jody, by=northwind.jody.actor, suits=["savvy"], interests=["Road cycling", "Chess"]
    )
    found = suggest(fennel, callum.actor)
    jody = reasons(found, northwind.jody)
    assert jody["size"].startswith("Leads clients of this size: Tier 3")
    assert jody["sector"] == "Looks after one client in Food"
    assert jody["services"] == "Looks after 2 clients with paid search, seo"
    assert jody["style"] == "Says they suit a contact who “knows marketing”"
    assert jody["interests"] == "In common: Road cycling"
    assert jody["load"].startswith("Has time: 0 h of")
    sam = reasons(found, northwind.sam)
    assert sam["style"] == "Works with one contact who know as much of marketing"
    assert found[0].member == northwind.jody
    assert northwind.keiran not in [one.member for one in found]


def test_the_kickoff_shows_the_same_load_as_the_suggestion(
    northwind: Cast, callum: Member, fennel: Lead
) -> None:
    for day, minutes in ((24, 490), (30, 110)):
        due_on = dt.date(2026, 11, day)
        keeping.promise(
            northwind.halden, "Work", by=SYSTEM, owner=northwind.jody, due_on=due_on, minutes=minutes
        )
    with time_machine.travel(cast.NOW + dt.timedelta(days=2), tick=False):
        assert loads_of([northwind.jody])[northwind.jody.pk].time.hours == 10, (
            "what is overdue takes time too"
        )
    jody = next(one for one in suggest(fennel, callum.actor) if one.member == northwind.jody)
    load = loads_of([northwind.jody])[northwind.jody.pk]
    assert load.time.share == jody.share
    assert load.words == f"leads 3 clients, {load.time.words}"
    assert load.time.words in reasons([jody], northwind.jody)["load"]


def test_load_and_absence_speak_against(northwind: Cast, callum: Member, fennel: Lead) -> None:
    today = dt.date(2026, 11, 24)
    for _ in range(25):
        keeping.promise(northwind.halden, "Work", by=SYSTEM, owner=northwind.jody, due_on=today, minutes=400)
    away = today + dt.timedelta(days=10)
    members.go_absent(northwind.jody, away, away, northwind.sam, by=SYSTEM)
    jody = next(one for one in suggest(fennel, callum.actor) if one.member == northwind.jody)
    assert [reason.about for reason in jody.speaks_against] == ["load", "away"]
    assert "Over capacity: 167 h of 150 h" in jody.speaks_against[0].text


def test_people_propose_and_the_suggestion_is_kept_beside_it(
    northwind: Cast, callum: Member, fennel: Lead
) -> None:
    with pytest.raises(Refusal, match="Say why Sam"):
        pairing.propose_pairing(fennel, northwind.sam, " ", by=callum.actor)
    made = pairing.propose_pairing(fennel, northwind.sam, "They met at the fair.", by=callum.actor)
    assert (made.member, made.suggested) == (northwind.sam, northwind.jody)
    assert Lead.objects.visible_to(northwind.sam.actor).get() == fennel
    pairing.propose_pairing(fennel, northwind.jody, "Sam is away.", by=callum.actor)
    assert [row.member for row in Pairing.objects.filter(until=None)] == [northwind.jody]


def test_the_earmarked_person_joins_a_pitch_that_is_worth_it(
    northwind: Cast, callum: Member, fennel: Lead
) -> None:
    pairing.propose_pairing(fennel, northwind.jody, "Both ride.", by=callum.actor)
    day, time = dt.date(2026, 12, 2), dt.time(11)
    meeting = pairing.plan_pitch(fennel, by=callum.actor, day=day, time=time, led_by=callum)
    assert {row.member for row in meeting.attendees.all()} == {callum, northwind.jody}
    assert meeting.in_person and fennel.pitches.get().meeting == meeting
    leads.change_lead(fennel, by=callum.actor, value=Decimal(900))
    fennel.refresh_from_db()
    small = pairing.plan_pitch(fennel, by=callum.actor, day=day, time=dt.time(15), led_by=callum)
    assert {row.member for row in small.attendees.all()} == {callum}


def test_ones_style_is_ones_own_to_say(northwind: Cast) -> None:
    with pytest.raises(Refusal, match="theirs to say"):
        pairing.describe_style(northwind.jody, by=northwind.sam.actor, works="Early")
    with pytest.raises(Refusal, match="no kind of contact"):
        pairing.describe_style(northwind.jody, by=northwind.jody.actor, suits=["wizard"])
    style = pairing.describe_style(
        northwind.jody, by=northwind.jody.actor, interests=["Chess", " Chess ", ""]
    )
    assert style.interests == ["Chess"]


def test_a_suggestion_counts_only_what_its_reader_may_see(northwind: Cast, fennel: Lead) -> None:
    assign(fennel.client, northwind.sam, Position.SUPPORT, by=SYSTEM)
    book.change_client(northwind.orbit, by=SYSTEM, industry="Food")
    assert "sector" not in reasons(suggest(fennel, northwind.sam.actor), northwind.jody)

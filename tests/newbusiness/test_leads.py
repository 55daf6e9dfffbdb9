"""Leads: added, moved along, won, lost, withdrawn and taken up again (W1)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from steadyhand.clients import book, engagements, winning
from steadyhand.clients.models import Client, EngagementKind, Stage
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness import leads
from steadyhand.newbusiness.models import Lead, LeadStage
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook.models import Version
from tests import cast
from tests.cast import SYSTEM, Cast, joined

pytestmark = pytest.mark.django_db


def led_in(by: Member, **values: Any) -> Lead:
    told = {"source": "Website", "value": Decimal(2400), "owner": by, "services": ["SEO", "Paid search"]}
    return leads.add_lead(values.pop("client", "Fennel Foods"), by=by.actor, **(told | values))


def test_a_lead_is_a_prospect_with_a_contact_that_nothing_is_planned_for(callum: Member) -> None:
    lead = led_in(callum, contact_name="Nell Ash", contact_email="nell@fennel.test")
    assert (lead.client.stage, lead.currency, lead.stage) == (Stage.PROSPECT, "GBP", LeadStage.OPEN)
    assert [c.email for c in lead.client.contacts.all()] == ["nell@fennel.test"]
    plan_book()
    assert not Client.objects.listed().filter(pk=lead.client_id).exists()
    assert not Commitment.objects.filter(client=lead.client).exists()
    added = Event.objects.get(verb="lead.added")
    assert added.batch and Event.objects.get(verb="client.added", batch=added.batch)


def test_who_sees_a_lead(northwind: Cast, callum: Member) -> None:
    lead = led_in(callum)
    other = joined("Nadia Field", Role.NEW_BUSINESS)
    for member, sees in ((callum, True), (other, True), (northwind.keiran, True), (northwind.jody, False)):
        assert Lead.objects.visible_to(member.actor).filter(pk=lead.pk).exists() is sees, member
    leads.change_lead(lead, by=callum.actor, owner=northwind.jody)
    assert Lead.objects.visible_to(northwind.jody.actor).get() == lead
    with pytest.raises(Refusal, match="You do not work on the lead"):
        leads.lose_lead(lead, "Too dear", by=northwind.jody.actor)


def test_an_existing_prospect_is_taken_and_a_client_is_not(northwind: Cast, callum: Member) -> None:
    prospect = book.add_client("Known Already", by=SYSTEM, stage=Stage.PROSPECT)
    lead = led_in(callum, client=prospect)
    assert lead.client == prospect
    with pytest.raises(Refusal, match="still running"):
        led_in(callum, client=prospect)
    with pytest.raises(Refusal, match="is no prospect"):
        led_in(callum, client=northwind.halden)
    with pytest.raises(Refusal, match="does not work on leads"):
        led_in(northwind.sam)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"source": " "}, "Say where it came from"),
        ({"value": Decimal(-1)}, "no value of a lead"),
        ({"currency": "XXQ"}, "not a currency"),
        ({"services": [str(number) for number in range(21)]}, "21 services"),
        ({"client": " "}, "needs a name"),
    ],
)
def test_what_is_refused_writes_nothing(callum: Member, values: dict[str, Any], said: str) -> None:
    before = Client.objects.count()
    with pytest.raises(Refusal, match=said):
        led_in(callum, **values)
    assert (Client.objects.count(), Lead.objects.count()) == (before, 0)


def test_pitching_needs_a_go_where_the_playbook_asks(callum: Member) -> None:
    lead = led_in(callum)
    with pytest.raises(Refusal, match="Nobody has decided to pitch"):
        leads.move_on(lead, by=callum.actor)
    Version.objects.all()._raw_delete("default")
    assert leads.move_on(lead, by=callum.actor).stage == LeadStage.PITCHING
    assert leads.move_back(lead, by=callum.actor).stage == LeadStage.OPEN


def test_losing_and_withdrawing_say_why(callum: Member) -> None:
    lead = led_in(callum)
    with pytest.raises(Refusal, match="Say why it is lost"):
        leads.lose_lead(lead, " ", by=callum.actor)
    lost = leads.lose_lead(lead, "They stayed with their agency.", by=callum.actor)
    assert (lost.stage, lost.closed_because) == (LeadStage.LOST, "They stayed with their agency.")
    with pytest.raises(Refusal, match="is lost"):
        leads.withdraw_lead(lead, "No", by=callum.actor)
    again = leads.reopen(lead, by=callum.actor)
    assert (again.stage, again.closed_at, again.closed_because) == (LeadStage.OPEN, None, "")
    assert leads.withdraw_lead(lead, "No people free.", by=callum.actor).stage == LeadStage.WITHDRAWN


def test_a_lead_is_won_at_its_time_and_taken_back_while_nothing_is_bought(callum: Member) -> None:
    with time_machine.travel(cast.NOW - dt.timedelta(days=2), tick=False):
        lead = led_in(callum)
    said_yes = cast.NOW - dt.timedelta(hours=3)
    with pytest.raises(Refusal, match="before now"):
        leads.mark_won(lead, by=callum.actor, at=cast.NOW + dt.timedelta(hours=1))
    won = leads.mark_won(lead, by=callum.actor, at=said_yes)
    assert (won.stage, won.closed_at) == (LeadStage.WON, said_yes)
    winning.win_client(lead.client, by=callum.actor)
    assert leads.reopen(lead, by=callum.actor).client.refresh_from_db() is None
    assert Client.objects.get(pk=lead.client_id).stage == Stage.PROSPECT
    leads.mark_won(lead, by=callum.actor)
    winning.win_client(lead.client, by=callum.actor)
    engagements.begin_engagement(
        lead.client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        amount=Decimal(2400),
        currency="GBP",
        starts_on=dt.date(2026, 12, 1),
    )
    with pytest.raises(Refusal, match="has engagements"):
        leads.reopen(lead, by=callum.actor)


def test_the_database_holds_the_stage_to_its_reason(callum: Member) -> None:
    lead = led_in(callum)
    for values in ({"stage": "lost"}, {"stage": "won"}, {"closed_because": "Why"}, {"value": Decimal(-1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(**values)


def test_leads_of_merged_prospects_come_together(callum: Member) -> None:
    first, second = led_in(callum), led_in(callum, client="Fennel Food Ltd")
    book.merge_clients(first.client, second.client, by=SYSTEM)
    second.refresh_from_db()
    assert (second.client, second.stage) == (first.client, LeadStage.WITHDRAWN)
    assert first.client.leads.running().get() == first

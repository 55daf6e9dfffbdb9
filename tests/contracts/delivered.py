"""What we deliver to a client, one of each thing, marked with the client's word."""

from __future__ import annotations

import datetime as dt

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.portal_access import actor_of
from steadyhand.delivery import (
    deliverables,
    glossary,
    introductions,
    network,
    setting_up,
    strategies,
    timelines,
)
from steadyhand.delivery.models import Showing
from steadyhand.people.models import Member
from tests import cast
from tests.cast import SYSTEM

TODAY = cast.NOW.date()
A_DAY = dt.timedelta(days=1)


def delivered(word: str, contact: Contact, lead: Member) -> None:
    """Set-up, a timeline asked and one given, a deliverable, a word, an introduction, a strategy."""
    client = contact.client
    setup = client.setups.earliest("pk")
    begins = setup.service.engagement.starts_on
    setting_up.plan_setup(
        setup, by=SYSTEM, manager=lead, starts_on=begins + 8 * A_DAY, reason=f"{word} waits."
    )
    setting_up.add_task(setup, f"Read about {word}", by=SYSTEM, due_on=begins)
    setting_up.log_contact(setup, f"{word} is no trouble", by=SYSTEM)
    setting_up.chase([setup], by=SYSTEM)
    timelines.ask_for_timeline(client, f"{word} film", by=SYSTEM, asked_of=lead)
    given = timelines.give_timeline(
        client,
        f"{word} audit",
        ready_on=TODAY + 9 * A_DAY,
        given_by=lead,
        by=SYSTEM,
        note=f"If {word} helps.",
    )
    row = deliverables.promise_deliverable(
        client, f"{word} audit", due_on=TODAY + 9 * A_DAY, by=SYSTEM, timeline=given, owner=lead, shared=True
    )
    deliverables.move_deliverable(row, TODAY + 12 * A_DAY, by=SYSTEM, reason=f"{word} was away.")
    glossary.hear_term(f"{word} budget", by=SYSTEM, member=lead, client=client)
    printer = network.add_partner(f"Press {client.pk}", "Printing", by=SYSTEM)
    need = introductions.note_need(client, f"{word} prints", by=SYSTEM, contact=contact, owner=lead)
    introductions.introduce(need, printer, by=SYSTEM)
    version = strategies.write_strategy(
        client, f"{word} wins.", by=SYSTEM, business=f"{word} grows.", owner=lead
    )
    strategies.show_version(version, Showing.FINAL, by=SYSTEM)
    strategies.comment_on_version(version, f"{word} nods.", by=actor_of(contact))
    strategies.set_review(version.strategy, TODAY + 60 * A_DAY, by=SYSTEM)


def number_of(noun: str, client: Client) -> int | None:
    """Of these, the one that an address of this noun is about; None for nouns of others."""
    match noun:
        case "setup":
            return client.setups.earliest("pk").pk
        case "task":
            return client.tasks.earliest("pk").pk
        case "deliverable":
            return client.deliverables.get().pk
        case "timeline":
            return client.timelines.earliest("pk").pk
        case "term":
            return client.terms.get().pk
        case "introduction":
            return client.introductions.get().pk
        case "strategy":
            return client.strategy.pk
    return None

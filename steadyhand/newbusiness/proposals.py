"""Proposals: every one carries client-services time, priced by the playbook or by hand (W3, B6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from steadyhand.clients.engagements import channel_of
from steadyhand.clients.files import DOCUMENTS, drop_file, keep_file
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.money import check_currency
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness.models import Deck, Lead, Proposal
from steadyhand.newbusiness.pitching import rules
from steadyhand.newbusiness.rights import locked, running
from steadyhand.people.models import Member
from steadyhand.playbook.new_business import PricedTime


def price(lead: Lead, amount: Decimal, services: Iterable[str]) -> list[PricedTime]:
    """Client-services time of these services at this spend, by the playbook's matrix; empty where none is."""
    named = [(name, channel_of(name)) for name in services]
    size = lead.size or "any"
    return rules().price(amount, named, industry=lead.client.industry.strip(), size=size)


@transaction.atomic
def draft_proposal(
    lead: Lead,
    *,
    by: Actor,
    amount: Decimal | None = None,
    currency: str = "",
    services: Iterable[str] | None = None,
    priced: bool = True,
) -> Proposal:
    """A proposal for what the lead is about; amount and services may differ from the lead's.

    Its client-services line comes from the playbook's matrix; with `priced` False, or where there is no
    matrix, it waits for one to be written by hand.
    """
    row = running(lead, by)
    names = list(row.services if services is None else services)
    if not names:
        raise Refusal(
            "Name the services this proposal is for.", remedy="One a line, as “SEO”.", field="services"
        )
    amount = row.value if amount is None else amount
    if amount < 0:
        raise Refusal(f"{amount} is below zero.", remedy="Write 0 or more.", field="amount")
    last = row.proposals.aggregate(last=Max("number"))["last"] or 0
    proposal = Proposal(
        lead=row,
        number=last + 1,
        kind=row.kind,
        amount=amount,
        currency=check_currency(currency or row.currency),
        services=names,
        made_at=clock.now(),
        made_by=by.name,
    )
    if priced:
        _write_line(proposal, price(row, amount, names))
    proposal.save(force_insert=True)
    _record("proposal.drafted", proposal, by=by)
    return proposal


@transaction.atomic
def price_by_matrix(proposal: Proposal, *, by: Actor) -> Proposal:
    """Take client-services time from the playbook again."""
    row = _unsent(proposal, by)
    lines = price(row.lead, row.amount, row.services)
    if not lines:
        raise Refusal(
            "The playbook has no prices for client-services time.", remedy="Write the line by hand."
        )
    row.by_hand, row.agreed_with, row.agreed_because = False, None, ""
    _write_line(row, lines)
    row.save()
    _record("proposal.priced", row, by=by, minutes=row.service_minutes, fee=row.service_fee)
    return row


@transaction.atomic
def price_by_hand(
    proposal: Proposal, minutes: int, fee: Decimal, *, agreed_with: Member | None, reason: str, by: Actor
) -> Proposal:
    """Write the client-services line by hand, with who agreed it and why it differs (W3)."""
    row = _unsent(proposal, by)
    if agreed_with is None:
        raise Refusal(
            "Say who agreed it.", remedy="Choose somebody who answers for the time.", field="agreed_with"
        )
    if not reason.strip():
        raise Refusal("Say why it differs from the playbook.", remedy="One sentence.", field="reason")
    if minutes < 0 or fee < 0:
        raise Refusal("Time and fee are 0 or more.", field="minutes" if minutes < 0 else "fee")
    row.service_minutes, row.service_fee, row.lines = minutes, fee, []
    row.by_hand, row.agreed_with, row.agreed_because = True, agreed_with, reason.strip()[:300]
    row.save()
    said = {"agreed_with": agreed_with.name, "reason": row.agreed_because}
    _record("proposal.priced", row, by=by, minutes=minutes, fee=fee, **said)
    return row


@transaction.atomic
def mark_sent(proposal: Proposal, *, by: Actor, on: dt.date | None = None) -> Proposal:
    """It went to the client on this day (today). Never without its client-services line."""
    row = _unsent(proposal, by)
    today = clock.today(row.lead.client.zone)
    if not row.has_service_line:
        raise Refusal(
            "This proposal has no client-services line, so it cannot go out.",
            remedy="Price it from the playbook, or write the line by hand with who agreed it.",
        )
    if on is not None and on > today:
        raise Refusal("That day is still to come.", remedy="Mark it once it has gone out.", field="on")
    row.sent_on = on or today
    row.save(update_fields=["sent_on"])
    _record("proposal.sent", row, by=by, on=row.sent_on)
    return row


@transaction.atomic
def take_back_sending(proposal: Proposal, *, by: Actor) -> Proposal:
    """It has not gone out after all."""
    row = _locked(proposal, by)
    if row.sent_on is None:
        raise Refusal("It has not gone out.")
    row.sent_on = None
    row.save(update_fields=["sent_on"])
    _record("proposal.unsent", row, by=by)
    return row


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: Actor) -> Proposal:
    """It does not stand any more; another may take its place."""
    row = _locked(proposal, by)
    if row.withdrawn_at is not None:
        raise Refusal("It was withdrawn already.")
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    _record("proposal.withdrawn", row, by=by)
    return row


def attach_paper(proposal: Proposal, name: str, content: bytes, *, by: Actor) -> Proposal:
    """The proposal as a document; a newer one takes the place of the one before."""
    client = _unsent_now(proposal, by).lead.client
    file = keep_file(client, name, content, by=by, kinds=DOCUMENTS)
    with transaction.atomic():
        row = _unsent(proposal, by)
        before, row.file = row.file, file
        row.save(update_fields=["file"])
        if before is not None:
            drop_file(before, by=by)
        _record("proposal.attached", row, by=by, name=file.name)
    return row


def attach_deck(lead: Lead, name: str, content: bytes, *, by: Actor) -> Deck:
    """A pitch deck, kept with its lead: whoever leads the kickoff finds it there."""
    with transaction.atomic():
        client = running(lead, by).client
    file = keep_file(client, name, content, by=by, kinds=DOCUMENTS)
    with transaction.atomic():
        row = running(lead, by)
        deck = Deck.objects.create(lead=row, file=file, at=clock.now(), by_name=by.name)
        events.record("pitch.deck_attached", by=by, client_id=row.client_id, subject=row, name=file.name)
    return deck


@transaction.atomic
def remove_deck(deck: Deck, *, by: Actor) -> None:
    """Take a deck away; its file goes with it."""
    row = Deck.objects.select_related("lead", "file").get(pk=deck.pk)
    lead = locked(row.lead, by)
    file = row.file
    events.record("pitch.deck_removed", by=by, client_id=lead.client_id, subject=lead, name=file.name)
    row.delete()
    drop_file(file, by=by)


def _write_line(row: Proposal, lines: list[PricedTime]) -> None:
    if not lines:
        return
    row.service_minutes = sum(line.minutes for line in lines)
    row.service_fee = sum((line.fee for line in lines), Decimal(0))
    row.lines = [
        {"service": line.service, "line": line.line, "minutes": line.minutes, "fee": str(line.fee)}
        for line in lines
    ]


def _locked(proposal: Proposal, by: Actor) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",))
    row = rows.select_related("lead__client", "lead__owner", "agreed_with", "file").get(pk=proposal.pk)
    locked(row.lead, by)
    return row


def _unsent(proposal: Proposal, by: Actor) -> Proposal:
    row = _locked(proposal, by)
    if row.withdrawn_at is not None:
        raise Refusal("This proposal was withdrawn.", remedy="Draft another.")
    if row.sent_on is not None:
        raise Refusal(
            f"It went out on {row.sent_on:%d %B %Y} and stands as it is.",
            remedy="Take back that it was sent, or draft another.",
        )
    return row


@transaction.atomic
def _unsent_now(proposal: Proposal, by: Actor) -> Proposal:
    return _unsent(proposal, by)


def _record(verb: str, row: Proposal, *, by: Actor, **data: Any) -> None:
    events.record(
        verb,
        by=by,
        client_id=row.lead.client_id,
        subject=row,
        number=row.number,
        value=row.amount,
        currency=row.currency,
        kind=str(row.kind),
        **data,
    )

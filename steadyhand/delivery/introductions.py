"""Needs outside our scope: an introduction to somebody we trust, and what came of it (S18)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Introduction, IntroductionOutcome, Partner
from steadyhand.delivery.rights import in_working_days, lead_of, refuse_strangers
from steadyhand.people.models import Member

#: What both promises of an introduction are about, and the only evidence that keeps them.
ABOUT = "delivery.introduction"
#: Working days within which they are introduced, and after which we ask what came of it.
MADE_WITHIN, FOLLOWED_AFTER = 2, 10


@transaction.atomic
def note_need(
    client: Client,
    need: str,
    *,
    by: Actor,
    owner: Member | None = None,
    due_on: dt.date | None = None,
    contact: Contact | None = None,
    partner: Partner | None = None,
) -> Introduction:
    """They need something that is not ours to do: introducing them to somebody who does is promised."""
    refuse_strangers(client.pk, by)
    if not need.strip():
        raise Refusal("Say what they need.", remedy="A few words are enough.", field="need")
    _refuse_foreign(client, contact)
    batch = uuid4()
    owner = owner or Member.objects.filter(pk=by.member_id or 0).first() or lead_of(client)
    row = Introduction.objects.create(
        client=client,
        contact=contact,
        need=need.strip()[:300],
        partner=partner,
        owner=owner,
        noted_at=clock.now(),
    )
    row.making = _promise(
        row,
        f"Introduce them to {partner.name if partner else 'somebody we trust'}: {row.need}",
        due_on or in_working_days(client, MADE_WITHIN),
        by,
        batch,
    )
    row.save(update_fields=["making"])
    _record("introduction.promised", row, by=by, batch=batch, partner=partner.name if partner else "")
    return row


@transaction.atomic
def introduce(introduction: Introduction, partner: Partner, *, by: Actor) -> Introduction:
    """They know each other now; asking what came of it is promised for two weeks from now."""
    row = _open(introduction, by)
    if row.introduced_at is not None:
        raise Refusal("They have been introduced already.")
    if partner.retired_at is not None:
        raise Refusal(
            f"We no longer recommend {partner.name}.", remedy="Choose somebody else.", field="partner"
        )
    batch = uuid4()
    row.partner, row.introduced_at = partner, clock.now()
    _keep(row, row.making, by, batch)
    row.following = _promise(
        row,
        f"Ask what came of meeting {partner.name}: {row.need}",
        in_working_days(row.client, FOLLOWED_AFTER),
        by,
        batch,
    )
    row.save(update_fields=["partner", "introduced_at", "following"])
    _record("introduction.made", row, by=by, batch=batch, partner=partner.name)
    return row


@transaction.atomic
def settle_introduction(
    introduction: Introduction, outcome: IntroductionOutcome, *, by: Actor, note: str = ""
) -> Introduction:
    """What came of it."""
    row = _open(introduction, by)
    if row.introduced_at is None or row.partner is None:
        raise Refusal("They have not been introduced yet.", remedy="Introduce them first.")
    batch = uuid4()
    row.outcome, row.outcome_note = IntroductionOutcome(outcome), note.strip()[:500]
    if row.outcome == IntroductionOutcome.TALKING:
        _keep(row, row.following, by, batch)
        days = in_working_days(row.client, FOLLOWED_AFTER)
        row.following = _promise(row, f"Ask again about {row.partner.name}: {row.need}", days, by, batch)
    else:
        row.settled_at = clock.now()
        _keep(row, row.following, by, batch)
    row.save(update_fields=["outcome", "outcome_note", "settled_at", "following"])
    words = IntroductionOutcome(outcome).label
    _record("introduction.followed", row, by=by, batch=batch, outcome=words, note=row.outcome_note)
    return row


@transaction.atomic
def drop_introduction(introduction: Introduction, *, by: Actor, reason: str) -> Introduction:
    """Nobody needs it any more, or we know nobody; what was promised is waived."""
    row = _open(introduction, by)
    if not reason.strip():
        raise Refusal("Say why.", remedy="One sentence.", field="reason")
    batch = uuid4()
    row.dropped_at, row.drop_reason = clock.now(), reason.strip()[:300]
    row.save(update_fields=["dropped_at", "drop_reason"])
    for promised in (row.making, row.following):
        if promised is not None and promised.state in OWED:
            keeping.waive(promised, by=by, reason=reason, batch=batch)
    _record("introduction.dropped", row, by=by, batch=batch, reason=row.drop_reason)
    return row


def _promise(row: Introduction, title: str, due_on: dt.date, by: Actor, batch: UUID) -> Any:
    return keeping.promise(
        row.client,
        title[:200],
        by=by,
        owner=row.owner,
        due_on=due_on,
        kind=Kind.FOLLOW_UP,
        internal=True,
        about=(ABOUT, row.pk),
        closes_with=ABOUT,
        batch=batch,
    )


def _keep(row: Introduction, promised: Any, by: Actor, batch: UUID) -> None:
    if promised is not None and promised.state in OWED:
        keeping.complete(promised, by=by, evidence=(ABOUT, row.pk), batch=batch)


def _open(introduction: Introduction, by: Actor) -> Introduction:
    rows = Introduction.objects.select_for_update(of=("self",))
    row = rows.select_related("client", "partner", "owner", "making", "following").get(pk=introduction.pk)
    refuse_strangers(row.client_id, by)
    if row.settled_at is not None or row.dropped_at is not None:
        raise Refusal("That introduction is closed.")
    return row


def _refuse_foreign(client: Client, contact: Contact | None) -> None:
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )


def _record(verb: str, row: Introduction, *, by: Actor, batch: UUID, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, batch=batch, need=row.need, **data)

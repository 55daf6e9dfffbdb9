"""A word heard and not known: asked of whoever leads the channel, and explained for everybody (S17)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.channels import channel_name
from steadyhand.delivery.models import ChannelLead, Term
from steadyhand.delivery.rights import in_working_days, refuse_strangers
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Capability

#: What the promise to explain a word is about, and the only evidence that keeps it.
ABOUT = "delivery.term"
#: Working days within which a word is explained.
EXPLAINED_WITHIN = 2
LONGEST = 4000


@transaction.atomic
def hear_term(
    word: str,
    *,
    by: Actor,
    member: Member | None = None,
    channel: str = "",
    client: Client | None = None,
    asked_of: Member | None = None,
) -> Term:
    """A word you did not know. Explaining it is promised by `asked_of`, else by who leads the channel.

    Refuses a word that is in the glossary, or asked about, already.
    """
    if not by.may(Capability.KEEP_PROMISES):
        raise NotYours("Your role asks nothing of colleagues here.", remedy="Ask them yourself.")
    word = " ".join(word.split())[:100]
    if not word:
        raise Refusal("Write the word you heard.", remedy="As it sounded will do.", field="word")
    if client is not None:
        refuse_strangers(client.pk, by)
    _refuse_known(word, by)
    asked_of = asked_of or lead_of_channel(channel)
    if asked_of is not None and asked_of.state == MemberState.LEFT:
        raise Refusal(
            f"{asked_of.name} has left.", remedy="Choose a colleague who is here.", field="asked_of"
        )
    batch = uuid4()
    term = Term.objects.create(
        word=word, channel=channel, client=client, heard_by=member, heard_at=clock.now(), asked_of=asked_of
    )
    owner = asked_of or member
    if owner is not None:
        for_whom = f" to {member.name}" if member is not None and member != owner else ""
        term.asking = keeping.promise(
            None,
            f"Explain “{word}”{for_whom}"[:200],
            by=by,
            owner=owner,
            due_on=in_working_days(None, EXPLAINED_WITHIN, Agency.get().zone),
            kind=Kind.FOLLOW_UP,
            internal=True,
            about=(ABOUT, term.pk),
            closes_with=ABOUT,
            batch=batch,
        )
        term.save(update_fields=["asking"])
    _record("term.heard", term, by=by, batch=batch, of=owner.name if owner else "")
    return term


@transaction.atomic
def explain_term(term: Term, explanation: str, *, by: Actor, channel: str | None = None) -> Term:
    """What it means, for everybody at the agency; may be said better later."""
    row = _standing(term, by)
    text = explanation.strip()[:LONGEST]
    if not text:
        raise Refusal("Say what it means.", remedy="As you would to a friend.", field="explanation")
    batch, is_new = uuid4(), row.explained_at is None
    row.explanation, row.explained_by, row.explained_at = text, by.name, clock.now()
    if channel is not None:
        row.channel = channel
    row.save(update_fields=["explanation", "explained_by", "explained_at", "channel"])
    if row.asking is not None and row.asking.state in OWED:
        as_system = Actor.system("glossary")
        keeping.complete(row.asking, by=as_system, note=by.name, evidence=(ABOUT, row.pk), batch=batch)
    _record("term.explained" if is_new else "term.improved", row, by=by, batch=batch)
    return row


@transaction.atomic
def drop_term(term: Term, *, by: Actor) -> Term:
    """It was no word of ours, or stands here twice."""
    row = _standing(term, by)
    batch = uuid4()
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    if row.asking is not None and row.asking.state in OWED:
        keeping.unpromise(row.asking, by=Actor.system("glossary"), batch=batch)
    _record("term.dropped", row, by=by, batch=batch)
    return row


@transaction.atomic
def name_channel_lead(channel: str, member: Member | None, *, by: Actor) -> None:
    """Whom to ask about a channel from now on; nobody, where nobody leads it."""
    if not (by.may(Capability.SEE_TEAM) or by.may(Capability.EDIT_PLAYBOOK)):
        raise NotYours("Who leads a channel is for a head or a department lead to say.")
    if member is None:
        ChannelLead.objects.filter(channel=channel).delete()
    else:
        ChannelLead.objects.update_or_create(channel=channel, defaults={"member": member})
    name = member.name if member else ""
    events.record("channel.lead_named", by=by, channel=channel_name(channel), name=name)


def lead_of_channel(channel: str) -> Member | None:
    """Who leads it, where somebody does and is here."""
    rows = ChannelLead.objects.filter(channel=channel).exclude(member__state=MemberState.LEFT)
    lead = rows.select_related("member").first() if channel else None
    return lead.member if lead else None


def _refuse_known(word: str, by: Actor) -> None:
    known = Term.objects.visible_to(by).standing().filter(word__iexact=word).first()
    if known is None:
        return
    if known.explained_at is not None:
        raise Refusal(f"“{known.word}” is in the glossary: {known.explanation[:200]}", field="word")
    raise Refusal(f"Somebody has asked about “{known.word}” already.", field="word")


def _standing(term: Term, by: Actor) -> Term:
    row = Term.objects.select_for_update(of=("self",)).select_related("asking").get(pk=term.pk)
    if not by.may(Capability.KEEP_PROMISES) or not Term.objects.visible_to(by).filter(pk=row.pk).exists():
        raise NotYours("That word is not yours to settle.")
    if row.dropped_at is not None:
        raise Refusal(f"“{row.word}” was taken out of the glossary.")
    return row


def _record(verb: str, row: Term, *, by: Actor, batch: UUID, **data: Any) -> None:
    """Of an open question its client's team hears; of an explanation, the agency."""
    client_id = row.client_id if row.explained_at is None else None
    events.record(verb, by=by, client_id=client_id, subject=row, batch=batch, word=row.word, **data)

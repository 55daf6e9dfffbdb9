"""How to work with a contact (C10): what they know, care for and agreed to, and where we held firm."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from steadyhand.clients.models import Contact, Knowledge, MarketingKnowledge, WorkingKind, WorkingNote
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

LONGEST = 500

#: How to speak to each (C10). For us, never for the client.
ADVICE: dict[Knowledge, str] = {
    Knowledge.SAVVY: (
        "Speak as one professional to another: figures first, then what you make of them. Bring the awkward "
        "number yourself, ask what they would do, and say where the plan is a bet."
    ),
    Knowledge.THINKS_SAVVY: (
        "Give credit for what is right, then show rather than tell: one example, one figure, one outcome. "
        "Agree the ground rules and what success looks like before the work starts, so that later you point "
        "at what was agreed. Hold to the strategy politely, and write down why."
    ),
    Knowledge.NOVICE: (
        "Leave the jargon at home. One idea at a time, tied to what they sell, with what happens next and "
        "when. Decide the small things for them, and offer two choices, not ten, for the big ones."
    ),
}

#: After each message, whoever they are (C10).
CHECK = "After anything that matters, ask them to say it back in their own words, and put it in writing."


@transaction.atomic
def judge_knowledge(contact: Contact, level: Knowledge | str, *, by: Actor) -> MarketingKnowledge | None:
    """Say how much marketing a contact knows. An empty level takes the judgement away (None)."""
    contact = _lock(contact)
    if level and level not in Knowledge.values:
        raise Refusal(f"“{level}” is not something we can think of a contact.", field="level")
    standing = contact.marketing_knowledge.standing().first()
    if (standing.level if standing else "") == level:
        return standing
    now = clock.now()
    contact.marketing_knowledge.standing().update(until=now)
    judged = (
        MarketingKnowledge.objects.create(contact=contact, level=level, by_name=by.name, at=now)
        if level
        else None
    )
    events.record(
        "contact.knowledge_judged",
        by=by,
        client_id=contact.client_id,
        subject=contact,
        contact=contact.name,
        before=standing.level if standing else "",
        after=str(level),
    )
    return judged


@transaction.atomic
def note_working(
    contact: Contact,
    kind: WorkingKind | str,
    text: str,
    *,
    by: Actor,
    reason: str = "",
    on: dt.date | None = None,
) -> WorkingNote:
    """Write down what they care for, what was agreed, or where we pushed back and why."""
    contact = _lock(contact)
    kind, text, reason = WorkingKind(kind), text.strip(), reason.strip()
    if not text:
        raise Refusal("Write it down.", remedy="One sentence is enough.", field="text")
    if kind is WorkingKind.PUSHED_BACK and not reason:
        raise Refusal(
            "Say why we pushed back.", remedy="Your colleagues will have to stand by it.", field="reason"
        )
    if max(len(text), len(reason)) > LONGEST:
        raise Refusal(f"That is longer than {LONGEST} characters.", remedy="Keep to the point.", field="text")
    today = clock.today(contact.client.zone)
    if on is not None and on > today:
        raise Refusal("That day is still to come.", remedy="Write down what has happened.", field="on")
    note = WorkingNote.objects.create(
        contact=contact, kind=kind, text=text, reason=reason, on=on or today, by_name=by.name, at=clock.now()
    )
    _record("contact.working_noted", note, by)
    return note


@transaction.atomic
def retire_working(note: WorkingNote, *, by: Actor) -> WorkingNote:
    """The note does not hold any more."""
    _lock(note.contact)
    note = WorkingNote.objects.select_related("contact").get(pk=note.pk)
    if note.until is not None:
        raise Refusal("This note was taken away since.", remedy="Reload the page.")
    note.until = clock.now()
    note.save(update_fields=["until"])
    _record("contact.working_retired", note, by)
    return note


@transaction.atomic
def restore_working(note: WorkingNote, *, by: Actor) -> WorkingNote:
    """The note holds after all."""
    _lock(note.contact)
    note = WorkingNote.objects.select_related("contact").get(pk=note.pk)
    if note.until is not None:
        note.until = None
        note.save(update_fields=["until"])
        _record("contact.working_restored", note, by)
    return note


def _lock(contact: Contact) -> Contact:
    return Contact.objects.select_for_update(of=("self",)).select_related("client").get(pk=contact.pk)


def _record(verb: str, note: WorkingNote, by: Actor) -> None:
    events.record(
        verb,
        by=by,
        client_id=note.contact.client_id,
        subject=note,
        kind=str(note.kind),
        contact=note.contact.name,
    )

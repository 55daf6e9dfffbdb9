"""The two kickoffs: ours first, with what the pitch promised; then the client's, whose actions leave the same
day (O4, O5)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from steadyhand.clients.models import Contact, WorkingKind, WorkingNote
from steadyhand.clients.working import note_working
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind
from steadyhand.comms.mail.drafting import draft_message
from steadyhand.comms.mail.letters import letters as letters_known
from steadyhand.comms.models import Meeting, Message
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding import letters
from steadyhand.onboarding.handover import locked
from steadyhand.onboarding.models import Handover, KickoffWaiver, PitchPromise
from steadyhand.onboarding.winning import ABOUT, LETTER

#: What we ask about working together, and how the note about the contact begins (O5, C10).
WAYS: dict[str, str] = {
    "reached": "To talk to us",
    "decides": "To decide",
    "bad_news": "Bad news",
}


@transaction.atomic
def waive_internal_kickoff(handover: Handover, *, by: Actor, reason: str) -> KickoffWaiver:
    """The client may be met before our own people are briefed, for a reason that stays readable (O4)."""
    row = locked(handover, by)
    if not reason.strip():
        raise Refusal("Say why the client is met first.", remedy="The head will read it.", field="reason")
    if _waiver(row) is not None:
        raise Refusal("The client kickoff may come first already.")
    made = KickoffWaiver.objects.create(
        handover=row, reason=reason.strip()[:300], by_name=by.name, at=clock.now()
    )
    events.record("kickoff.waived", by=by, client_id=row.client_id, subject=row, reason=made.reason)
    return made


@transaction.atomic
def unwaive_internal_kickoff(handover: Handover, *, by: Actor) -> None:
    """Our own kickoff comes first again."""
    row = locked(handover, by)
    waiver = _waiver(row)
    if waiver is None:
        raise Refusal("The internal kickoff comes first already.")
    waiver.delete()
    events.record("kickoff.unwaived", by=by, client_id=row.client_id, subject=row)


def refuse_client_first(meeting: Meeting, what: str) -> None:
    """Refuse that the client's kickoff is held, or comes to lie, before our own (O4); `what` it cannot do.

    Nothing is refused once there is a waiver, or where our own was held.
    """
    row = Handover.objects.filter(Q(client_kickoff=meeting) | Q(internal_kickoff=meeting)).preloaded().first()
    if row is None or _waiver(row) is not None:
        return
    ours, theirs = row.internal_kickoff, row.client_kickoff
    if theirs is None or theirs.cancelled_at is not None or (ours is not None and ours.closed_at is not None):
        return
    is_off = ours is None or ours.cancelled_at is not None
    comes_first = ours is None or ours.ends_at <= theirs.starts_at
    if theirs.closed_at is None and (is_off or comes_first):
        return
    raise Refusal(
        f"The client kickoff cannot {what}: our own has not been held.",
        remedy="Hold the internal kickoff first, or say on the handover page why the client is met first.",
    )


@transaction.atomic
def note_pitch_promise(handover: Handover, text: str, *, by: Actor) -> PitchPromise:
    """Something said aloud while pitching, for our own kickoff to hear."""
    row = locked(handover, by)
    if not text.strip():
        raise Refusal("Say what was promised.", remedy="One line, as it was said.", field="text")
    made = PitchPromise.objects.create(
        client=row.client, handover=row, text=text.strip()[:300], by_name=by.name, at=clock.now()
    )
    events.record("pitch.promised", by=by, client_id=row.client_id, subject=made, text=made.text)
    return made


@transaction.atomic
def drop_pitch_promise(promise: PitchPromise, *, by: Actor) -> PitchPromise:
    """Nobody promised that."""
    locked(promise.handover, by)
    row = PitchPromise.objects.select_for_update().get(pk=promise.pk)
    if row.dropped_at is not None:
        raise Refusal("That was taken back already.")
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    events.record("pitch.unpromised", by=by, client_id=row.client_id, subject=row, text=row.text)
    return row


@transaction.atomic
def note_ways(contact: Contact, ways: dict[str, str], *, by: Actor) -> list[WorkingNote]:
    """How they like to be reached, to decide, and to hear bad news: notes on working with them (`WAYS`)."""
    said = {key: words.strip() for key, words in ways.items() if words.strip()}
    if not said:
        raise Refusal(
            "Nothing is written down yet.", remedy="Say at least one of the three.", field="reached"
        )
    return [
        note_working(contact, WorkingKind.AGREED, f"{WAYS[key]}: {words}", by=by)
        for key, words in said.items()
    ]


def draft_actions(
    handover: Handover, meeting: Meeting, *, by: Actor, batch: UUID | None = None
) -> Message | None:
    """Part of closing the client's kickoff: what was agreed, who does what and whom they turn to, drafted and
    promised for the same day. None where the playbook has no such letter, or it is drafted already."""
    if not any(letter.key == letters.ACTIONS for letter in letters_known()):
        return None
    if actions_of(handover) is not None:
        return None
    client = handover.client
    message = draft_message(
        client,
        by=by,
        member=handover.led_by,
        contact=handover.contact,
        template=letters.ACTIONS,
        about=(ABOUT, handover.pk),
        fields=letters.kickoff_values(client, meeting),
    )
    keeping.promise(
        client,
        "Send the kickoff's actions and the escalation path",
        by=by,
        owner=handover.led_by,
        due_on=clock.today(client.zone),
        kind=Kind.ACTION,
        internal=True,
        about=(LETTER, message.pk),
        closes_with=LETTER,
        batch=batch,
    )
    return message


def actions_of(handover: Handover) -> Message | None:
    """The letter with the kickoff's actions, in whatever state."""
    about = Message.objects.filter(about_type=ABOUT, about_id=handover.pk, template=letters.ACTIONS)
    return about.order_by("-pk").first()


def _waiver(handover: Handover) -> KickoffWaiver | None:
    return KickoffWaiver.objects.filter(handover=handover).first()

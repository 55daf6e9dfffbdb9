"""A call from its first minute to its place on the timeline (S5): begun, ended, taken back.

While it is held nothing is told of it; ending it logs one interaction with its notes, keeps the promise
it was planned as, and promises its actions. Its minutes count against the allowance once (B4).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment, Completion
from steadyhand.comms.actions import Settled, promise_actions, settle_actions, unpromise_actions
from steadyhand.comms.interactions import Said, log_interactions, remove_interactions
from steadyhand.comms.models import Call, Channel, Direction, Interaction
from steadyhand.comms.writing_down import EVIDENCE
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.playbook.models import Version

#: The longest call that may be written down, in minutes.
LONGEST = 600


@transaction.atomic
def begin_call(
    client: Client,
    *,
    by: Actor,
    member: Member | None,
    contact: Contact | None = None,
    commitment: Commitment | None = None,
) -> Call:
    """Open a call, or join the one that is open already.

    That is the open call of this promise, whoever began it; without a promise, one's own open call with this
    client. Records no event: ending the call does.
    """
    client = Client.objects.select_for_update().get(pk=client.pk)
    _refuse_strangers(client.pk, by)
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    if commitment is not None and commitment.client_id != client.pk:
        raise Refusal("That promise is another client's.", remedy="Choose one of theirs.", field="commitment")
    running = Call.objects.filter(client=client, ended_at=None, dropped_at=None, commitment=commitment)
    if commitment is None:
        running = running.filter(Q(contact=contact) if contact else Q(), member=member)
    found = running.first()
    if found is not None:
        return found
    if commitment is not None and commitment.state not in OWED:
        raise Refusal(
            f"“{commitment.title}” is {commitment.get_state_display()} already.",
            remedy="Undo that first, or start the call from the client's page.",
        )
    return Call.objects.create(
        client=client, contact=contact, member=member, commitment=commitment, began_at=clock.now()
    )


@transaction.atomic
def speak_to(call: Call, contact: Contact | None, *, by: Actor) -> Call:
    """It is somebody else who picked up. No event, like beginning it."""
    row = _locked(call, by)
    if not row.is_open:
        raise Refusal("That call is over already.")
    if contact is not None and contact.client_id != row.client_id:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    row.contact = contact
    row.save(update_fields=["contact"])
    return row


@transaction.atomic
def end_call(
    call: Call,
    *,
    by: Actor,
    minutes: int | None = None,
    summary: str = "",
    settled: Sequence[Settled] = (),
) -> Interaction:
    """The call is over: it is logged, its promise kept and its actions promised, all or nothing.

    `minutes` is how long it took, 1 to 600; None counts from its beginning. `settled` says whose its actions
    are and by when, where that was looked at once more. Ending it again changes nothing and answers with the
    same interaction.
    """
    row = _locked(call, by)
    if row.interaction is not None:
        return row.interaction
    if not row.is_open:
        raise Refusal("That call is over already.", remedy="Write down what is missing by hand.")
    if minutes is not None and not 1 <= minutes <= LONGEST:
        raise Refusal(f"A call takes 1 to {LONGEST} minutes.", remedy="Correct the minutes.", field="minutes")
    settle_actions(row, settled, by=by)
    now, batch = clock.now(), uuid4()
    said = Said(
        row.client,
        Channel.CALL,
        row.began_at,
        contact=row.contact,
        member=row.member,
        direction=Direction.OUT,
        summary=summary.strip() or f"Call with {row.whom}",
        body=notes_of(row),
        minutes=minutes or minutes_so_far(row),
        source="call",
    )
    interaction = log_interactions([said], by=by, batch=batch)[0]
    row.interaction, row.ended_at = interaction, now
    row.save(update_fields=["interaction", "ended_at"])
    _keep(row, interaction, by, batch)
    promise_actions(row, by=by, default_owner=row.member, batch=batch)
    return interaction


@transaction.atomic
def take_back_ending(call: Call, *, by: Actor) -> Call:
    """It was ended by mistake: it is open again, nothing of the ending stands but what people went on with.

    The interaction goes, the promise is owed again, and so do the promises made of its actions, except those
    somebody has kept, moved or handed over since.
    """
    row = _locked(call, by)
    if row.ended_at is None:
        raise Refusal("That call has not been ended.")
    if row.commitment_id is not None and _another_is_open(row):
        raise Refusal(
            "Another call for the same promise has been begun since.", remedy="End that one, then undo this."
        )
    batch = uuid4()
    if row.interaction_id is not None:
        _owe_again(row.interaction_id, by, batch)
        remove_interactions([row.interaction_id], by=by, batch=batch)
    unpromise_actions(row, by=by, batch=batch)
    row.ended_at, row.interaction = None, None
    row.save(update_fields=["ended_at", "interaction"])
    events.record("call.resumed", by=by, client_id=row.client_id, subject=row, batch=batch, whom=row.whom)
    return row


@transaction.atomic
def drop_call(call: Call, *, by: Actor) -> Call:
    """It was opened by mistake. Refuses one in which something was written: that is ended, not dropped."""
    row = _locked(call, by)
    if not row.is_open:
        raise Refusal("That call is over already.")
    if row.notes.exclude(text="").exists() or row.actions.filter(dropped_at=None).exists():
        raise Refusal(
            "Something is written in this call.", remedy="End it, so that nothing is lost; or clear it first."
        )
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    events.record("call.dropped", by=by, client_id=row.client_id, subject=row, whom=row.whom)
    return row


@transaction.atomic
def take_back_dropping(call: Call, *, by: Actor) -> Call:
    """It was no mistake: the call is open again, with the time it began at."""
    row = _locked(call, by)
    if row.dropped_at is None:
        raise Refusal("That call has not been dropped.")
    if row.commitment_id is not None and _another_is_open(row):
        raise Refusal("Another call for the same promise has been begun since.", remedy="Go on in that one.")
    row.dropped_at = None
    row.save(update_fields=["dropped_at"])
    events.record("call.resumed", by=by, client_id=row.client_id, subject=row, whom=row.whom)
    return row


@transaction.atomic
def attach_recording(call: Call, address: str, consent: str, *, by: Actor) -> Call:
    """Where the recording lies, and who agreed to it and when, in words. Both empty removes it."""
    row = _locked(call, by)
    address, consent = address.strip(), consent.strip()
    if address and urlsplit(address).scheme not in ("http", "https"):
        raise Refusal("A recording is a web address.", remedy="Begin it with https://.", field="recording")
    if address and not consent:
        raise Refusal(
            "Say who agreed to be recorded.", remedy="Their name, and when they said so.", field="consent"
        )
    if consent and not address:
        raise Refusal("Say where the recording lies.", remedy="Paste its address.", field="recording")
    if (row.recording, row.recording_consent) == (address, consent):
        return row
    row.recording, row.recording_consent = address, consent
    row.save(update_fields=["recording", "recording_consent"])
    verb = "call.recording_attached" if address else "call.recording_removed"
    events.record(verb, by=by, client_id=row.client_id, subject=row, consent=consent)
    return row


def minutes_so_far(call: Call, at: dt.datetime | None = None) -> int:
    """How long it has taken, begun minutes counted, up to the longest that may be written down."""
    passed = (call.ended_at or at or clock.now()) - call.began_at
    return min(max(math.ceil(passed.total_seconds() / 60), 1), LONGEST)


def notes_of(call: Call) -> str:
    """Its notes, part by part under their titles, in the order of the playbook's call structure."""
    version = Version.live()
    parts = version.policy.content.call_structure if version else ()
    titles = {part.key: part.title for part in parts}
    written = {note.part: note.text.strip() for note in call.notes.order_by("pk") if note.text.strip()}
    order = [*(key for key in titles if key in written), *(key for key in written if key not in titles)]
    return "\n\n".join(
        f"{titles.get(key, key.replace('-', ' ').capitalize())}\n{written[key]}" for key in order
    )


def _keep(call: Call, interaction: Interaction, by: Actor, batch: UUID) -> None:
    """The promise is kept by the interaction; one that was ticked off meanwhile is kept by it instead, so
    that the minutes are not counted twice."""
    promise = call.commitment
    if promise is None or promise.closes_with not in ("", EVIDENCE):
        return
    ticked = promise.completions.filter(undone_at=None, evidence_type="").exists()
    if ticked:
        keeping.reopen(promise, by=by, batch=batch)
    if ticked or promise.state in OWED:
        keeping.complete(promise, by=by, at=call.began_at, evidence=(EVIDENCE, interaction.pk), batch=batch)


def _owe_again(interaction_id: int, by: Actor, batch: UUID) -> None:
    kept = Completion.objects.filter(evidence_type=EVIDENCE, evidence_id=interaction_id, undone_at=None)
    for completion in kept.select_related("commitment"):
        keeping.reopen(completion.commitment, by=by, batch=batch)


def _another_is_open(call: Call) -> bool:
    others = Call.objects.filter(commitment=call.commitment_id, ended_at=None, dropped_at=None)
    return others.exclude(pk=call.pk).exists()


def _locked(call: Call, by: Actor) -> Call:
    related = ("client", "contact", "member", "commitment", "interaction")
    row = Call.objects.select_for_update(of=("self",)).select_related(*related).get(pk=call.pk)
    _refuse_strangers(row.client_id, by)
    return row


def _refuse_strangers(client_id: int, by: Actor) -> None:
    if not may_act_for(client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")

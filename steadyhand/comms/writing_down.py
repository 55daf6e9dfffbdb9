"""Writing down a call, an e-mail, a meeting or a note by hand; it may keep a promise at the same time."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.models import Commitment, Completion
from steadyhand.comms.interactions import Said, log_within, remove_interactions
from steadyhand.comms.models import Interaction
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

#: What a completion names as its evidence when an interaction kept the promise.
EVIDENCE = "comms.interaction"


@transaction.atomic
def write_down(said: Said, *, by: Actor, keeps: Commitment | None = None) -> Interaction:
    """What was said; with `keeps` that promise is done by it, so that a call's minutes count once (B4).

    Refuses what has not happened yet, and clients whose account team one is not on.
    """
    return write_within(said, by=by, keeps=keeps)


def write_within(said: Said, *, by: Actor, keeps: Commitment | None = None) -> Interaction:
    """The same within a transaction that is open already, without a savepoint of its own."""
    _refuse_strangers(said.client.pk, said.client.name, by)
    if said.at > clock.now():
        raise Refusal(
            "That is still to come.", remedy="Write it down once it has happened, or promise it.", field="on"
        )
    if keeps is not None and keeps.client_id != said.client.pk:
        raise Refusal("That promise is another client's.", remedy="Choose one of theirs.", field="keeps")
    batch = uuid4()
    interaction = log_within([said], by=by, batch=batch)[0]
    if keeps is not None:
        keeping.complete(keeps, by=by, at=said.at, evidence=(EVIDENCE, interaction.pk), batch=batch)
    return interaction


@transaction.atomic
def strike_out(interaction: Interaction, *, by: Actor) -> None:
    """It was written down by mistake: a promise it kept is owed again."""
    _refuse_strangers(interaction.client_id, interaction.client.name, by)
    batch = uuid4()
    kept = Completion.objects.filter(evidence_type=EVIDENCE, evidence_id=interaction.pk, undone_at=None)
    for completion in kept.select_related("commitment"):
        keeping.reopen(completion.commitment, by=by, batch=batch)
    remove_interactions([interaction.pk], by=by, batch=batch)


def _refuse_strangers(client_id: int, name: str, by: Actor) -> None:
    if not keeping.may_act_for(client_id, by):
        raise NotYours(
            f"You are not on the account team of {name}.", remedy="Ask their lead to put you on it."
        )

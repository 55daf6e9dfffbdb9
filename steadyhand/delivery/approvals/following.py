"""The promise behind a bundle follows what is said: waiting on the client, ours again, or kept."""

from __future__ import annotations

from uuid import UUID

from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED, State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.approvals.standing import Standing, Turn, standings, turn_of
from steadyhand.delivery.models import Bundle, Posting

#: What the promise to get an approval is about, and the only evidence that keeps it.
ABOUT = "delivery.bundle"

#: Who moves the promise when it is the client who acted.
FOLLOWER = Actor.system("approvals")


def locked(bundle: Bundle) -> Bundle:
    """The bundle, locked, with its client and promise."""
    rows = Bundle.objects.select_for_update(of=("self",)).select_related("client", "owner", "commitment")
    return rows.get(pk=bundle.pk)


def ours(bundle: Bundle, by: Actor) -> Bundle:
    """The locked bundle for a member to act on; refuses strangers, and one that was taken back."""
    row = locked(bundle)
    refuse_strangers(row.client_id, by)
    refuse_withdrawn(row)
    return row


def refuse_strangers(client_id: int, by: Actor) -> None:
    """Only who looks after a client prepares and schedules what is theirs."""
    if by.kind is ActorKind.CONTACT or not may_act_for(client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")


def refuse_withdrawn(bundle: Bundle) -> None:
    """Nothing is done with a bundle that was taken back."""
    if bundle.withdrawn_at is not None:
        raise Refusal(f"“{bundle.title}” was taken back.", remedy="Prepare a new bundle.")


def follow(bundle: Bundle, *, batch: UUID) -> list[Standing]:
    """Make the promise of a locked bundle say whose turn it is. Part of the act that changed it."""
    stands = standings(bundle)
    if bundle.asked_at is None:
        return stands
    turn = turn_of(stands)
    row = _promise(bundle, turn, batch)
    if row is not None and row.state in OWED:
        if turn is Turn.THEIRS and row.waiting_since is None:
            keeping.wait_on_client(row, by=FOLLOWER, note=f"Asked to approve “{bundle.title}”.", batch=batch)
        elif turn is Turn.OURS and row.waiting_since is not None:
            keeping.stop_waiting(row, by=FOLLOWER, batch=batch)
        elif turn is Turn.DONE:
            keeping.complete(row, by=FOLLOWER, evidence=(ABOUT, bundle.pk), batch=batch)
        bundle.commitment = Commitment.objects.get(pk=row.pk)
    bundle.settled_at = (bundle.settled_at or clock.now()) if turn is Turn.DONE else None
    bundle.save(update_fields=["settled_at", "commitment"])
    return stands


def end_posting(posting: Posting | None, why: str, *, batch: UUID | None = None) -> bool:
    """Call off what was scheduled, with the promise to post it; whether there was anything."""
    if posting is None:
        return False
    posting.ended_at, posting.ended_why = clock.now(), why[:300]
    posting.save(update_fields=["ended_at", "ended_why"])
    if posting.commitment is not None and posting.commitment.state in OWED:
        keeping.unpromise(posting.commitment, by=FOLLOWER, batch=batch)
    return True


def _promise(bundle: Bundle, turn: Turn, batch: UUID) -> Commitment | None:
    """The promise it has; a new one where that was kept and something is to be approved again."""
    row = bundle.commitment
    if turn is Turn.DONE or (row is not None and row.state not in (State.DONE, State.DONE_LATE)):
        return row
    bundle.commitment = keeping.promise(
        bundle.client,
        f"Get “{bundle.title}” approved"[:200],
        by=FOLLOWER,
        owner=bundle.owner,
        due_on=max(bundle.due_on, clock.today(bundle.client.zone)),
        about=(ABOUT, bundle.pk),
        closes_with=ABOUT,
        batch=batch,
    )
    return bundle.commitment

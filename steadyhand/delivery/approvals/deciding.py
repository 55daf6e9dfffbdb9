"""What the client says: approved, approved with changes, change wanted; each to one version."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.delivery.approvals.asking import awaited, waiting_pieces
from steadyhand.delivery.approvals.following import FOLLOWER, follow, locked
from steadyhand.delivery.approvals.letters import write_to
from steadyhand.delivery.approvals.preparing import posting_of
from steadyhand.delivery.approvals.standing import Standing, standing_now
from steadyhand.delivery.models import Approver, Bundle, Decision, PieceVersion, Verdict

MOST_WORDS = 4000


@transaction.atomic
def decide(
    version: PieceVersion, verdict: Verdict, *, by: Actor, words: str = "", batch: UUID | None = None
) -> Decision:
    """What somebody who is asked says to this version. Saying the same twice is one decision.

    Refuses whoever is not asked, or not yet; a version that is not the newest any more (Conflict); and one
    that was decided on already.
    """
    batch, verdict, words = batch or uuid4(), Verdict(verdict), words.strip()[:MOST_WORDS]
    bundle = locked(version.piece.bundle)
    contact = _contact(bundle, by)
    standing = _standing(bundle, version)
    same = next((one for one in standing.decisions if one.contact_id == contact.pk), None)
    if same is not None and (same.verdict, same.words) == (verdict, words) and same.version_id == version.pk:
        return same
    place = _place(bundle, contact, standing)
    if verdict is not Verdict.APPROVED and not words:
        raise Refusal("Say what is to be changed.", remedy="One sentence is enough.", field="words")
    made = Decision.objects.create(
        version=version,
        level=place.level,
        contact=contact,
        by_name=contact.name,
        verdict=verdict,
        words=words,
        at=clock.now(),
    )
    pieces = follow(bundle, batch=batch)
    events.record(
        "approval.decided",
        by=by,
        client_id=bundle.client_id,
        subject=bundle,
        batch=batch,
        title=bundle.title,
        piece=version.piece.title,
        number=version.number,
        verdict=str(verdict),
        words=words,
    )
    _ask_next_level(bundle, place, pieces)
    return made


@transaction.atomic
def approve_all(bundle: Bundle, versions: Iterable[PieceVersion], *, by: Actor) -> list[Decision]:
    """Approve every one of these versions, those that were on the page; all or nothing."""
    batch = uuid4()
    made = [decide(version, Verdict.APPROVED, by=by, batch=batch) for version in versions]
    if not made:
        raise Refusal("Nothing of this waits for you.")
    return made


@transaction.atomic
def take_back(decision: Decision, *, by: Actor) -> Decision:
    """They think again, as long as nobody has built on it: no later level, no new version, no posting."""
    version = decision.version
    bundle, batch = locked(version.piece.bundle), uuid4()
    contact = _contact(bundle, by)
    standing = _standing(bundle, version)
    row = next((one for one in standing.decisions if one.pk == decision.pk), None)
    if row is None:
        raise Refusal("That was taken back already.")
    if row.contact_id != contact.pk:
        raise Refusal("Only whoever said it takes it back.", remedy=f"Ask {row.by_name}.")
    if row.version_id != version.pk or any(one.level > row.level for one in standing.decisions):
        raise Refusal("Others have decided since.", remedy="Ring us, and we put up a new version.")
    if posting_of(version.piece) is not None:
        raise Refusal("It is scheduled to be posted.", remedy="Ring us at once, and we call it off.")
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    follow(bundle, batch=batch)
    events.record(
        "approval.taken_back",
        by=by,
        client_id=bundle.client_id,
        subject=bundle,
        batch=batch,
        title=bundle.title,
        piece=version.piece.title,
        number=version.number,
    )
    return row


def _contact(bundle: Bundle, by: Actor) -> Contact:
    """Who speaks, at this client, and may still: by the actor alone, never by what a form says."""
    if by.kind is not ActorKind.CONTACT:
        raise Refusal("Only the client approves.", remedy="Ask for approval, and they decide on their page.")
    contact = Contact.objects.filter(pk=by.id or 0, client=bundle.client_id, left_on=None).first()
    if contact is None or bundle.asked_at is None or bundle.withdrawn_at is not None:
        raise Refusal("That is not open to you any more.", remedy="Ask whoever wrote to you.")
    return contact


def _standing(bundle: Bundle, version: PieceVersion) -> Standing:
    """Where the version's piece stands now; refuses where this is not its newest version."""
    standing = standing_now(version.piece, bundle.levels)
    piece = standing.piece
    if piece.removed_at is not None:
        raise Conflict(f"“{piece.title}” was taken out meanwhile.", remedy="There is nothing to decide.")
    newest = standing.version
    if newest is None or newest.pk != version.pk:
        number = newest.number if newest else 0
        raise Conflict(
            f"“{piece.title}” has changed: version {number} is there now, and you looked at "
            f"version {version.number}.",
            remedy="Look at the new one, then decide.",
        )
    return standing


def _place(bundle: Bundle, contact: Contact, standing: Standing) -> Approver:
    """Their place in the order; refuses where it is not their turn."""
    place = bundle.approvers.filter(contact=contact, ended_at=None).first()
    if place is None:
        raise Refusal("You were not asked to decide on this.", remedy="Whoever was asked can hand it to you.")
    said = standing.said_by(place.level)
    if said is not None:
        by_whom = "You have" if said.contact_id == contact.pk else f"{said.by_name} has"
        raise Refusal(
            f"{by_whom} decided on “{standing.piece.title}” already: {said.get_verdict_display()}.",
            remedy="Take that back first, or tell us what is wrong.",
        )
    if not standing.is_waiting:
        raise Refusal(f"“{standing.piece.title}” waits on us, not on you.")
    if place.level != standing.level:
        raise Refusal(
            f"Somebody else decides on “{standing.piece.title}” before you.",
            remedy="You are written to once they have.",
        )
    return place


def _ask_next_level(bundle: Bundle, place: Approver, pieces: list[Standing]) -> None:
    """The first time a level is over for every piece, the next one is written to."""
    if any(one.is_waiting and one.level <= place.level for one in pieces):
        return
    for contact in awaited(bundle, pieces):
        write_to(bundle, contact, by=FOLLOWER, pieces=waiting_pieces(pieces))

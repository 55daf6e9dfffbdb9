"""Putting a bundle together: pieces, their versions, and calling it all off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from steadyhand.clients.files import PICTURES, VIDEOS, drop_file, keep_file
from steadyhand.clients.models import Client, ClientFile
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.approvals.following import end_posting, follow, ours, refuse_strangers
from steadyhand.delivery.approvals.standing import Stand, standing_now
from steadyhand.delivery.models import (
    BINDING,
    Bundle,
    Mode,
    Piece,
    PieceKind,
    PieceVersion,
    Posting,
)
from steadyhand.people.models import Member

#: More than this fits no one sitting.
MOST_PIECES = 40
MOST_TEXT = 20_000

KINDS = {PieceKind.PICTURE: PICTURES, PieceKind.VIDEO: VIDEOS}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in."""

    name: str
    content: bytes


@transaction.atomic
def prepare_bundle(
    client: Client,
    title: str,
    *,
    by: Actor,
    due_on: dt.date,
    mode: Mode = Mode.ONE,
    is_social: bool = False,
    owner: Member | None = None,
    note: str = "",
) -> Bundle:
    """A bundle nobody at the client sees yet; `note` is what we say to them about it."""
    refuse_strangers(client.pk, by)
    if not title.strip():
        raise Refusal("Say what the bundle is.", remedy="“December posts”", field="title")
    refuse_mode(mode, is_social=is_social)
    refuse_past(client, due_on)
    bundle = Bundle.objects.create(
        client=client,
        title=title.strip()[:200],
        note=note.strip(),
        is_social=is_social,
        mode=mode,
        due_on=due_on,
        owner=owner,
        made_at=clock.now(),
    )
    events.record("approval.prepared", by=by, client_id=client.pk, subject=bundle, title=bundle.title)
    return bundle


@transaction.atomic
def change_bundle(
    bundle: Bundle,
    *,
    by: Actor,
    title: str,
    due_on: dt.date,
    mode: Mode,
    is_social: bool,
    owner: Member | None,
    note: str = "",
) -> Bundle:
    """Other words, another day or mode, as long as the client was not asked."""
    row = ours(bundle, by)
    if row.asked_at is not None:
        raise Refusal(
            f"{row.client.name} was asked already.", remedy="Ask again with another day, or take it back."
        )
    if not title.strip():
        raise Refusal("Say what the bundle is.", remedy="“December posts”", field="title")
    refuse_mode(mode, is_social=is_social)
    refuse_past(row.client, due_on)
    row.title, row.note, row.due_on = title.strip()[:200], note.strip(), due_on
    row.mode, row.is_social, row.owner = mode, is_social, owner
    row.save(update_fields=["title", "note", "due_on", "mode", "is_social", "owner"])
    events.record("approval.changed", by=by, client_id=row.client_id, subject=row, title=row.title)
    return row


@transaction.atomic
def add_piece(bundle: Bundle, title: str, kind: PieceKind, *, by: Actor) -> Piece:
    """One more thing to approve; it has no version yet."""
    row = ours(bundle, by)
    if not title.strip():
        raise Refusal("Say what the piece is.", remedy="“Post for Monday”", field="title")
    kept = row.pieces.kept()
    if kept.count() >= MOST_PIECES:
        raise Refusal(f"“{row.title}” holds {MOST_PIECES} pieces already.", remedy="Prepare a second bundle.")
    last = row.pieces.aggregate(last=Max("position"))["last"] or 0
    piece = Piece.objects.create(
        bundle=row,
        kind=PieceKind(kind),
        title=title.strip()[:200],
        position=last + 1,
        made_at=clock.now(),
    )
    batch = uuid4()
    follow(row, batch=batch)
    events.record(
        "approval.piece_added",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        piece=piece.title,
    )
    return piece


@transaction.atomic
def remove_piece(piece: Piece, *, by: Actor) -> Piece:
    """It is not posted after all; what was said to it stays readable."""
    row = ours(piece.bundle, by)
    batch, piece = uuid4(), row.pieces.get(pk=piece.pk)
    if piece.removed_at is not None:
        raise Refusal(f"“{piece.title}” is not in the bundle any more.")
    piece.removed_at = clock.now()
    piece.save(update_fields=["removed_at"])
    end_posting(posting_of(piece), "The piece was taken out.", batch=batch)
    follow(row, batch=batch)
    events.record(
        "approval.piece_removed",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        piece=piece.title,
    )
    return piece


@transaction.atomic
def add_version(
    piece: Piece,
    *,
    by: Actor,
    text: str = "",
    file: ClientFile | None = None,
    note: str = "",
    member: Member | None = None,
) -> PieceVersion:
    """How it looks now. What was said to the version before holds for that one alone.

    Where the client was asked, they see it at once and are asked again; what was scheduled is called off.
    """
    row, batch = ours(piece.bundle, by), uuid4()
    version = _versioned(row, piece, text=text, file=file, note=note, member=member)
    was_scheduled = end_posting(posting_of(piece), f"Version {version.number} was put up.", batch=batch)
    follow(row, batch=batch)
    _tell("approval.version_added", version, row, by, batch, was_scheduled=was_scheduled)
    return version


@transaction.atomic
def put_in_changes(
    piece: Piece,
    *,
    by: Actor,
    text: str = "",
    file: ClientFile | None = None,
    note: str = "",
    member: Member | None = None,
) -> PieceVersion:
    """A version with the changes the client approved it with: it is approved without asking again."""
    row, batch = ours(piece.bundle, by), uuid4()
    standing = standing_now(piece, row.levels)
    if standing.stand is not Stand.AGREED or standing.version is None:
        raise Refusal(
            f"Nobody approved “{piece.title}” with changes that are still to be put in.",
            remedy="Add it as a new version; the client is asked again.",
        )
    version = _versioned(row, piece, text=text, file=file, note=note, member=member, carries=standing.version)
    follow(row, batch=batch)
    _tell("approval.changes_put_in", version, row, by, batch)
    return version


def upload_version(
    piece: Piece,
    upload: Upload,
    *,
    by: Actor,
    note: str = "",
    member: Member | None = None,
    agreed: bool = False,
) -> PieceVersion:
    """Keep a file and make it the newest version (`agreed`: the one with the changes asked for).

    Not one transaction: a scanner may be asked. Where the version is refused, the file is dropped again.
    """
    if PieceKind(piece.kind) not in KINDS:
        raise Refusal(f"“{piece.title}” is copy.", remedy="Write it in the box.", field="text")
    file = _kept(piece.bundle.client, PieceKind(piece.kind), upload, by)
    try:
        return (put_in_changes if agreed else add_version)(piece, by=by, file=file, note=note, member=member)
    except Refusal:
        drop_file(file, by=by)
        raise


def add_with_version(
    bundle: Bundle,
    title: str,
    kind: PieceKind,
    *,
    by: Actor,
    upload: Upload | None = None,
    text: str = "",
    note: str = "",
    member: Member | None = None,
) -> Piece:
    """A piece together with its first version; where that is refused, no piece is left either."""
    kind = PieceKind(kind)
    file = _kept(bundle.client, kind, upload, by) if upload is not None and kind in KINDS else None
    try:
        with transaction.atomic():
            piece = add_piece(bundle, title, kind, by=by)
            shown = text if kind is PieceKind.COPY else ""
            add_version(piece, by=by, text=shown, file=file, note=note, member=member)
            return piece
    except Refusal:
        if file is not None:
            drop_file(file, by=by)
        raise


@transaction.atomic
def withdraw_bundle(bundle: Bundle, *, by: Actor, reason: str = "") -> Bundle:
    """Call it off: the client sees it no more, nothing of it is posted, its promise is waived."""
    row, batch = ours(bundle, by), uuid4()
    if row.asked_at is not None and not reason.strip():
        raise Refusal("Say why it is taken back; the client was asked.", field="reason")
    row.withdrawn_at, row.withdrawn_why = clock.now(), reason.strip()[:300]
    row.save(update_fields=["withdrawn_at", "withdrawn_why"])
    for posting in Posting.objects.filter(piece__bundle=row, ended_at=None).select_related("commitment"):
        end_posting(posting, "The bundle was taken back.", batch=batch)
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.waive(row.commitment, by=by, reason=row.withdrawn_why, batch=batch)
    events.record(
        "approval.withdrawn",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        reason=row.withdrawn_why,
    )
    return row


def refuse_mode(mode: Mode, *, is_social: bool) -> None:
    """Social content is never posted without somebody at the client saying yes (S16)."""
    if is_social and Mode(mode) not in BINDING:
        raise Refusal(
            "Social content needs at least one approval.",
            remedy="Choose one approval, or several.",
            field="mode",
        )


def refuse_past(client: Client, due_on: dt.date) -> None:
    """A deadline is still to come, on the client's calendar."""
    if due_on < clock.today(client.zone):
        raise Refusal(f"{due_on:%d %B %Y} is over.", remedy="Choose today or a day to come.", field="due_on")


def posting_of(piece: Piece) -> Posting | None:
    """When it goes out, if it is scheduled."""
    return piece.postings.filter(ended_at=None).select_related("commitment").first()


def _kept(client: Client, kind: PieceKind, upload: Upload, by: Actor) -> ClientFile:
    refuse_strangers(client.pk, by)
    return keep_file(client, upload.name, upload.content, by=by, kinds=KINDS[kind])


def _versioned(
    bundle: Bundle,
    piece: Piece,
    *,
    text: str,
    file: ClientFile | None,
    note: str,
    member: Member | None,
    carries: PieceVersion | None = None,
) -> PieceVersion:
    """The next version of a piece of a locked bundle, its content checked."""
    if not bundle.pieces.kept().filter(pk=piece.pk).exists():
        raise Refusal(f"“{piece.title}” is not in the bundle any more.")
    if piece.kind == PieceKind.COPY and not text.strip():
        raise Refusal("Write the copy.", field="text")
    if piece.kind != PieceKind.COPY and file is None:
        raise Refusal(f"Choose the {piece.get_kind_display()}.", field="file")
    if file is not None and file.client_id != bundle.client_id:
        raise Refusal("That file is another client's.", field="file")
    last = piece.versions.aggregate(last=Max("number"))["last"] or 0
    return PieceVersion.objects.create(
        piece=piece,
        number=last + 1,
        file=file,
        text=text.strip()[:MOST_TEXT],
        note=note.strip()[:500],
        carries=carries,
        made_by=member,
        made_at=clock.now(),
    )


def _tell(
    verb: str, version: PieceVersion, bundle: Bundle, by: Actor, batch: UUID, *, was_scheduled: bool = False
) -> None:
    events.record(
        verb,
        by=by,
        client_id=bundle.client_id,
        subject=bundle,
        batch=batch,
        title=bundle.title,
        piece=version.piece.title,
        number=version.number,
        note=version.note,
        was_scheduled=was_scheduled,
    )

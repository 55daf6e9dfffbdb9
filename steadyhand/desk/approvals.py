"""Approvals as pages show them: the list for staff, and one bundle with versions, decisions and comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import Prefetch, prefetch_related_objects

from steadyhand.clients.models import Client, Contact
from steadyhand.comms.models import Message
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.delivery.approvals.letters import drafts
from steadyhand.delivery.approvals.scheduling import why_not_yet
from steadyhand.delivery.approvals.standing import Stand, Standing, Turn, load, of_piece, turn_of
from steadyhand.delivery.approvals.waiting import days_waited
from steadyhand.delivery.models import (
    Approver,
    Bundle,
    Comment,
    Decision,
    Piece,
    PieceVersion,
    Posting,
    Reminder,
)

MOST = 100

Part = Literal["waiting", "ours", "settled", "all"]
PARTS: dict[Part, str] = {
    "waiting": "Waiting on clients",
    "ours": "With us",
    "settled": "Approved",
    "all": "All",
}

STANDS = {
    Stand.EMPTY: "no version yet",
    Stand.WAITING: "waits on the client",
    Stand.CHANGES: "change wanted",
    Stand.AGREED: "approved with changes",
    Stand.APPROVED: "approved",
}


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A bundle in a list: how far it is, and how long we have waited."""

    bundle: Bundle
    pieces: int
    approved: int
    turn: Turn
    waited: int

    @property
    def is_waiting(self) -> bool:
        return self.bundle.asked_at is not None and self.turn is Turn.THEIRS

    @property
    def since(self) -> dt.datetime | None:
        """Since when it is the client's turn."""
        return self.bundle.commitment.waiting_since if self.bundle.commitment else None

    @property
    def is_late(self) -> bool:
        """Past the day by which we needed the answer."""
        return self.is_waiting and self.bundle.due_on < clock.today(self.bundle.client.zone)


@dataclass(frozen=True, slots=True)
class ApprovalsPage:
    """The list for staff."""

    rows: list[BundleRow]
    part: Part
    client: Client | None
    more: bool
    #: Working days waited on this client in the last ninety days.
    waited: int | None


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment; `number` is its pin's on the picture, 0 for one without a place."""

    comment: Comment
    number: int

    @property
    def time(self) -> str:
        """“1:05” into the video."""
        seconds = self.comment.seconds
        return "" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version with what was said about it."""

    version: PieceVersion
    remarks: list[Remark]
    decisions: list[Decision]

    @property
    def pins(self) -> list[Remark]:
        """Those at a place of the picture."""
        return [one for one in self.remarks if one.number]


@dataclass(frozen=True, slots=True)
class PieceCard:
    """A piece with its versions, the newest first."""

    standing: Standing
    versions: list[VersionCard]
    posting: Posting | None
    blocked: str
    turn_of: list[Contact]

    @property
    def piece(self) -> Piece:
        return self.standing.piece

    @property
    def key(self) -> str:
        """The name of what is shown, on the page."""
        return f"shown-{self.standing.piece.pk}"

    @property
    def newest(self) -> VersionCard | None:
        return self.versions[0] if self.versions else None

    @property
    def posting_path(self) -> str:
        """Where its posting is called off, below the bundle's page."""
        return f"pieces/{self.piece.pk}/posting/removal/"

    @property
    def removal_path(self) -> str:
        """Where it is taken out."""
        return f"pieces/{self.piece.pk}/removal/"

    @property
    def older(self) -> list[VersionCard]:
        return self.versions[1:]

    @property
    def words(self) -> str:
        """Where it stands."""
        return STANDS[self.standing.stand]

    @property
    def mark(self) -> str:
        """The tag's look; the word stands beside it."""
        looks = {Stand.APPROVED: "well", Stand.CHANGES: "act", Stand.AGREED: "watch", Stand.WAITING: "accent"}
        return looks.get(self.standing.stand, "")

    def asks(self, contact: Contact) -> bool:
        """Whether this contact's answer is awaited."""
        return any(one.pk == contact.pk for one in self.turn_of)

    def said_by(self, contact: Contact) -> Decision | None:
        """What this contact said to the newest version, while they may take it back."""
        last = self.standing.last
        mine = last is not None and last.contact_id == contact.pk and self.posting is None
        return last if mine and last is not None and last.version_id == self.version_pk else None

    @property
    def version_pk(self) -> int:
        return self.standing.version.pk if self.standing.version else 0


@dataclass(frozen=True, slots=True)
class BundlePage:
    """Everything about one bundle."""

    bundle: Bundle
    pieces: list[PieceCard]
    approvers: list[Approver]
    waited: int
    turn: Turn
    reminders: list[Reminder]
    drafts: list[Message]

    @property
    def is_late(self) -> bool:
        """Past the day by which we needed the answer."""
        late = self.bundle.due_on < clock.today(self.bundle.client.zone)
        return late and self.bundle.asked_at is not None and self.turn is Turn.THEIRS

    @property
    def approved(self) -> int:
        """Pieces that are approved as they are."""
        return sum(card.standing.is_settled for card in self.pieces)

    @property
    def levels(self) -> list[tuple[int, list[Approver]]]:
        """Who decides, in order."""
        living = [one for one in self.approvers if one.ended_at is None]
        return [
            (level, [one for one in living if one.level == level])
            for level in range(1, self.bundle.levels + 1)
        ]


def approvals_page(actor: Actor, part: Part, client: Client | None = None) -> ApprovalsPage:
    """Bundles of clients one sees. A fixed number of queries."""
    rows = Bundle.objects.visible_to(actor).standing().preloaded()
    if client is not None:
        rows = rows.filter(client=client)
    if part == "waiting":
        rows = rows.waiting()
    elif part == "ours":
        rows = rows.filter(settled_at=None).exclude(commitment__waiting_since__isnull=False)
    elif part == "settled":
        rows = rows.filter(settled_at__isnull=False).order_by("-settled_at", "-pk")
    found = list(rows[: MOST + 1])
    listed = bundle_rows(found[:MOST])
    waited = None
    if client is not None:
        asked = Bundle.objects.filter(client=client, asked_at__isnull=False).select_related("client")
        today = clock.today(client.zone)
        days = frozenset[dt.date]().union(*days_waited(asked).values())
        waited = sum(today - dt.timedelta(days=90) <= day <= today for day in days)
    return ApprovalsPage(listed, part, client, len(found) > MOST, waited)


def bundle_rows(bundles: Iterable[Bundle]) -> list[BundleRow]:
    """Rows of preloaded bundles. A fixed number of queries."""
    found = load(bundles)
    waited = days_waited(found)
    rows = []
    for bundle in found:
        stands = [of_piece(piece, bundle.levels) for piece in bundle.pieces.all()]
        approved = sum(one.is_settled for one in stands)
        rows.append(BundleRow(bundle, len(stands), approved, turn_of(stands), len(waited[bundle.pk])))
    return rows


def waiting_on_client(client: Client, actor: Actor) -> list[BundleRow]:
    """What of a client waits for its answer, the longest first."""
    rows = Bundle.objects.visible_to(actor).waiting().preloaded().filter(client=client)
    return bundle_rows(rows.order_by("commitment__waiting_since", "pk"))


def awaited_of(contact: Contact) -> list[Bundle]:
    """What waits for this very contact's answer, the most pressing first. A fixed number of queries."""
    asked = Bundle.objects.shared_with(contact).asked()
    named = asked.filter(approvers__contact=contact, approvers__ended_at=None)
    places = dict(named.values_list("pk", "approvers__level"))
    return [
        bundle
        for bundle in load(named.select_related("client").order_by("due_on", "pk"))
        if any(
            one.is_waiting and one.level == places[bundle.pk]
            for one in (of_piece(piece, bundle.levels) for piece in bundle.pieces.all())
        )
    ]


def bundle_page(bundle: Bundle, *, for_client: bool) -> BundlePage:
    """One bundle; `for_client` leaves out what is internal. A fixed number of queries."""
    remarks = Comment.objects.filter(shared=True) if for_client else Comment.objects.all()
    living = Posting.objects.filter(ended_at=None)
    prefetch_related_objects(
        [bundle],
        Prefetch("pieces", Piece.objects.kept()),
        Prefetch("pieces__versions", PieceVersion.objects.select_related("file", "made_by")),
        Prefetch("pieces__versions__decisions", Decision.objects.filter(undone_at=None)),
        Prefetch("pieces__versions__comments", remarks),
        Prefetch("pieces__postings", living.select_related("made_by")),
        Prefetch("approvers", Approver.objects.select_related("contact", "handed_by")),
    )
    approvers = list(bundle.approvers.all())
    cards = [_card(bundle, piece, approvers) for piece in bundle.pieces.all()]
    return BundlePage(
        bundle=bundle,
        pieces=[card for card in cards if card.versions] if for_client else cards,
        approvers=approvers,
        waited=0 if for_client else len(days_waited([bundle])[bundle.pk]),
        turn=turn_of([card.standing for card in cards]),
        reminders=[] if for_client else list(bundle.reminders.all()),
        drafts=[] if for_client else drafts(bundle),
    )


def _card(bundle: Bundle, piece: Piece, approvers: list[Approver]) -> PieceCard:
    standing = of_piece(piece, bundle.levels)
    asked = standing.is_waiting and bundle.asked_at is not None
    return PieceCard(
        standing=standing,
        versions=[_version(one) for one in reversed(piece.versions.all())],
        posting=next(iter(piece.postings.all()), None),
        blocked=why_not_yet(bundle, standing),
        turn_of=[
            one.contact for one in approvers if asked and one.ended_at is None and one.level == standing.level
        ],
    )


def _version(version: PieceVersion) -> VersionCard:
    remarks, number = [], 0
    for comment in version.comments.all():
        number += comment.x is not None
        remarks.append(Remark(comment, number if comment.x is not None else 0))
    return VersionCard(version, remarks, sorted(version.decisions.all(), key=lambda one: one.level))

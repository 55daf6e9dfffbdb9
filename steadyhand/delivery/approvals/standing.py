"""Where pieces stand: computed from decisions, stored nowhere, so that a new version voids what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Prefetch, prefetch_related_objects

from steadyhand.delivery.models import Bundle, Decision, Piece, PieceVersion, Verdict


class Stand(StrEnum):
    """Where one piece stands."""

    EMPTY = "empty"
    WAITING = "waiting"
    CHANGES = "changes"
    AGREED = "agreed"
    APPROVED = "approved"


class Turn(StrEnum):
    """Whose move it is with a bundle."""

    OURS = "ours"
    THEIRS = "theirs"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Standing:
    """A piece, its newest version, and what was said to it; `level` is the one asked next (0: none)."""

    piece: Piece
    version: PieceVersion | None
    stand: Stand
    decisions: tuple[Decision, ...] = ()
    level: int = 0

    @property
    def is_waiting(self) -> bool:
        """Whether somebody at the client is asked."""
        return self.stand is Stand.WAITING

    @property
    def is_settled(self) -> bool:
        """Approved, with nothing left to put in."""
        return self.stand is Stand.APPROVED

    @property
    def last(self) -> Decision | None:
        """What was said last."""
        return self.decisions[-1] if self.decisions else None

    def said_by(self, level: int) -> Decision | None:
        """What a level said."""
        return next((one for one in self.decisions if one.level == level), None)


def load(bundles: Iterable[Bundle]) -> list[Bundle]:
    """Read what standings are computed from, for any number of bundles. Three queries."""
    found = list(bundles)
    prefetch_related_objects(
        found,
        Prefetch("pieces", Piece.objects.kept()),
        Prefetch("pieces__versions", PieceVersion.objects.select_related("file", "made_by")),
        Prefetch("pieces__versions__decisions", Decision.objects.filter(undone_at=None)),
    )
    return found


def standings(bundle: Bundle) -> list[Standing]:
    """Every piece of a bundle, in order; reads what `load` has not."""
    load([bundle])
    return [of_piece(piece, bundle.levels) for piece in bundle.pieces.all()]


def standing_now(piece: Piece, levels: int) -> Standing:
    """Where one piece stands, read anew."""
    row = Piece.objects.select_related("bundle__client").get(pk=piece.pk)
    prefetch_related_objects(
        [row],
        Prefetch("versions", PieceVersion.objects.select_related("file", "made_by")),
        Prefetch("versions__decisions", Decision.objects.filter(undone_at=None)),
    )
    return of_piece(row, levels)


def of_piece(piece: Piece, levels: int) -> Standing:
    """Where a loaded piece stands, asked of so many levels in order."""
    versions = list(piece.versions.all())
    if not versions:
        return Standing(piece, None, Stand.EMPTY)
    version = versions[-1]
    judged = next((one for one in versions if one.pk == version.carries_id), version)
    decisions = tuple(sorted(judged.decisions.all(), key=lambda one: one.level))
    by_level = {one.level: one for one in decisions}
    for level in range(1, max(levels, 1) + 1):
        said = by_level.get(level)
        if said is None:
            return Standing(piece, version, Stand.WAITING, decisions, level)
        if said.verdict == Verdict.CHANGE_WANTED:
            return Standing(piece, version, Stand.CHANGES, decisions)
    asks = judged is version and any(one.verdict == Verdict.WITH_CHANGES for one in decisions)
    return Standing(piece, version, Stand.AGREED if asks else Stand.APPROVED, decisions)


def turn_of(pieces: Iterable[Standing]) -> Turn:
    """Whose move it is, once the client was asked."""
    stands = [one.stand for one in pieces]
    if Stand.WAITING in stands:
        return Turn.THEIRS
    return Turn.DONE if stands and all(one is Stand.APPROVED for one in stands) else Turn.OURS

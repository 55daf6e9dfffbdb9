"""What publishing a draft would do to the book, as people read it. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from steadyhand.clients.models import Client, Stage
from steadyhand.commitments.previewing import Change, Load, PersonLoad, Preview, preview
from steadyhand.core.actor import Actor
from steadyhand.playbook.policy import Policy

#: A book of more clients than this is compared after the page is shown.
AT_ONCE = 2000

#: Hours a month that are worth a word.
WORTH_SAYING = 0.05


@dataclass(frozen=True, slots=True)
class Move:
    """Clients that change tier."""

    before: int
    after: int
    clients: int


@dataclass(frozen=True, slots=True)
class Effect:
    """The preview, in the order people ask: who gets more, who less, at what cost."""

    result: Preview
    gains: list[Change]
    losses: list[Change]
    hours: str
    roles: list[tuple[str, Load, str]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    @property
    def over(self) -> list[PersonLoad]:
        """People the change would push over capacity, the worst first."""
        return self.result.pushed_over

    @property
    def is_none(self) -> bool:
        """Whether no promise, tier or hour would change."""
        return not (self.result.clients_changed or self.moves or self.roles)


def effect(policy: Policy, actor: Actor) -> Effect:
    """What `policy` would change for the whole book; clients the actor may not see are counted unnamed."""
    result = preview(policy, visible_to=actor)
    roles = [
        (role, load, signed_hours(round(load.after, 1) - round(load.before, 1)))
        for role, load in sorted(result.roles.items())
        if abs(load.change) >= WORTH_SAYING
    ]
    return Effect(
        result,
        [change for change in result.changes if change.gains],
        [change for change in result.changes if not change.gains],
        signed_hours(sum(load.change for load in result.roles.values())),
        roles,
        [Move(was, becomes, count) for (was, becomes), count in sorted(result.tiers.items())],
    )


def is_quick() -> bool:
    """Whether the book is small enough to be compared while somebody waits for the page."""
    return Client.objects.filter(stage=Stage.LIVE).count() <= AT_ONCE


def signed_hours(hours: float) -> str:
    """“+2.5 h”, “−0.8 h”, “0 h”."""
    size = f"{abs(hours):,.1f}".removesuffix(".0")
    return f"{'+' if hours > 0 else '−'}{size} h" if size != "0" else "0 h"

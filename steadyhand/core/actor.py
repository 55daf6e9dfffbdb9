"""Who does a thing: a member of the agency, a client's contact, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection


class ActorKind(StrEnum):
    """The three kinds of actor."""

    MEMBER = "member"
    CONTACT = "contact"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Everyone who acts, by value: the ground floor names higher things by id, never by key.

    `capabilities` is what the role catalogue of `people` grants (plain strings, so that lower
    rooms may ask); the system may do everything.
    """

    kind: ActorKind
    id: int | None
    name: str
    capabilities: Collection[str] = frozenset()

    @classmethod
    def system(cls, name: str) -> Actor:
        """The system acting by itself, with the name of the part that acts (“planner”)."""
        return cls(ActorKind.SYSTEM, None, name)

    @property
    def is_system(self) -> bool:
        """True for the system itself."""
        return self.kind is ActorKind.SYSTEM

    @property
    def member_id(self) -> int | None:
        """The member's id, or None for everybody else."""
        return self.id if self.kind is ActorKind.MEMBER else None

    def may(self, capability: str) -> bool:
        """Whether the role catalogue grants this capability."""
        return self.is_system or capability in self.capabilities

    def as_json(self) -> dict[str, Any]:
        """The actor as an event carries it."""
        return {"kind": str(self.kind), "id": self.id, "name": self.name}

"""How we work together, as whoever returns a form agrees to it: turnaround, sign-off, hours (O1, B11)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from steadyhand.playbook.policy import Policy, ServiceLevels


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms as they are shown: a heading and a sentence each, and why they are so."""

    lines: tuple[tuple[str, str], ...]
    why: str

    @property
    def text(self) -> str:
        """The words that are agreed to."""
        return "\n".join([*(f"{title}: {sentence}" for title, sentence in self.lines), self.why])

    @property
    def digest(self) -> str:
        """SHA-256 of those words."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def terms_of(policy: Policy) -> Terms:
    """The terms of a playbook, from its service levels."""
    levels: ServiceLevels = policy.service_levels
    return Terms(
        (
            ("We answer", f"Within {_count(levels.response_working_hours, 'working hour')}."),
            ("We deliver", f"Usual work takes {_count(levels.turnaround_working_days, 'working day')}."),
            (
                "You sign off",
                f"You tell us what you think within {_count(levels.sign_off_working_days, 'working day')} of "
                "getting something from us; later moves our dates as well.",
            ),
            ("We are there", f"{levels.working_hours.rstrip('.')}."),
        ),
        levels.explained,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

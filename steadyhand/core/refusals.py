"""What the system says when it will not do a thing."""

from __future__ import annotations


class Refusal(Exception):
    """A business act was refused and nothing was changed.

    `sentence` says what is wrong and where, `remedy` what to do about it; `field` names the
    form field or column it belongs to, where there is one. Every room's refusals derive from this.
    """

    def __init__(self, sentence: str, *, remedy: str = "", field: str = "") -> None:
        self.sentence = sentence
        self.remedy = remedy
        self.field = field
        super().__init__(f"{sentence} {remedy}".strip())


class Conflict(Refusal):
    """Somebody else changed the thing in the meantime; both versions are still there."""

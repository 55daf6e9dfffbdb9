"""What is new in an answer: most of its length is often what was written before."""

from __future__ import annotations

import re

#: Where a mail program begins to repeat the mail that is answered.
BEGINS = re.compile(
    r"^(?:"
    r"-{2,}\s*(?:original message|ursprüngliche nachricht|forwarded message|message d'origine)\s*-{2,}"
    r"|_{20,}"
    r"|from:\s.+\n(?:sent|date|to):\s"
    r"|on\s.{5,200}\bwrote:\s*$"
    r"|am\s.{5,200}\bschrieb\b.*:\s*$"
    r"|le\s.{5,200}\ba écrit\s*:\s*$"
    r"|el\s.{5,200}\bescribió\s*:\s*$"
    r")",
    re.IGNORECASE | re.MULTILINE,
)
WRAPPED = re.compile(r"^(on\s.{5,160})\n(.{0,80}wrote:)\s*$", re.IGNORECASE | re.MULTILINE)


def fresh(text: str) -> str:
    """The text without what it quotes at its end; the whole of it where nothing else would be left."""
    whole = text.strip()
    straight = WRAPPED.sub(r"\1 \2", whole)
    found = BEGINS.search(straight)
    kept = straight[: found.start()] if found else straight
    lines = kept.rstrip().splitlines()
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines).strip() or whole

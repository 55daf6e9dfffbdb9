"""`docs/roles.md`, written from the catalogue. A test keeps the two equal and says how to write it."""

from __future__ import annotations

from steadyhand.people.members import KEYS
from steadyhand.people.roles import CAPABILITY_WORDS, CATALOGUE


def roles_page() -> str:
    """The catalogue as a table: a line for each capability, a list of its roles."""
    lines = [
        "# Roles",
        "",
        "What a role may do. Which clients somebody sees in full is decided by their account teams; only",
        "“see every client” steps over them. The catalogue is `steadyhand/people/roles.py`; this page is",
        "written from it.",
        "",
        "| may | roles |",
        "| --- | --- |",
    ]
    for capability, words in CAPABILITY_WORDS.items():
        roles = [role.label for role, granted in CATALOGUE.items() if capability in granted]
        lines.append(f"| {words} | {', '.join(roles)} |")
    keys = "; ".join(words for capability, words in CAPABILITY_WORDS.items() if capability in KEYS)
    lines += [
        "",
        f"Nobody gives, or takes away, a role with more of these than their own: {keys}.",
        "The last administrator cannot leave or change role. A reading API token keeps only what looks.",
    ]
    return "\n".join(lines) + "\n"

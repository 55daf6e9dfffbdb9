"""Templates of agreements: clauses in plain words, with merge fields (MISSION O3)."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from steadyhand.core.refusals import Refusal
from steadyhand.playbook.texts import Entry, Part, Text

_SHIPPED = Path(__file__).parent / "shipped" / "agreements.toml"


class Clause(Entry):
    """One clause; its key stays the same in every version of an agreement."""

    title: Text
    text: Text


class AgreementTemplate(Entry):
    """What an agreement of a kind says before anybody has changed a word."""

    kind: Text
    title: Text
    use_when: Text
    clauses: tuple[Clause, ...] = Field(min_length=1)


class _File(Part):
    agreements: tuple[AgreementTemplate, ...]


@lru_cache
def agreement_templates() -> tuple[AgreementTemplate, ...]:
    """Every template that ships, in the order of pages."""
    return _File.model_validate(tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))).agreements


def agreement_template(key: str) -> AgreementTemplate:
    """The template with this key; refuses another name."""
    for template in agreement_templates():
        if template.key == key:
            return template
    known = ", ".join(template.key for template in agreement_templates())
    raise Refusal(
        f"There is no template of an agreement called “{key}”.",
        remedy=f"Choose one of {known}.",
        field="template",
    )

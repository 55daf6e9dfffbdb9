"""The page that describes the format is true: its examples hold, and it names every key."""

import re
from pathlib import Path

import pytest

from steadyhand.playbook.bands import Band
from steadyhand.playbook.content import SECTIONS
from steadyhand.playbook.documents import loads
from steadyhand.playbook.matrices import ProjectBand, RetainerBand
from steadyhand.playbook.policy import EntertainmentBand, PaidSearchBand, Policy, Tier
from steadyhand.playbook.problems import model_in
from steadyhand.playbook.responsibilities import Responsibility, RoleShare
from steadyhand.playbook.rules import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "playbook-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.S)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_holds(example):
    before = "" if "extends" in example else 'extends = "framework"\n'
    assert loads(before + example).policy


def keys():
    models = [RetainerBand, ProjectBand, PaidSearchBand, EntertainmentBand, Band, Tier, RoleShare]
    for name, field in Policy.model_fields.items():
        yield name
        model = model_in(field.annotation)
        if model is not None and name != "content":
            models.append(model)
    for model in models:
        yield from model.model_fields
    yield from SECTIONS


def test_every_key_rule_and_responsibility_is_named():
    names = {*keys(), *RULES, *Responsibility, "extends", "without", "remove"}
    missing = [name for name in sorted(names) if not re.search(rf"(?<![\w-]){name}(?![\w-])", PAGE)]
    assert missing == []

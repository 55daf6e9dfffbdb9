"""Every business act that is written down anywhere has words a person can read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import steadyhand
from steadyhand.core.models import Event
from steadyhand.desk.event_words import WORDS, told

ROOT = Path(steadyhand.__file__).parent
VERB = re.compile(r"[a-z]+\.[a-z_]+")
RECORDS = {"record", "_record", "Happening"}


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def texts(tree: ast.AST) -> set[str]:
    found = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return {text for text in found if VERB.fullmatch(text)}


def recorded() -> set[str]:
    """The verbs in calls that record; where one is handed on in a variable, every text shaped like one."""
    verbs: set[str] = set()
    handed_on: set[str] = set()
    for path in ROOT.rglob("*.py"):
        tree = ast.parse(path.read_text())
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and called(n) in RECORDS and n.args]
        for call in calls:
            verbs |= texts(call.args[0])
        if any(not isinstance(call.args[0], ast.Constant) for call in calls):
            handed_on |= texts(tree)
    nouns = {verb.partition(".")[0] for verb in verbs}
    return verbs | {text for text in handed_on if text.partition(".")[0] in nouns}


def test_every_verb_has_words() -> None:
    verbs = recorded()
    assert {"client.added", "feed.opened", "contact.removed", "commitment.missed"} <= verbs
    assert not verbs - set(WORDS), f"no words for {sorted(verbs - set(WORDS))} in desk/event_words.py"


def test_no_words_for_what_is_never_recorded() -> None:
    assert not set(WORDS) - recorded()


ALWAYS_THERE = {
    "position": "lead",
    "member": "Jody Marsh",
    "title": "Retainer",
    "amount": "100",
    "before": "100",
    "after": "200",
    "currency": "GBP",
    "rate": "1.2",
    "version": 2,
}


@pytest.mark.parametrize("verb", sorted(WORDS))
def test_words_stand_even_where_an_older_event_knows_less(verb: str) -> None:
    """An event of an earlier version may lack what later ones carry; the timeline must still open."""
    lead, text, note = told(Event(verb=verb, data=ALWAYS_THERE))
    said = f"{lead} {text} {note}"
    assert lead and "None" not in said and "_" not in said, said

"""The forms of a playbook's draft, drawn from the policy's own types: one way for every chapter.

A form is flat: names are dotted paths (“retainer_matrix.2.call.minutes”) and values are text, as a browser
sends them. `write` turns a part of a policy into that, `read` turns it back into data for the policy
to check, `draw` into nodes for the templates. So every refusal, which names its place, finds its field.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from steadyhand.playbook.bands import Band
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.problems import Problem
from steadyhand.web.forms.playbook_nodes import Node, draw
from steadyhand.web.forms.playbook_types import (
    KEY_LENGTH,
    Flat,
    annotation_at,
    annotation_of,
    count_of,
    row_model,
)
from steadyhand.web.forms.playbook_values import read, write
from steadyhand.web.forms.playbook_words import AS_LABELLED

__all__ = ["ChapterForm", "Flat"]

_IN_ENTRY = re.compile(r'[A-Z][a-z ]+ "[^"]*", ([a-z_0-9 ]+): (.*)', re.DOTALL)


class ChapterForm:
    """Some parts of a policy, to be changed. `flat` is what is typed so far."""

    def __init__(self, parts: tuple[str, ...], flat: Flat) -> None:
        self.parts, self.flat = parts, flat
        self.nodes = [draw(annotation_of(part), part, flat) for part in parts]
        self.errors: list[str] = []

    @classmethod
    def of(cls, parts: tuple[str, ...], policy: Policy) -> ChapterForm:
        """The form as the policy stands."""
        flat: Flat = {}
        for part in parts:
            write(annotation_of(part), _value(policy, part), part, flat)
        return cls(parts, flat)

    def changed(self, policy: Policy) -> Policy:
        """The policy with what is typed; pydantic's ValidationError where it does not hold."""
        changes: dict[str, Any] = {}
        for part in self.parts:
            head, _, section = part.partition(".")
            data = read(annotation_of(part), part, self.flat)
            if section:
                content = {name: getattr(policy.content, name) for name in type(policy.content).model_fields}
                changes.setdefault(head, content)[section] = data
            else:
                changes[head] = data
        return policy.having(**changes)

    def show(self, problems: tuple[Problem, ...]) -> None:
        """Put each problem at the field it names, or at the innermost part that holds it."""
        nodes = {node.name: node for top in self.nodes for node in top.walk()}
        for problem in problems:
            place, sentence = _located(problem)
            steps = [str(step) for step in place]
            names = [".".join(steps[:length]) for length in range(len(steps), 0, -1)]
            home = next((name for name in names if name in nodes), None)
            if home is None:
                self.errors.append(sentence)
                continue
            nodes[home].errors.append(_worded(sentence, steps[-1]))
            around = [nodes[name] for name in reversed(names) if name in nodes]
            nodes[home].trail = " › ".join(node.label for node in around[1:] or around)
            for node in around:
                node.is_open = True

    @property
    def wrong(self) -> list[Node]:
        """The nodes that need another look."""
        return [node for top in self.nodes for node in top.walk() if node.errors]

    def rearranged(self, deed: str) -> ChapterForm:
        """The form after “add:path”, “remove:path.2” or “up:path.2”; as it was for anything else."""
        verb, _, name = deed.partition(":")
        if verb == "add" and (model := row_model(annotation_at(name))) is not BaseModel:
            rows = _rows(self.flat, name)
            is_band = issubclass(model, Band)  # the last stays the open-ended one
            rows.insert(len(rows) - 1 if is_band and rows else len(rows), {})
        elif (place := _place_in_list(name)) is not None and verb in ("remove", "up"):
            name, number = place
            rows = _rows(self.flat, name)
            if number < len(rows):
                row = rows.pop(number)
                if verb == "up":
                    rows.insert(max(number - 1, 0), row)
        else:
            return self
        flat = {key: text for key, text in self.flat.items() if not key.startswith(f"{name}.")}
        return ChapterForm(self.parts, flat | _written_rows(name, rows))


def _rows(flat: Flat, name: str) -> list[Flat]:
    """The rows of a list, each with its names cut short."""
    prefixes = [f"{name}.{number}." for number in range(count_of(flat, name))]
    return [
        {key.removeprefix(prefix): text for key, text in flat.items() if key.startswith(prefix)}
        for prefix in prefixes
    ]


def _written_rows(name: str, rows: list[Flat]) -> Flat:
    flat = {f"{name}.#": str(len(rows))}
    for number, row in enumerate(rows):
        flat |= {f"{name}.{number}.{key}": text for key, text in row.items()}
    return flat


def _place_in_list(name: str) -> tuple[str, int] | None:
    before, _, number = name.rpartition(".")
    return (before, int(number)) if before and number.isdigit() and len(number) < KEY_LENGTH else None


def _located(problem: Problem) -> tuple[tuple[str | int, ...], str]:
    """The place of a problem; that of a merge field is in its sentence (“Letter "win", items 2 notes: …”)."""
    if found := _IN_ENTRY.match(problem.sentence):
        steps = [int(step) - 1 if step.isdigit() else step for step in found[1].split()]
        return (*problem.place, *steps), found[2]
    return problem.place, problem.sentence


def _worded(sentence: str, step: str) -> str:
    """A refusal of the text format in the words of the form."""
    if sentence == f"{step} is missing. Add it.":
        return "Fill this in."
    for word, said in AS_LABELLED.items():
        sentence = sentence.replace(word, said)
    return sentence


def _value(policy: Policy, part: str) -> Any:
    value: Any = policy
    for step in part.split("."):
        value = getattr(value, step)
    return value

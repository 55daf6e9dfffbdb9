"""What is typed in a playbook's form, as something to draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from steadyhand.core.recurrence import Cadence
from steadyhand.playbook.bands import Band
from steadyhand.playbook.content import Role
from steadyhand.playbook.responsibilities import LABELS as DUTIES
from steadyhand.playbook.responsibilities import Responsibility
from steadyhand.playbook.texts import Entry
from steadyhand.web.forms.playbook_types import (
    HIDDEN,
    POSITION,
    Flat,
    bare,
    count_of,
    is_grid,
    is_model,
    row_model,
    said,
    whole,
)
from steadyhand.web.forms.playbook_words import HINTS, LONG, NOUNS, label


@dataclass
class Node:
    """A piece of a form. `kind` decides how it is drawn; see templates/web/playbook/form/."""

    name: str
    label: str
    kind: str
    value: str = ""
    hint: str = ""
    noun: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    trail: str = ""
    is_open: bool = False
    is_first: bool = False

    @property
    def template(self) -> str:
        return f"web/playbook/form/{self.kind}.html"

    @property
    def is_noted(self) -> bool:
        """Whether a hint or an error describes it."""
        return bool(self.hint or self.errors)

    def walk(self) -> Iterator[Node]:
        """This node and everything beneath it."""
        yield self
        for child in self.children:
            yield from child.walk()


def draw(annotation: Any, name: str, flat: Flat, *, first: bool = False) -> Node:
    """What is typed, as something to draw."""
    inner, optional = bare(annotation)
    step = name.rpartition(".")[2]
    node = Node(name, label(step), "text", flat.get(name, ""), HINTS.get(step, ""), is_first=first)
    if is_model(inner):
        node.kind = "optional" if optional else "group"
        node.value = flat.get(f"{name}.has", "")
        node.children = _drawn_fields(inner, name, flat)
    elif (row := row_model(inner)) is not BaseModel:
        node.kind, node.noun, node.value = "list", NOUNS.get(step, "entry"), str(count_of(flat, name))
        node.children = [_drawn_row(row, name, number, flat) for number in range(count_of(flat, name))]
    elif get_origin(inner) is dict:
        _draw_table(node, inner, flat)
    elif inner is bool:
        node.kind = "switch"
    elif choices := _choices(inner):
        node.kind, node.choices = "choice", choices
    elif get_origin(inner) is tuple:
        node.kind = "long" if bare(get_args(inner)[0])[0] is str else "text"
    elif inner in (int, Decimal):
        node.kind = "number" if inner is int else "money"
    elif step in LONG:
        node.kind = "long"
    elif step == "on":
        node.kind = "day"
    return node


def _drawn_fields(model: type[BaseModel], name: str, flat: Flat) -> list[Node]:
    steps = [step for step in model.model_fields if step not in HIDDEN | POSITION]
    steps.sort(key=lambda step: step == "key")  # what nobody needs to touch stands last
    return [draw(whole(model.model_fields[step]), f"{name}.{step}", flat) for step in steps]


def _drawn_row(model: type[BaseModel], name: str, number: int, flat: Flat) -> Node:
    place = f"{name}.{number}"
    kind = "band" if issubclass(model, Band) else "entry" if issubclass(model, Entry) else "item"
    node = Node(place, _row_label(model, place, number, flat), kind, is_first=number == 0)
    node.children = _drawn_fields(model, place, flat)
    node.is_open = not any(key.startswith(f"{place}.") for key in flat)
    return node


def _row_label(model: type[BaseModel], place: str, number: int, flat: Flat) -> str:
    if issubclass(model, Band):
        edge = flat.get(f"{place}.up_to", "")
        said = f"{int(edge):,}" if edge.isdecimal() else edge
        return f"Band {number + 1}: {'to ' + said if said else 'everything above'}"
    steps = ("title", "label", "text", "question")
    said = next((flat[f"{place}.{step}"] for step in steps if flat.get(f"{place}.{step}")), "New")
    return f"{said}, {flat[f'{place}.variant']}" if flat.get(f"{place}.variant") else said


def _draw_table(node: Node, annotation: Any, flat: Flat) -> None:
    keys, inner = get_args(annotation)
    if is_grid(annotation):
        roles = [key for key in keys if f"{node.name}.{key.value}" in flat]
        node.kind, node.choices = "grid", [(role.value, said(role)) for role in roles]
        node.children = [
            Node(
                f"{node.name}.{duty.value}", duty.label, "line", children=_ticks(node.name, duty, roles, flat)
            )
            for duty in Responsibility
        ]
        return
    node.kind = "table"
    node.children = [draw(inner, f"{node.name}.{key.value}", flat) for key in keys]
    for child, key in zip(node.children, keys, strict=True):
        child.label, child.hint = DUTIES[key] if isinstance(key, Responsibility) else said(key), ""
        child.kind = "shares" if child.kind == "group" else child.kind


def _ticks(name: str, duty: Responsibility, roles: list[Role], flat: Flat) -> list[Node]:
    return [
        Node(place, f"{said(role)}: {duty.label}", "tick", flat.get(place, ""))
        for role in roles
        for place in (f"{name}.{role.value}.{duty.value}",)
    ]


def _choices(annotation: Any) -> list[tuple[str, str]]:
    if get_origin(annotation) is Literal:
        return [(value, value.replace("_", "-")) for value in get_args(annotation)]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [
            (item.value, said(item)) for item in annotation if item is not Cadence.ONCE
        ]  # none may be once
    return []

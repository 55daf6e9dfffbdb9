"""The forms of a playbook's draft, drawn from the policy's own types: one way for every chapter.

A form is flat: names are dotted paths (“retainer_matrix.2.call.minutes”) and values are text, as a browser
sends them. `write` turns a part of a policy into that, `read` turns it back into data for the policy
to check, `draw` into nodes for the templates. So every refusal, which names its place, finds its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.utils.text import slugify
from pydantic import BaseModel

from steadyhand.core.recurrence import Cadence
from steadyhand.playbook.bands import Band
from steadyhand.playbook.content import Role
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.problems import Problem
from steadyhand.playbook.responsibilities import LABELS as DUTIES
from steadyhand.playbook.responsibilities import Responsibility
from steadyhand.playbook.texts import Entry
from steadyhand.web.forms.playbook_words import AS_LABELLED, HINTS, LONG, NOUNS, label

Flat = dict[str, str]

#: More entries than this in one list are not a playbook's.
MOST_ROWS = 300
ON = "on"
MISSING: Any = object()
#: Set by position or kept out of forms: a check for readers of the text.
POSITION, HIDDEN = {"number"}, {"starts_at"}
KEY_LENGTH = 60
_IN_ENTRY = re.compile(r'[A-Z][a-z ]+ "[^"]*", ([a-z_0-9 ]+): (.*)', re.DOTALL)


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


class ChapterForm:
    """Some parts of a policy, to be changed. `flat` is what is typed so far."""

    def __init__(self, parts: tuple[str, ...], flat: Flat) -> None:
        self.parts, self.flat = parts, flat
        self.nodes = [draw(_annotation(part), part, flat) for part in parts]
        self.errors: list[str] = []

    @classmethod
    def of(cls, parts: tuple[str, ...], policy: Policy) -> ChapterForm:
        """The form as the policy stands."""
        flat: Flat = {}
        for part in parts:
            write(_annotation(part), _value(policy, part), part, flat)
        return cls(parts, flat)

    def changed(self, policy: Policy) -> Policy:
        """The policy with what is typed; pydantic's ValidationError where it does not hold."""
        changes: dict[str, Any] = {}
        for part in self.parts:
            head, _, section = part.partition(".")
            data = read(_annotation(part), part, self.flat)
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
        if verb == "add" and (row_model := _row_model(_annotation_at(name))) is not BaseModel:
            rows = _rows(self.flat, name)
            is_band = issubclass(row_model, Band)  # the last stays the open-ended one
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


def write(annotation: Any, value: Any, name: str, flat: Flat) -> None:
    """A value as what a browser would send."""
    inner, optional = _bare(annotation)
    if _is_model(inner):
        if value is None:
            return
        if optional:
            flat[f"{name}.has"] = ON
        for step, info in inner.model_fields.items():
            if step not in HIDDEN | POSITION:
                write(_whole(info), getattr(value, step), f"{name}.{step}", flat)
    elif (row := _row_model(inner)) is not BaseModel:
        flat[f"{name}.#"] = str(len(value))
        for number, item in enumerate(value):
            write(row, item, f"{name}.{number}", flat)
    elif get_origin(inner) is dict:
        _write_table(inner, value, name, flat)
    elif inner is bool:
        if value:
            flat[name] = ON
    elif value is not None:
        flat[name] = _text(inner, value)


def _write_table(annotation: Any, table: Mapping[Any, Any], name: str, flat: Flat) -> None:
    _, inner = get_args(annotation)
    for key, value in table.items():
        if _is_grid(annotation):
            flat[f"{name}.{key}"] = ON
            flat.update({f"{name}.{key}.{item}": ON for item in value})
        else:
            write(inner, value, f"{name}.{key}", flat)


def _text(annotation: Any, value: Any) -> str:
    if isinstance(value, tuple):
        item = get_args(annotation)[0]
        joint = "\n" if _bare(item)[0] is str else ", "
        return joint.join(_plain(part) for part in value)
    return str(value.value) if isinstance(value, Enum) else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.0f}" if value == value.to_integral_value() else str(value)
    return str(value.value).replace("_", " ") if isinstance(value, Enum) else str(value)


def read(annotation: Any, name: str, flat: Flat) -> Any:
    """What was typed, as data for the policy to check; `MISSING` where a needed value was left empty."""
    inner, optional = _bare(annotation)
    if _is_model(inner):
        if optional and f"{name}.has" not in flat:
            return None
        return _read_model(inner, name, flat)
    if (row := _row_model(inner)) is not BaseModel:
        return [_read_row(row, f"{name}.{number}", flat, number) for number in range(_count(flat, name))]
    if get_origin(inner) is dict:
        return _read_table(inner, name, flat)
    if inner is bool:
        return name in flat
    typed = flat.get(name, "").replace("\r\n", "\n").strip()
    if get_origin(inner) is tuple:
        return _read_items(inner, typed)
    if not typed and inner is not str:
        return None if optional else MISSING
    return int(typed) if inner is int and re.fullmatch(r"-?\d{1,9}", typed) else typed


def _read_model(model: type[BaseModel], name: str, flat: Flat) -> dict[str, Any]:
    data = {
        step: read(_whole(info), f"{name}.{step}", flat)
        for step, info in model.model_fields.items()
        if step not in HIDDEN | POSITION
    }
    if not data.get("on", True):
        del data["on"]  # the usual day
    return {step: value for step, value in data.items() if value is not MISSING}


def _read_row(model: type[BaseModel], name: str, flat: Flat, number: int) -> dict[str, Any]:
    data = _read_model(model, name, flat)
    if "number" in model.model_fields:
        data["number"] = number + 1
    if issubclass(model, Entry) and not data.get("key"):
        named = next((data[step] for step in ("title", "label", "text") if data.get(step)), "")
        data["key"] = slugify(named)[:KEY_LENGTH].strip("-")
    return data


def _read_table(annotation: Any, name: str, flat: Flat) -> dict[str, Any]:
    keys, inner = get_args(annotation)
    if _is_grid(annotation):
        return {
            key.value: [item.value for item in Responsibility if f"{name}.{key.value}.{item.value}" in flat]
            for key in keys
            if f"{name}.{key.value}" in flat
        }
    rows = {key.value: read(inner, f"{name}.{key.value}", flat) for key in keys}
    return {key: value for key, value in rows.items() if value}


def _read_items(annotation: Any, typed: str) -> list[Any]:
    inner = _bare(get_args(annotation)[0])[0]
    pieces = [piece.strip() for piece in re.split("\n" if inner is str else r"[,;\n]", typed)]
    pieces = [piece for piece in pieces if piece]
    if inner is int:
        return [int(piece) if piece.isdigit() else piece for piece in pieces]
    return [piece.lower().replace(" ", "_") for piece in pieces] if inner is not str else pieces


def draw(annotation: Any, name: str, flat: Flat, *, first: bool = False) -> Node:
    """What is typed, as something to draw."""
    inner, optional = _bare(annotation)
    step = name.rpartition(".")[2]
    node = Node(name, label(step), "text", flat.get(name, ""), HINTS.get(step, ""), is_first=first)
    if _is_model(inner):
        node.kind = "optional" if optional else "group"
        node.value = flat.get(f"{name}.has", "")
        node.children = _drawn_fields(inner, name, flat)
    elif (row := _row_model(inner)) is not BaseModel:
        node.kind, node.noun, node.value = "list", NOUNS.get(step, "entry"), str(_count(flat, name))
        node.children = [_drawn_row(row, name, number, flat) for number in range(_count(flat, name))]
    elif get_origin(inner) is dict:
        _draw_table(node, inner, flat)
    elif inner is bool:
        node.kind = "switch"
    elif choices := _choices(inner):
        node.kind, node.choices = "choice", choices
    elif get_origin(inner) is tuple:
        node.kind = "long" if _bare(get_args(inner)[0])[0] is str else "text"
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
    return [draw(_whole(model.model_fields[step]), f"{name}.{step}", flat) for step in steps]


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
    if _is_grid(annotation):
        roles = [key for key in keys if f"{node.name}.{key.value}" in flat]
        node.kind, node.choices = "grid", [(role.value, _said(role)) for role in roles]
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
        child.label, child.hint = DUTIES[key] if isinstance(key, Responsibility) else _said(key), ""
        child.kind = "shares" if child.kind == "group" else child.kind


def _ticks(name: str, duty: Responsibility, roles: list[Role], flat: Flat) -> list[Node]:
    return [
        Node(place, f"{_said(role)}: {duty.label}", "tick", flat.get(place, ""))
        for role in roles
        for place in (f"{name}.{role.value}.{duty.value}",)
    ]


def _rows(flat: Flat, name: str) -> list[Flat]:
    """The rows of a list, each with its names cut short."""
    prefixes = [f"{name}.{number}." for number in range(_count(flat, name))]
    return [
        {key.removeprefix(prefix): text for key, text in flat.items() if key.startswith(prefix)}
        for prefix in prefixes
    ]


def _written_rows(name: str, rows: list[Flat]) -> Flat:
    flat = {f"{name}.#": str(len(rows))}
    for number, row in enumerate(rows):
        flat |= {f"{name}.{number}.{key}": text for key, text in row.items()}
    return flat


def _count(flat: Flat, name: str) -> int:
    count = flat.get(f"{name}.#", "0")
    return min(int(count), MOST_ROWS) if count.isdigit() and len(count) < KEY_LENGTH else 0


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


def _annotation(part: str) -> Any:
    model: Any = Policy
    *heads, last = part.split(".")
    for step in heads:
        model = _bare(model.model_fields[step].annotation)[0]
    return _whole(model.model_fields[last])


def _annotation_at(name: str) -> Any:
    """The annotation of any place in a form; of nothing, `None`."""
    found: Any = Policy
    for step in name.split("."):
        inner = _bare(found)[0]
        if step.isdigit():
            found = _row_model(inner)
        elif _is_model(inner) and step in inner.model_fields:
            found = _whole(inner.model_fields[step])
        else:
            return None
    return found


def _whole(info: Any) -> Any:
    return info.annotation


def _value(policy: Policy, part: str) -> Any:
    value: Any = policy
    for step in part.split("."):
        value = getattr(value, step)
    return value


def _bare(annotation: Any) -> tuple[Any, bool]:
    """The type without what wraps it, and whether it may be None."""
    optional = False
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            inner = [part for part in get_args(annotation) if part is not type(None)]
            optional, annotation = True, inner[0]
        else:
            return annotation, optional


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _row_model(annotation: Any) -> type[BaseModel]:
    """What a list of parts holds; BaseModel itself for anything else."""
    if get_origin(_bare(annotation)[0]) is tuple:
        inner = _bare(get_args(_bare(annotation)[0])[0])[0]
        if _is_model(inner):
            return inner  # type: ignore[no-any-return]
    return BaseModel


def _is_grid(annotation: Any) -> bool:
    keys, inner = get_args(annotation)
    return keys is Role and get_origin(_bare(inner)[0]) is tuple


def _choices(annotation: Any) -> list[tuple[str, str]]:
    if get_origin(annotation) is Literal:
        return [(value, value.replace("_", "-")) for value in get_args(annotation)]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [
            (item.value, _said(item)) for item in annotation if item is not Cadence.ONCE
        ]  # none may be once
    return []


def _said(item: Enum) -> str:
    return str(item.value).replace("_", " ").capitalize()

"""What is wrong with a playbook text, where, and what to do: pydantic's findings in plain sentences."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from steadyhand.playbook.bands import BandFault
from steadyhand.playbook.content import ContentPatch
from steadyhand.playbook.policy import Policy

Place = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `place` is the path of keys and list positions (from 0), `line` counts from 1."""

    place: Place
    sentence: str
    line: int | None = None

    def __str__(self) -> str:
        where = place_words(self.place)
        line = f"line {self.line}" if self.line else ""
        spot = ", ".join(part for part in (line, where) if part)
        return f"{spot}: {self.sentence}" if spot else self.sentence

    def at(self, line: int | None) -> Problem:
        return replace(self, line=line)

    def inside(self, table: str) -> Problem:
        return replace(self, place=(table, *self.place))


def place_words(place: Place) -> str:
    """“retainer_matrix 3, call.minutes”: list positions count from 1, as people do."""
    words = ""
    for step in place:
        if isinstance(step, int):
            words += f" {step + 1}"
        else:
            words += f"{', ' if words[-1:].isdigit() else '.' if words else ''}{step}"
    return words


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """Pydantic's findings as problems, in the order of the text's tables."""
    return tuple(Problem(_place(detail), _sentence(detail)) for detail in error.errors())


def _place(detail: ErrorDetails) -> Place:
    cause = detail.get("ctx", {}).get("error")
    return (*detail["loc"], cause.index) if isinstance(cause, BandFault) else tuple(detail["loc"])


def _sentence(detail: ErrorDetails) -> str:
    name = next((str(step) for step in reversed(detail["loc"]) if isinstance(step, str)), "the playbook")
    given = detail.get("input")
    match detail["type"]:
        case "value_error":
            return detail["msg"].removeprefix("Value error, ")
        case "missing":
            return f"{name} is missing. Add it."
        case "extra_forbidden":
            return f"{name} is not a key here.{_nearest(detail['loc'])}"
        case "enum" | "literal_error":
            allowed = str(detail.get("ctx", {}).get("expected", ""))
            return f"“{given}” is not known. Write one of {allowed.replace(' or ', ', ')}."
        case "greater_than_equal" | "less_than_equal":
            bound = next(iter(detail.get("ctx", {}).values()))
            least = detail["type"] == "greater_than_equal"
            small, more = ("small", "more") if least else ("large", "less")
            return f"{given} is too {small}. Write {bound} or {more}."
        case "too_short":
            return f"{name} is empty. Add at least one."
        case "string_pattern_mismatch":
            return f"“{given}” does not fit. Use small letters and digits, with hyphens between words."
    wanted = detail["msg"][:1].lower() + detail["msg"][1:]
    return f"{name}: {wanted}. Write it that way."


def _nearest(place: Place) -> str:
    known = _known_keys(place[:-1])
    close = difflib.get_close_matches(str(place[-1]), known, n=1)
    if close:
        return f" Did you mean {close[0]}?"
    return f" Known keys are {', '.join(known)}." if known else " Take it out."


def _known_keys(place: Place) -> list[str]:
    """The keys of the model that the path leads to; none where it leads into a free table."""
    model: type[BaseModel] | None = Policy
    for step in place:
        if isinstance(step, int) or model is None:
            continue
        if step == "content" and model is Policy:
            model = ContentPatch
            continue
        field = model.model_fields.get(step)
        model = model_in(field.annotation) if field else None
    return list(model.model_fields) if model else []


def model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := model_in(inner))), None)


def locate(text: str, place: Place) -> int | None:
    """The line of a path in the text: its key's, or else that of the innermost table that holds it."""
    best_line, best_depth = None, 0
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _table(header[2], repeated=header[1] == "[[", counts=counts)
            path = table
        elif key := _KEY.match(line):
            path = (*table, *_split(key[1]))
        else:
            continue
        depth = len(path)
        if depth > best_depth and place[:depth] == path:
            best_line, best_depth = number, depth
    return best_line


def _table(name: str, *, repeated: bool, counts: dict[Place, int]) -> Place:
    """The path of a header, with the positions of the lists it stands in."""
    path: Place = ()
    steps = _split(name)
    for number, step in enumerate(steps, start=1):
        path = (*path, step)
        if repeated and number == len(steps):
            counts[path] = counts.get(path, -1) + 1
            for inner in [other for other in counts if len(other) > len(path) and other[: len(path)] == path]:
                del counts[inner]
        if path in counts:
            path = (*path, counts[path])
    return path


def _split(name: str) -> Place:
    return tuple(part.strip().strip("\"'") for part in name.split("."))

"""Playbooks as text: TOML in, `Policy` out, and back without loss. Format: docs/playbook-format.md."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from steadyhand.core.refusals import Refusal
from steadyhand.playbook.content import SECTIONS, Content, merge, shipped_content
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.problems import Problem, locate, problems_of

SHIPPED = ("framework", "concierge")
_FOLDER = Path(__file__).parent / "shipped"
_LONGEST_TEXT = 2_000_000

Data = dict[str, Any]
BaseFinder = Callable[[str], Data | None]
"""Finds what a playbook extends, by name: its data with `content` as `Content`; None when there is none."""


class DocumentRefused(Refusal):
    """A playbook text that cannot be read or does not hold; `problems` has each with its place and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        first = str(problems[0])
        more = f" There are {len(problems) - 1} more problems." if len(problems) > 1 else ""
        super().__init__(first + more, field=".".join(str(step) for step in problems[0].place))


@dataclass(frozen=True)
class Document:
    """A playbook, and the name of the one it extends (empty when it stands alone)."""

    policy: Policy
    extends: str = ""


def loads(text: str, *, find_base: BaseFinder | None = None) -> Document:
    """Read a playbook. Refuses with every problem found, each with its place, line and remedy."""
    if len(text) > _LONGEST_TEXT:
        raise DocumentRefused(
            (Problem((), "This file is too long for a playbook. Send the TOML text alone."),)
        )
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise DocumentRefused((Problem((), f"This is not TOML: {error}. Mend that line first."),)) from error
    problems: tuple[Problem, ...] = ()
    try:
        extends = data.pop("extends", "")
        return Document(_policy(_resolved(data, extends, find_base or shipped_data)), extends)
    except ValidationError as error:
        problems = problems_of(error)
    except DocumentRefused as refused:
        problems = refused.problems
    except ValueError as error:
        problems = (Problem(("content",), str(error)),)
    raise DocumentRefused(tuple(problem.at(locate(text, problem.place)) for problem in problems))


def dumps(document: Document | Policy, *, find_base: BaseFinder | None = None) -> str:
    """Write a playbook so that `loads` gives the same. One that extends another writes what differs only."""
    if isinstance(document, Policy):
        document = Document(document)
    full = _policy_data(document.policy)
    data = full
    if document.extends and (base := (find_base or shipped_data)(document.extends)) is not None:
        patch = _difference(base, full, document.policy.content)
        if _holds(patch, base, document.policy):
            data = {"extends": document.extends, **patch}
    return tomli_w.dumps(data, multiline_strings=not _has_carriage_return(data))


@lru_cache
def shipped(name: str) -> Document:
    """A playbook that ships: “framework” or “concierge”. Refuses another name."""
    if name not in SHIPPED:
        raise Refusal(
            f"No playbook called “{name}” ships.",
            remedy=f"Choose one of {', '.join(SHIPPED)}.",
            field="playbook",
        )
    data = shipped_data(name)
    assert data is not None  # noqa: S101
    return Document(_policy(data), "base")


def shipped_data(name: str) -> Data | None:
    """The data of a shipped playbook, or of the base that both extend; None for another name."""
    if name not in (*SHIPPED, "base"):
        return None
    data = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    extends = data.pop("extends", "")
    if extends:
        data = _resolved(data, extends, shipped_data)
    return {**data, "content": shipped_content(name)}


def _resolved(data: Data, extends: Any, find_base: BaseFinder) -> Data:
    """The data with its base beneath it; what is merged how is in docs/playbook-format.md."""
    if not extends:
        return data
    base = find_base(extends) if isinstance(extends, str) else None
    if base is None:
        known = ", ".join(("base", *SHIPPED))
        raise DocumentRefused(
            (Problem(("extends",), f"There is no playbook “{extends}” to extend. Write one of {known}."),)
        )
    data = dict(data)
    without = data.pop("without", [])
    patch = data.pop("content", {})
    base = dict(base)
    base_content = base.pop("content", Content())
    try:
        content = merge(base_content, patch) if patch else base_content
    except ValidationError as error:
        raise DocumentRefused(tuple(problem.inside("content") for problem in problems_of(error))) from error
    return {**_merged(_without(base, without), data), "content": content}


def _merged(base: Mapping[str, Any], patch: Mapping[str, Any]) -> Data:
    """Tables merge key by key; every other value, lists among them, replaces the base's."""
    both = dict(base)
    for key, value in patch.items():
        below = both.get(key)
        nested = isinstance(value, Mapping) and isinstance(below, Mapping)
        both[key] = _merged(below, value) if nested and below is not None else value
    return both


def _without(base: Data, paths: Any) -> Data:
    """The base without what the patch takes out, each named by its dotted path."""
    if not isinstance(paths, list):
        raise DocumentRefused((Problem(("without",), "Write `without` as a list of names in quotes."),))
    for path in paths:
        *tables, key = str(path).split(".")
        base = dict(base)
        inner = base
        for table in tables:
            below = inner.get(table)
            inner[table] = dict(below) if isinstance(below, Mapping) else {}
            inner = inner[table]
        if key not in inner:
            raise DocumentRefused(
                (Problem(("without",), f"The base has no “{path}” to take out. Remove it from `without`."),)
            )
        del inner[key]
    return base


def _policy(data: Data) -> Policy:
    return Policy.model_validate(data)


def data_of(policy: Policy) -> Data:
    """A policy as something to extend: plain tables, and `content` as `Content`."""
    return {**policy.model_dump(exclude_none=True, exclude={"content"}), "content": policy.content}


def _policy_data(policy: Policy) -> Data:
    data = policy.model_dump(exclude_none=True, exclude={"content"})
    content = policy.content.model_dump(exclude_defaults=True)
    return {**_written(data), "content": _written(content)}


def _written(value: Any) -> Any:
    """A value as TOML holds it: whole money without decimals, lists for tuples, text for names."""
    if isinstance(value, Mapping):
        return {str(key): _written(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_written(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    return str(value) if isinstance(value, str) else value


def _difference(base: Data, full: Data, content: Content) -> Data:
    """What to write above the base to get the full playbook."""
    below = _written({key: value for key, value in base.items() if key != "content"})
    above = {key: value for key, value in full.items() if key != "content"}
    gone: list[str] = []
    patch = _table_difference(below, above, "", gone)
    content_patch = _content_difference(base.get("content", Content()), content, full["content"])
    if gone:
        patch = {"without": gone, **patch}
    return {**patch, "content": content_patch} if content_patch else patch


def _table_difference(below: Data, above: Data, prefix: str, gone: list[str]) -> Data:
    patch: Data = {}
    gone += [prefix + key for key in below if key not in above]
    for key, value in above.items():
        under = below.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            if inner := _table_difference(under, value, f"{prefix}{key}.", gone):
                patch[key] = inner
        elif under != value or type(under) is not type(value):
            patch[key] = value
    return patch


def _content_difference(base: Content, content: Content, written: Data) -> Data:
    patch: Data = {}
    removed: list[str] = []
    for section in SECTIONS:
        before = {entry.key: entry for entry in getattr(base, section)}
        after = {entry.key: entry for entry in getattr(content, section)}
        removed += [f"{section}.{key}" for key in before if key not in after]
        changed = [item for item in written.get(section, []) if before.get(item["key"]) != after[item["key"]]]
        if changed:
            patch[section] = changed
    return {"remove": removed, **patch} if removed else patch


def _holds(patch: Data, base: Data, policy: Policy) -> bool:
    """Whether the patch over the base gives exactly the policy (it cannot when entries are reordered)."""
    try:
        return _policy(_resolved(patch, "base", lambda _: base)) == policy
    except (ValueError, Refusal):
        return False


def _has_carriage_return(value: Any) -> bool:
    """TOML's long strings would fold them into plain line ends."""
    if isinstance(value, dict):
        return any(_has_carriage_return(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_carriage_return(item) for item in value)
    return isinstance(value, str) and "\r" in value

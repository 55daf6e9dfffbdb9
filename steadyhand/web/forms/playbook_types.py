"""What a place in a playbook's form holds, by the types of the policy."""

from __future__ import annotations

from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from steadyhand.playbook.content import Role
from steadyhand.playbook.policy import Policy

Flat = dict[str, str]
"""A form as a browser sends it: dotted paths and texts."""

#: More entries than this in one list are not a playbook's.
MOST_ROWS = 300
KEY_LENGTH = 60
#: Set by position or kept out of forms: a check for readers of the text.
POSITION, HIDDEN = {"number"}, {"starts_at"}
#: What a ticked box sends.
ON = "on"


def annotation_of(part: str) -> Any:
    model: Any = Policy
    *heads, last = part.split(".")
    for step in heads:
        model = bare(model.model_fields[step].annotation)[0]
    return whole(model.model_fields[last])


def annotation_at(name: str) -> Any:
    """The annotation of any place in a form; of nothing, `None`."""
    found: Any = Policy
    for step in name.split("."):
        inner = bare(found)[0]
        if step.isdigit():
            found = row_model(inner)
        elif is_model(inner) and step in inner.model_fields:
            found = whole(inner.model_fields[step])
        else:
            return None
    return found


def whole(info: Any) -> Any:
    return info.annotation


def bare(annotation: Any) -> tuple[Any, bool]:
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


def is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def row_model(annotation: Any) -> type[BaseModel]:
    """What a list of parts holds; BaseModel itself for anything else."""
    if get_origin(bare(annotation)[0]) is tuple:
        inner = bare(get_args(bare(annotation)[0])[0])[0]
        if is_model(inner):
            return inner  # type: ignore[no-any-return]
    return BaseModel


def is_grid(annotation: Any) -> bool:
    keys, inner = get_args(annotation)
    return keys is Role and get_origin(bare(inner)[0]) is tuple


def count_of(flat: Flat, name: str) -> int:
    count = flat.get(f"{name}.#", "0")
    return min(int(count), MOST_ROWS) if count.isdigit() and len(count) < KEY_LENGTH else 0


def said(item: Enum) -> str:
    return str(item.value).replace("_", " ").capitalize()

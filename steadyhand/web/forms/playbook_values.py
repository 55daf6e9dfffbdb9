"""A part of a policy as what a browser sends, and back to data for the policy to check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_origin

from django.utils.text import slugify
from pydantic import BaseModel

from steadyhand.playbook.responsibilities import Responsibility
from steadyhand.playbook.texts import Entry
from steadyhand.web.forms.playbook_types import (
    HIDDEN,
    KEY_LENGTH,
    ON,
    POSITION,
    Flat,
    bare,
    count_of,
    is_grid,
    is_model,
    row_model,
    whole,
)

MISSING: Any = object()


def write(annotation: Any, value: Any, name: str, flat: Flat) -> None:
    """A value as what a browser would send."""
    inner, optional = bare(annotation)
    if is_model(inner):
        if value is None:
            return
        if optional:
            flat[f"{name}.has"] = ON
        for step, info in inner.model_fields.items():
            if step not in HIDDEN | POSITION:
                write(whole(info), getattr(value, step), f"{name}.{step}", flat)
    elif (row := row_model(inner)) is not BaseModel:
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
        if is_grid(annotation):
            flat[f"{name}.{key}"] = ON
            flat.update({f"{name}.{key}.{item}": ON for item in value})
        else:
            write(inner, value, f"{name}.{key}", flat)


def _text(annotation: Any, value: Any) -> str:
    if isinstance(value, tuple):
        item = get_args(annotation)[0]
        joint = "\n" if bare(item)[0] is str else ", "
        return joint.join(_plain(part) for part in value)
    return str(value.value) if isinstance(value, Enum) else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.0f}" if value == value.to_integral_value() else str(value)
    return str(value.value).replace("_", " ") if isinstance(value, Enum) else str(value)


def read(annotation: Any, name: str, flat: Flat) -> Any:
    """What was typed, as data for the policy to check; `MISSING` where a needed value was left empty."""
    inner, optional = bare(annotation)
    if is_model(inner):
        if optional and f"{name}.has" not in flat:
            return None
        return _read_model(inner, name, flat)
    if (row := row_model(inner)) is not BaseModel:
        return [_read_row(row, f"{name}.{number}", flat, number) for number in range(count_of(flat, name))]
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
        step: read(whole(info), f"{name}.{step}", flat)
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
    if is_grid(annotation):
        return {
            key.value: [item.value for item in Responsibility if f"{name}.{key.value}.{item.value}" in flat]
            for key in keys
            if f"{name}.{key.value}" in flat
        }
    rows = {key.value: read(inner, f"{name}.{key.value}", flat) for key in keys}
    return {key: value for key, value in rows.items() if value}


def _read_items(annotation: Any, typed: str) -> list[Any]:
    inner = bare(get_args(annotation)[0])[0]
    pieces = [piece.strip() for piece in re.split("\n" if inner is str else r"[,;\n]", typed)]
    pieces = [piece for piece in pieces if piece]
    if inner is int:
        return [int(piece) if piece.isdigit() else piece for piece in pieces]
    return [piece.lower().replace(" ", "_") for piece in pieces] if inner is not str else pieces

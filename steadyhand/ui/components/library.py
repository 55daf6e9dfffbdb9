"""The one tag library that every component registers with, and how the busiest components write HTML.

A list page draws hundreds of acts, menus and rows: those three are written here by hand, because a
template each would cost most of the page's time.
"""

from __future__ import annotations

import html
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def element(tag: str, *inside: Any, attrs: dict[str, Any] | None = None, **named: Any) -> SafeString:
    """An HTML element; what is not known to be safe is escaped.

    Attributes that are None, False or "" are left out, True stands alone; `cls` is `class` and an
    underscore in a name is a hyphen. Empty `inside` parts are left out.
    """
    pairs = {"class" if name == "cls" else name.replace("_", "-"): value for name, value in named.items()}
    written = "".join(_attribute(name, value) for name, value in (pairs | (attrs or {})).items())
    content = "".join(_written(part) for part in inside if part is not None and part is not False)
    closing = "" if tag == "input" else f"{content}</{tag}>"
    return mark_safe(f"<{tag}{written}>{closing}")  # noqa: S308  # every part was escaped above


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False or value == "":
        return ""
    return f" {name}" if value is True else f' {name}="{_written(value)}"'


def _written(value: Any) -> str:
    """Django's `conditional_escape` without its wrapper for lazy text, which costs more than the escaping."""
    return str(value.__html__()) if hasattr(value, "__html__") else html.escape(str(value))


def classes(*names: object) -> str:
    """The names that apply, for `class`."""
    return " ".join(name for name in names if isinstance(name, str) and name)

"""Forms of clients in words. No word names an answer: what finance asks for is finance's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]


def _form(data: dict[str, Any]) -> str:
    return f"“{data.get('title', '')}”"


def _taken(data: dict[str, Any]) -> Told:
    taken, left = int(data.get("taken", 0)), int(data.get("left", 0))
    count = "1 answer" if taken == 1 else f"{taken} answers"
    return (
        "Form taken over",
        _form(data),
        f"{count} put on the record" + (f", {left} left out" if left else ""),
    )


OF_FORMS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "form.sent": lambda d: ("Form sent", f"{_form(d)} to {d.get('to', '')}", ""),
    "form.link_sent": lambda d: ("Link to a form sent again", f"{_form(d)} to {d.get('to', '')}", ""),
    "form.renewed": lambda d: ("Form brought up to date", f"{_form(d)}, version {d.get('number', '')}", ""),
    "form.withdrawn": lambda d: ("Form withdrawn", _form(d), ""),
    "form.begun": lambda d: ("Form begun", _form(d), ""),
    "form.picked": lambda d: ("One of two answers picked", _form(d), ""),
    "form.section_handed": lambda d: (
        "Part of a form handed on",
        f"“{d.get('section', '')}” to {d.get('to', '')}",
        str(d.get("title", "")),
    ),
    "form.section_taken_back": lambda d: (
        "Part of a form taken back",
        f"“{d.get('section', '')}” from {d.get('to', '')}",
        str(d.get("title", "")),
    ),
    "form.terms_agreed": lambda d: ("Terms agreed", f"with {_form(d)}", ""),
    "form.returned": lambda d: ("Form returned", f"{_form(d)}, by {d.get('name', '')}", ""),
    "form.reopened": lambda d: ("Form opened again", _form(d), ""),
    "form.taken_over": _taken,
}

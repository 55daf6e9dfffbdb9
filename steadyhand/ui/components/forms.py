"""Fields tied to their hints and errors; filter bars."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from steadyhand.ui.components.library import register


@register.simple_tag
def field(bound: BoundField, hint: str = "", label: str = "") -> SafeString:
    """A form field with label, hint and error, tied together for screen readers."""
    if bound.is_hidden:
        return format_html("{}{}", bound, bound.errors)
    widget = bound.field.widget
    is_check = isinstance(widget, CheckboxInput)
    help_text = hint or bound.help_text
    described = [
        f"{bound.auto_id}_helptext" if help_text else "",
        f"{bound.auto_id}_error" if bound.errors else "",
    ]
    attrs: dict[str, str | bool] = (
        {"aria-describedby": " ".join(part for part in described if part)} if any(described) else {}
    )
    return render_to_string(
        "ui/field.html",
        {
            "field": bound,
            "control": bound.as_widget(attrs=attrs),
            "label": label or bound.label,
            "hint": help_text,
            "described_by": attrs.get("aria-describedby", ""),
            "is_check": is_check,
            "is_group": bound.use_fieldset,
        },
    )


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = "") -> SafeString:
    """The `<option>`s of (value, words), written by hand: a list of everybody who works here may be long."""
    wanted = "" if chosen is None else escape(str(chosen))
    written = []
    for value, words in choices:
        said = str(value) if isinstance(value, int) else escape(str(value))
        mark = " selected" if said == wanted else ""
        written.append(f'<option value="{said}"{mark}>{escape(str(words))}</option>')
    return mark_safe("".join(written))  # noqa: S308  # every part was escaped


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """All of a form: what is wrong with it as a whole, then each field."""
    return format_html(
        "{}{}", form_errors(form), format_html_join("", "{}", ((field(form[name]),) for name in form.fields))
    )


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """A banner above the form: its own errors, and a link to each wrong field. Empty when all is well."""
    if not form.errors:
        return mark_safe("")
    wrong = [form[name] for name in form.fields if name in form.errors]
    return render_to_string("ui/form_errors.html", {"form": form, "wrong": wrong})


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, target: str = "", label: str = "Filter") -> SafeString:
    """A filter bar: a GET form whose address is the view. With `target` that part follows as one types."""
    request = context.get("request")
    return render_to_string(
        "ui/filters.html",
        {"content": content, "target": target, "label": label, "url": request.path if request else ""},
    )

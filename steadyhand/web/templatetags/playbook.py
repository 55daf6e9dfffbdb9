"""Texts of the playbook, shown as a client would get them."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from steadyhand.desk.playbook_chapters import filled as spans_of

register = template.Library()


@register.filter
def filled(text: str) -> SafeString:
    """The text with an example for each merge field, marked and named on hover."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="merge" title="{}">{}</span>', span.field, span.text),)
            if span.field
            else (span.text,)
            for span in spans_of(text)
        ),
    )

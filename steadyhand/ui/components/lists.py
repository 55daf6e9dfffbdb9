"""Rows, tables, matrices, calendar cells, tabs, timelines, differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from steadyhand.ui.components import marks
from steadyhand.ui.components.library import classes, element, register


@register.simple_block_tag
def row(
    content: str,
    title: str,
    *,
    text: str = "",
    url: str = "",
    note: str = "",
    when: str = "",
    late: bool = False,
    health: str = "",
    tag: str = "",
    id: object = "",
    done: bool = False,
    pick: object = "",
    pick_name: str = "pick",
) -> SafeString:
    """One row, as <li> in `<ul class="rows__list">` within `.rows`; its actions stand between the tags.

    Options: `text` after the title, `url` (Enter opens it), `note` (second line), `when` (text, or a
    `{% when … as x %}`), `late`, `health`, `tag`, `id`, `done`, `pick` (value of a checkbox named
    `pick_name`, else “pick”).
    """
    mark = marks.health(health, quiet=True) if health else ""
    words = (element("span", title, cls="row__title"), " ", text)
    return element(
        "li",
        pick
        and element(
            "input",
            type="checkbox",
            cls="row__pick",
            name=pick_name,
            value=pick,
            aria_label=f"Select {title} {text}".strip(),
        ),
        when
        and element(
            "span",
            when,
            late and element("span", ", overdue", cls="visually-hidden"),
            cls=classes("row__when", late and "row__when--late"),
        ),
        when and mark,
        element(
            "div",
            "" if when else mark,
            *([element("a", *words, href=url)] if url else words),
            note and element("span", note, cls="row__note"),
            cls="row__what",
        ),
        tag and element("span", element("span", tag, cls="tag"), cls="row__tags"),
        element("div", content, cls="row__do"),
        cls=classes("row", not when and "row--plain", pick and "row--select", done and "row--done"),
        id=id,
        data_row=True,
        tabindex="-1",
    )


@register.simple_block_tag
def table(
    content: str, label: str, cards: bool = False, tall: bool = False, matrix: bool = False
) -> SafeString:
    """A table in a region that scrolls by itself, head sticky.

    `cards`: on a phone each row becomes a card (give cells `data-label`); `tall`: scrolls within 75% of
    the window; `matrix`: bands across, the first column stays.
    """
    return render_to_string(
        "ui/table.html", {"content": content, "label": label, "cards": cards, "tall": tall, "matrix": matrix}
    )


@register.simple_tag
def tabs(items: Sequence[Mapping[str, Any]], label: str = "Parts") -> SafeString:
    """Links between the parts of a page: list of {label, url, current, count, folded: behind “More”}."""
    folded = [item for item in items if item.get("folded") and not item.get("current")]
    shown = [item for item in items if item not in folded]
    return render_to_string("ui/tabs.html", {"items": shown, "folded": folded, "label": label})


@register.simple_tag
def pager(newer: str = "", older: str = "", said: str = "", target: str = "") -> SafeString:
    """“Newer” and “Older”, by key, not by page number; empty when there is neither."""
    if not (newer or older or said):
        return mark_safe("")
    return render_to_string("ui/pager.html", {"newer": newer, "older": older, "said": said, "target": target})


@register.simple_block_tag
def item(content: str, at: Any = "", note: str = "", rest: str = "") -> SafeString:
    """One thing that happened, as <li> in `<ol class="timeline">`. `at` is text or a `{% when … as at %}`.

    `rest` is what a long note goes on with, once somebody asks to read on.
    """
    unfolded = '<details class="timeline__rest"><summary class="linkbtn">Read on</summary><p>{}</p></details>'
    return format_html(
        '<li><span class="timeline__when">{}</span><div class="timeline__what"><p>{}</p>{}{}</div></li>',
        at,
        mark_safe(content),  # noqa: S308
        format_html('<p class="timeline__note">{}</p>', note) if note else "",
        format_html(unfolded, rest) if rest else "",
    )


@register.simple_tag
def difference(subject: str, before: Any, after: Any) -> SafeString:
    """Before and after of one thing, in `<dl class="differences">`; None or "" is nothing there."""
    return render_to_string("ui/difference.html", {"subject": subject, "before": before, "after": after})


@register.inclusion_tag("ui/matrix.html")
def bands(
    label: str,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    current: int = -1,
    caption: str = "",
) -> dict[str, Any]:
    """A matrix from data: `rows` = [{label, cells: [{text, was, rows, columns}]}]; `was`: what it replaces.

    `rows` and `columns` in a cell are its spans; `current` marks the band (0-based) that applies.
    """
    return {"label": label, "columns": columns, "rows": rows, "current": current, "caption": caption}


@register.inclusion_tag("ui/calendar_cell.html")
def calendar_cell(day: Mapping[str, Any]) -> dict[str, Any]:
    """A day as <td> in `<table class="calendar">`.

    `day`: date, today, outside (other month), off (weekend or holiday), note (“Boxing Day”),
    entries [{text, url, time, state: done|late, title}], more (how many are not shown), more_url.
    """
    return {"day": day}

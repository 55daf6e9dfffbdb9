"""The components as template tags: `{% load ui %}`, then one look everywhere. `/styleguide/` shows them all.

Tags with an end tag (`{% row %}…{% endrow %}`) put what stands between them inside.
What is one element with a class needs no tag: `class="btn btn--do"`, `class="tag"`, `class="card"`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField, CheckboxInput
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import heroicon_mini, heroicon_outline

from steadyhand.core import clock
from steadyhand.core.money import Money, show
from steadyhand.ui import formats

register = template.Library()

PREFERENCES = {"theme": {"light", "dark"}, "density": {"compact"}, "shortcuts": {"off"}}
HEALTH = {
    "well": ("well", "Well"),
    "green": ("well", "Well"),
    "watch": ("watch", "Watch"),
    "amber": ("watch", "Watch"),
    "act": ("act", "Act"),
    "red": ("act", "Act"),
}
BANNERS = {
    "note": "information-circle",
    "well": "check-circle",
    "watch": "exclamation-triangle",
    "act": "exclamation-circle",
}


# Frame


@register.simple_tag(takes_context=True)
def preferences(context: Context) -> SafeString:
    """Attributes of <html>: data-theme, data-density, data-shortcuts, from the reader's cookies."""
    request = context.get("request")
    chosen = {
        name: request.COOKIES.get(f"steadyhand_{name}") if request else None
        for name, allowed in PREFERENCES.items()
    }
    return format_html_join("", ' data-{}="{}"', ((n, v) for n, v in chosen.items() if v in PREFERENCES[n]))


@register.simple_tag(takes_context=True)
def toast(context: Context, message: Message) -> SafeString:
    """A Django message as a toast; `ui.toasts.toast` gives it its Undo."""
    _, _, how = (message.extra_tags or "").partition("undo:")
    method, _, undo = how.partition(":")
    return render_to_string(
        "ui/toast.html",
        {
            "text": message.message,
            "level": message.level_tag,
            "undo": undo,
            "method": method,
            "csrf_token": context.get("csrf_token"),
        },
    )


# Marks


@lru_cache(maxsize=256)
def _svg(name: str, small: bool, label: str) -> SafeString:
    attrs = {"class": "icon icon--small" if small else "icon", "aria-hidden": "false" if label else "true"}
    if label:
        attrs |= {"role": "img", "aria-label": label}
    drawn = heroicon_mini(name, size=16, **attrs) if small else heroicon_outline(name, size=20, **attrs)
    return mark_safe(drawn)  # noqa: S308


@register.simple_tag
def icon(name: str, label: str = "", small: bool = False) -> SafeString:
    """A heroicon by name (heroicons.com), drawn inline. Decoration unless it has a `label`."""
    return _svg(name, small, label)


@register.simple_tag
def health(mark: str, word: str = "", quiet: bool = False) -> SafeString:
    """● Well, ▲ Watch, ■ Act: always a shape and a word. `quiet` keeps the word for screen readers and hover.

    Takes well / watch / act or green / amber / red; anything else is an open ring, “Not known”.
    """
    kind, usual = HEALTH.get(mark, ("unknown", "Not known"))
    said = word or usual
    if quiet:
        return format_html(
            '<span class="health health--{}" title="{}"><span class="visually-hidden">{}</span></span>',
            kind,
            said,
            said,
        )
    return format_html('<span class="health health--{}">{}</span>', kind, said)


register.filter("initials", formats.initials)


@register.simple_tag
def face(person: Any, note: str = "", kind: str = "") -> SafeString:
    """Initials in a circle, the name on hover. `kind`: none (not met, dashed), large."""
    name = str(getattr(person, "name", person))
    said = f"{name}, {note}" if note else name
    return format_html(
        '<span class="face{}" role="img" aria-label="{}" title="{}">{}</span>',
        f" face--{kind}" if kind else "",
        said,
        said,
        formats.initials(name),
    )


@register.simple_tag
def avatars(people: Iterable[Any], most: int = 4) -> SafeString:
    """A stack of faces; beyond `most` the rest are counted and named on hover."""
    everyone = list(people)
    shown, rest = (everyone, []) if len(everyone) <= most else (everyone[: most - 1], everyone[most - 1 :])
    faces = format_html_join("", "{}", ((face(person),) for person in shown))
    if rest:
        names = ", ".join(str(getattr(person, "name", person)) for person in rest)
        faces += format_html(
            '<span class="face face--more" role="img" aria-label="and {}" title="{}">+{}</span>',
            names,
            names,
            len(rest),
        )
    return format_html('<span class="faces">{}</span>', faces)


# Values


@register.filter
def money(amount: Decimal | int | Money | None, currency: str = "") -> str:
    """“£2,400”: `{{ amount|money:currency }}`, or a `core.money.Money` alone; pence only where there are any."""
    if amount is None or amount == "":
        return ""
    if isinstance(amount, Money):
        return show(amount.amount, amount.currency)
    return show(Decimal(amount), currency or "GBP")


register.filter("duration", formats.duration)


def reader_zone(context: Context) -> dt.tzinfo:
    """The reader's zone: `reader_zone` in the context, else of the request's member, else the one activated."""
    member = getattr(context.get("request"), "member", None)
    zone = context.get("reader_zone") or getattr(member, "zone", None)
    if isinstance(zone, str) and zone:
        return clock.zone_info(zone)
    return zone or timezone.get_current_timezone()


@register.simple_tag(takes_context=True)
def when(
    context: Context, value: dt.date | None, length: formats.Length = "short", zone: Any = None
) -> SafeString:
    """A date or moment in the reader's zone, the relative one on hover.

    `length`: short “Thu 26 Nov, 10:00”, day, time, long. `zone` is where the thing happens: where clocks
    differ there, the reader's zone is named and the hover gives the time over there. Empty for None.
    """
    if value is None:
        return mark_safe("")
    here = reader_zone(context)
    now = clock.now()
    today = now.astimezone(here).date()
    if not isinstance(value, dt.datetime):
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            value.isoformat(),
            formats.relative_day(value, today),
            formats.day_text(value, today, length),
        )
    local = value.astimezone(here)
    there = clock.zone_info(zone) if isinstance(zone, str) and zone else zone
    named, elsewhere = "", ""
    if there and value.astimezone(there).utcoffset() != local.utcoffset():
        named = "" if length == "day" else f" ({formats.place(here)})"
        elsewhere = f"{formats.moment_text(value.astimezone(there), today)} in {formats.place(there)}"
    hover = " · ".join(part for part in (formats.relative(value, now, today, here), elsewhere) if part)
    return format_html(
        '<time datetime="{}" title="{}" data-relative{}>{}{}</time>',
        value.isoformat(),
        hover,
        format_html(' data-elsewhere="{}"', elsewhere) if elsewhere else "",
        formats.moment_text(local, today, length),
        named,
    )


# Doing


@register.simple_tag(takes_context=True)
def act(context: Context, label: str, url: str, **options: Any) -> SafeString:
    """A button that acts by POST, as a form: works without JavaScript, swaps with it.

    Options: `kind` (do, quiet, danger), `method` (post; put, patch and delete need JavaScript), `key` (single-key
    shortcut), `target` and `swap` (htmx; without a target the page answers as a whole), `icon`, `name` and `value`
    (one hidden field), `small`, `menu` (plain button for a menu), `title` (what a screen reader hears instead).
    """
    return render_to_string(
        "ui/act.html",
        {"label": label, "url": url, "csrf_token": context.get("csrf_token"), "method": "post", **options},
    )


@register.simple_block_tag
def menu(content: str, label: str = "More", text: str = "", icon: str = "", side: str = "") -> SafeString:
    """⋯ with links and `{% act … menu=True %}` inside. `text` shows a word instead of dots; `side`: start, up."""
    return render_to_string(
        "ui/menu.html", {"content": content, "label": label, "text": text, "icon": icon, "side": side}
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str, drawer: bool = False) -> SafeString:
    """A native <dialog> on the page; `data-dialog="#id"` on a link or button opens it. `drawer` puts it at the side."""
    return render_to_string(
        "ui/dialog.html", {"content": content, "id": id, "title": title, "drawer": drawer}
    )


@register.simple_block_tag
def sheet(content: str, title: str, id: str = "sheet") -> SafeString:
    """The inside of the page's one empty dialog: answer with it to `hx-target="#sheet"` and the dialog opens."""
    return render_to_string("ui/sheet.html", {"content": content, "id": id, "title": title})


# Forms


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
    attrs = {"aria-describedby": " ".join(part for part in described if part)} if any(described) else {}
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
def fields(form: BaseForm) -> SafeString:
    """All of a form: what is wrong with it as a whole, then each field."""
    return format_html(
        "{}{}", form_errors(form), format_html_join("", "{}", ((field(form[name]),) for name in form.fields))
    )


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """A banner above the form: its own errors, and a link to each field that has one. Empty when all is well."""
    if not form.errors:
        return mark_safe("")
    wrong = [form[name] for name in form.fields if name in form.errors]
    return render_to_string("ui/form_errors.html", {"form": form, "wrong": wrong})


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, target: str = "", label: str = "Filter") -> SafeString:
    """A filter bar: a GET form whose address is the view. With `target` it refreshes that part as one types."""
    request = context.get("request")
    return render_to_string(
        "ui/filters.html",
        {"content": content, "target": target, "label": label, "url": request.path if request else ""},
    )


# Lists


@register.simple_block_tag
def row(content: str, title: str, **options: Any) -> SafeString:
    """One row of a list, as <li> in `<ul class="rows__list">` within `.rows`; its actions stand between the tags.

    Options: `text` after the title, `url` (Enter opens it), `note` (second line), `when` (text or `{% when as %}`),
    `late`, `health`, `tag`, `id`, `done`, `pick` (value of a checkbox named `pick_name`, default "pick").
    """
    return render_to_string(
        "ui/row.html", {"content": content, "title": title, "pick_name": "pick", **options}
    )


@register.simple_block_tag
def table(
    content: str, label: str, cards: bool = False, tall: bool = False, matrix: bool = False
) -> SafeString:
    """A table in a region that scrolls by itself, head sticky.

    `cards`: on a phone each row becomes a card (give cells `data-label`); `tall`: scrolls within 75 % of the window;
    `matrix`: bands across, the first column stays.
    """
    return render_to_string(
        "ui/table.html", {"content": content, "label": label, "cards": cards, "tall": tall, "matrix": matrix}
    )


@register.simple_tag
def tabs(items: Sequence[Mapping[str, Any]], label: str = "Parts") -> SafeString:
    """Links between the parts of a page: list of {label, url, current, count}."""
    return render_to_string("ui/tabs.html", {"items": items, "label": label})


@register.simple_tag
def pager(newer: str = "", older: str = "", said: str = "", target: str = "") -> SafeString:
    """“Newer” and “Older”, by key, not by page number; empty when there is neither."""
    if not (newer or older or said):
        return mark_safe("")
    return render_to_string("ui/pager.html", {"newer": newer, "older": older, "said": said, "target": target})


@register.simple_block_tag
def item(content: str, at: Any = "", note: str = "") -> SafeString:
    """One thing that happened, as <li> in `<ol class="timeline">`. `at` is text or a `{% when … as at %}`."""
    return format_html(
        '<li><span class="timeline__when">{}</span><div class="timeline__what"><p>{}</p>{}</div></li>',
        at,
        mark_safe(content),  # noqa: S308
        format_html('<p class="timeline__note">{}</p>', note) if note else "",
    )


@register.simple_tag
def difference(subject: str, before: Any, after: Any) -> SafeString:
    """Before and after of one thing, in `<dl class="differences">`; None or "" on a side reads as nothing there."""
    return render_to_string("ui/difference.html", {"subject": subject, "before": before, "after": after})


# Saying


@register.simple_block_tag
def banner(content: str, kind: str = "note") -> SafeString:
    """A sentence above the page that stays: note, well, watch, act."""
    drawn = _svg(BANNERS[kind], False, "")
    return format_html(
        '<div class="banner banner--{}">{}<div>{}</div></div>', kind, drawn, mark_safe(content)
    )  # noqa: S308


@register.simple_tag
def empty(sentence: str, action: str = "", url: str = "", icon: str = "") -> SafeString:
    """An empty page: what goes here, and the one next step."""
    return render_to_string(
        "ui/empty.html", {"sentence": sentence, "action": action, "url": url, "icon": icon}
    )


@register.simple_tag
def skeleton(lines: int = 3) -> SafeString:
    """Grey lines while a part loads; invisible for the first 300 ms."""
    drawn = mark_safe("<span></span>" * lines)  # noqa: S308
    return format_html('<div class="skeleton" role="status" aria-label="Loading">{}</div>', drawn)


@register.simple_tag
def allowance(label: str, used: float, total: float, unit: str = "minutes") -> SafeString:
    """How much of an allowance is used: “20 m of 2 h”. `unit`: minutes, or a currency code, or a word."""
    return render_to_string(
        "ui/allowance.html",
        {
            "label": label,
            "used": used,
            "total": total,
            "most": max(float(total), 1),
            "nearly": float(total) * 0.85,
            "over": used > total,
            "used_text": _amount(used, unit),
            "total_text": _amount(total, unit),
        },
    )


def _amount(value: float, unit: str) -> str:
    if unit == "minutes":
        return formats.duration(value)
    if len(unit) == 3 and unit.isupper():
        return show(Decimal(str(value)), unit)
    return f"{value:g} {unit}"


@register.simple_tag
def progress(label: str, done: int, total: int | None, poll: str = "", note: str = "") -> SafeString:
    """Work with counts: “1,200 of 10,000”. `poll` is asked each second and answers with this tag again.

    The answer that says it is finished leaves `poll` out, and the asking stops. `total` None: not known yet.
    """
    counted = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    return render_to_string(
        "ui/progress.html",
        {"label": label, "done": done, "total": total, "counted": counted, "poll": poll, "note": note},
    )


@register.inclusion_tag("ui/matrix.html")
def bands(
    label: str,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    current: int = -1,
    caption: str = "",
) -> dict[str, Any]:
    """A matrix from data: `rows` = [{label, cells: [{text, was, rows, columns}]}]; `was` shows what changed.

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

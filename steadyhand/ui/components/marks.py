"""Small marks: icons, health, faces. Never colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import heroicon_mini, heroicon_outline

from steadyhand.ui import formats
from steadyhand.ui.components.library import register

HEALTH = {
    "well": ("well", "Well"),
    "green": ("well", "Well"),
    "watch": ("watch", "Watch"),
    "amber": ("watch", "Watch"),
    "act": ("act", "Act"),
    "red": ("act", "Act"),
}


@lru_cache(maxsize=256)
def icon_svg(name: str, small: bool = False, label: str = "") -> SafeString:
    attrs = {"class": "icon icon--small" if small else "icon", "aria-hidden": "false" if label else "true"}
    if label:
        attrs |= {"role": "img", "aria-label": label}
    drawn = heroicon_mini(name, size=16, **attrs) if small else heroicon_outline(name, size=20, **attrs)
    return mark_safe(drawn)  # noqa: S308


@register.simple_tag
def icon(name: str, label: str = "", small: bool = False) -> SafeString:
    """A heroicon by name (heroicons.com), drawn inline. Decoration unless it has a `label`."""
    return icon_svg(name, small, label)


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

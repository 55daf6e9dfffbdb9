"""Colours that can be read: darkened or lightened until their contrast suffices (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re

from steadyhand.core.refusals import Refusal

HEX = re.compile(r"#?([0-9a-fA-F]{6})")

#: What text asks for, with a little to spare for tinted grounds.
ENOUGH = 5.0
STEPS = 100

#: The least favourable ground that the accent stands on in each theme.
LIGHT_GROUND, DARK_GROUND = "#f1efea", "#242a31"
BLACK, WHITE = "#000000", "#ffffff"


def check_colour(text: str) -> str:
    """A colour as `#rrggbb` in small letters; refuses anything else."""
    found = HEX.fullmatch(text.strip())
    if found is None:
        raise Refusal(f"“{text}” is not a colour.", remedy="Write it as #1a5fb4.", field="accent")
    return f"#{found[1].lower()}"


def contrast(one: str, other: str) -> float:
    """The ratio of two colours' luminances, 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on_light(colour: str) -> str:
    """The colour itself, or as little darker as it takes to be read on a light page."""
    return _towards(BLACK, colour, LIGHT_GROUND)


def readable_on_dark(colour: str) -> str:
    """The colour itself, or as little lighter as it takes to be read on a dark page."""
    return _towards(WHITE, colour, DARK_GROUND)


def mixed(colour: str, other: str, share: float) -> str:
    """So much (0 to 1) of the other colour mixed into the first."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _towards(end: str, colour: str, ground: str) -> str:
    for step in range(STEPS + 1):
        tried = mixed(colour, end, step / STEPS)
        if contrast(tried, ground) >= ENOUGH:
            return tried
    return end


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

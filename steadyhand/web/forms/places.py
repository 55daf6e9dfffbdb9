"""Countries, zones and currencies to choose from, by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LOCALE = Locale("en", "GB")
OFTEN = ("GBP", "EUR", "USD", "AUD", "CAD", "CHF", "NZD", "SEK", "NOK", "DKK")


class LongSelect(forms.Select):
    """A choice of hundreds, written in one go: a template for each option takes longer than the page."""

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = self.format_value(value)
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (code, SafeString(" selected") if code in chosen else "", label)
                for code, label in self.choices
            ),
        )
        written = flatatt(self.build_attrs(self.attrs, dict(attrs or {})))
        return format_html('<select name="{}"{}>\n{}\n</select>', name, written, options)


class PlaceField(forms.ChoiceField):
    """One of the lists below."""

    widget = LongSelect


@cache
def countries() -> list[tuple[str, str]]:
    """ISO 3166 codes with their English names, by name."""
    named = [(code, name) for code, name in LOCALE.territories.items() if len(code) == 2 and code.isalpha()]
    real = [(code, name) for code, name in named if code not in {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}]
    return sorted(real, key=lambda pair: pair[1])


@cache
def zones() -> list[tuple[str, str]]:
    """IANA zones that name a place."""
    areas = (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    names = sorted(name for name in available_timezones() if name.split("/", 1)[0] in areas and "/" in name)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


@cache
def currencies() -> list[tuple[str, str]]:
    """ISO 4217 codes in use somewhere, the frequent ones first."""
    uses = get_global("territory_currencies").values()
    codes = sorted({code for use in uses for code, _, end, tender in use if tender and end is None})
    known = {code: f"{code}, {LOCALE.currencies.get(code, code)}" for code in codes}
    often = [(code, known[code]) for code in OFTEN if code in known]
    return often + [(code, name) for code, name in known.items() if code not in OFTEN]

"""Countries, zones and currencies to choose from, by name."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

LOCALE = Locale("en", "GB")
OFTEN = ("GBP", "EUR", "USD", "AUD", "CAD", "CHF", "NZD", "SEK", "NOK", "DKK")


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

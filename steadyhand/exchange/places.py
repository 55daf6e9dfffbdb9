"""Countries and zones as people write them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources

from babel.core import Locale, UnknownLocaleError

#: Where a country spans several zones and the first that the zone table lists is not where most work.
_MAIN_ZONES = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
    "XK": "Europe/Belgrade",
    # Without inhabitants, and so without a row in the table:
    "BV": "Europe/Oslo",
    "HM": "Indian/Maldives",
}
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
#: Names other systems use for a country, normalised as `_plain` does.
_ALIASES = {
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "great britain": "GB",
    "usa": "US",
    "united states of america": "US",
    "america": "US",
    "korea": "KR",
    "republic of korea": "KR",
    "democratic peoples republic of korea": "KP",
    "russian federation": "RU",
    "czech republic": "CZ",
    "holland": "NL",
    "libyan arab jamahiriya": "LY",
    "lao peoples democratic republic": "LA",
    "syrian arab republic": "SY",
    "cote divoire": "CI",
    "ivory coast": "CI",
    "palestinian territory": "PS",
    "palestine": "PS",
    "holy see": "VA",
    "burma": "MM",
    "swaziland": "SZ",
    "macedonia": "MK",
    "cape verde": "CV",
    "east timor": "TL",
    "turkey": "TR",
    "brunei darussalam": "BN",
    "viet nam": "VN",
    "hong kong": "HK",
    "macao": "MO",
    "macau": "MO",
    "micronesia": "FM",
    "reunion": "RE",
    "united states minor outlying islands": "UM",
    "united states virgin islands": "VI",
    "kyrgyz": "KG",
    "kyrgyz republic": "KG",
    "slovak republic": "SK",
    "south georgia and south sandwich islands": "GS",
    "pitcairn islands": "PN",
    "pitcairn": "PN",
    "british indian ocean territory": "IO",
    "french southern territories": "TF",
    "heard island and mcdonald islands": "HM",
    "netherlands antilles": "CW",
    "congo": "CG",
    "democratic republic of the congo": "CD",
    "tanzania": "TZ",
    "bolivia": "BO",
    "venezuela": "VE",
    "moldova": "MD",
    "iran": "IR",
    "taiwan": "TW",
    "svalbard and jan mayen islands": "SJ",
}


def country_code(text: str, language: str = "en") -> str | None:
    """The ISO 3166 code of a country's name or code, in English or the agency's language; None if unknown."""
    text = text.strip()
    if len(text) == 2 and text.isascii() and text.isalpha():
        code = text.upper()
        if code in _codes():
            return code
    plain = _plain(text)
    for name in (plain, _plain(re.sub(r"\(.*?\)", "", text))):
        found = _ALIASES.get(name) or _names("en").get(name) or _names(language[:2]).get(name)
        if found:
            return found
    return None


def zone_of(country: str) -> str | None:
    """The IANA zone most of a country works in; None for a country without one."""
    return _MAIN_ZONES.get(country) or _first_zones().get(country)


def _plain(text: str) -> str:
    """Lower case without accents, signs and articles: “the St. Lucia & Co.” is “saint lucia and co”."""
    folded = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z ]", "", folded.replace("&", " and ").replace("-", " ")).split()
    return " ".join("saint" if word == "st" else word for word in words if word != "the")


@lru_cache
def _codes() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    names: dict[str, str] = {}
    for code in sorted(_codes()):
        name = territories.get(code)
        if name:
            names.setdefault(_plain(name), code)
            names.setdefault(_plain(re.sub(r"\(.*?\)", "", name)), code)
            names.setdefault(_plain(re.sub(r" SAR China$", "", name)), code)
    return names


@lru_cache
def _first_zones() -> dict[str, str]:
    """The first zone of every country in the zone table that comes with the time-zone data."""
    zones: dict[str, str] = {}
    table = resources.files("tzdata").joinpath("zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            zones.setdefault(code, zone)
    return zones

"""What a cell means: dates, amounts, currencies, countries and zones, each refused with place and remedy.

How a column writes its dates and decimals is decided once, from the whole column, and said.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from steadyhand.core import clock
from steadyhand.core.money import check_currency, parse_amount
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.places import country_code

_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_NUMBERS = re.compile(r"^(\d{1,2})([/.\- ])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,].*)?$")
_DAY_MONTH = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s\-./]*([A-Za-z]{3,9})\.?[\s,\-./]*(\d{4})$")
_MONTH_DAY = re.compile(r"^([A-Za-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?[\s,]+(\d{4})$")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_DATE_REMEDY = "Write it as 2026-03-31."
_EMAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$")
_AMOUNT = re.compile(r"^-?\d[\d\s.,'’]*$")
_DOMAIN = re.compile(r"^(?=.{1,200}$)([\w-]+\.)+[\w-]{2,}$")
_SIGNS = {"£": "GBP", "€": "EUR"}
#: Domains that many unrelated people write from, and so say nothing about a company.
FREE_MAIL = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com"),
        *("icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com"),
        *("mail.com", "yandex.com", "qq.com", "163.com"),
    }
)
_DOLLARS = frozenset({"USD", "AUD", "CAD", "NZD", "SGD", "HKD"})


@dataclass(frozen=True, slots=True)
class DateColumn:
    """How a column writes days: whether 03/04/2026 is the 3rd of April (`day_first`)."""

    heading: str
    day_first: bool = True
    why: str = ""

    @classmethod
    def of(cls, heading: str, cells: Iterable[tuple[int, str]], *, month_first_country: bool) -> DateColumn:
        """Decide from every cell of the column (with its line); where nothing tells, the country decides."""
        day_line = month_line = 0
        day_example = month_example = unclear = ""
        for line, cell in cells:
            match = _NUMBERS.match(cell)
            if not match or match[2] == ".":
                continue
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second and not day_line:
                day_line, day_example = line, cell
            elif second > 12 >= first and not month_line:
                month_line, month_example = line, cell
            elif first != second and not unclear:
                unclear = cell
        if day_line and not month_line:
            why = f"day first, because line {day_line} says {day_example}"
            return cls(heading, True, why if unclear else "")
        if month_line and not day_line:
            why = f"month first, because line {month_line} says {month_example}"
            return cls(heading, False, why if unclear else "")
        if day_line and month_line and unclear:
            return cls(
                heading,
                not month_first_country,
                f"{'month' if month_first_country else 'day'} first where both are possible ({unclear}):"
                f" the column mixes both, {day_example} on line {day_line} and {month_example}"
                f" on line {month_line}",
            )
        if unclear:
            order = "month" if month_first_country else "day"
            return cls(
                heading,
                not month_first_country,
                f"{order} first, as your agency's country writes it; {unclear} could be either",
            )
        return cls(heading, not month_first_country)

    def read(self, cell: str) -> dt.date | None:
        """The day, or None for an empty cell."""
        if not cell:
            return None
        try:
            return self._read(cell)
        except ValueError as error:
            raise Refusal(
                f"“{cell}” is not a day in the calendar.", remedy=_DATE_REMEDY, field=self.heading
            ) from error

    def _read(self, cell: str) -> dt.date:
        if match := _ISO.match(cell):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := _NUMBERS.match(cell):
            first, second, year = int(match[1]), int(match[3]), int(match[4])
            year += 2000 if len(match[4]) == 2 else 0
            day_first = self.day_first or match[2] == "."
            if (second if day_first else first) > 12:
                day_first = not day_first
            return dt.date(year, *((second, first) if day_first else (first, second)))
        if match := _DAY_MONTH.match(cell):
            return dt.date(int(match[3]), _month(match[2]), int(match[1]))
        if match := _MONTH_DAY.match(cell):
            return dt.date(int(match[3]), _month(match[1]), int(match[2]))
        raise ValueError(cell)

    def read_moment(self, cell: str, zone: str) -> dt.datetime | None:
        """A moment: with its time where the cell has one (in `zone` unless it says its own), else noon.

        Noon keeps a bare date on the same day in every zone people work in.
        """
        day = self.read(cell)
        if day is None:
            return None
        try:
            moment = dt.datetime.fromisoformat(cell)
        except ValueError:
            moment = dt.datetime.combine(day, dt.time(12))
        if len(cell) <= 10:
            moment = dt.datetime.combine(day, dt.time(12))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=clock.zone_info(zone))
        return moment.astimezone(dt.UTC)


def _month(name: str) -> int:
    try:
        return _MONTHS[name.lower()]
    except KeyError as error:
        raise ValueError(name) from error


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """How a column writes decimals: 2.400,50 where `comma_decimals`, else 2,400.50."""

    heading: str
    comma_decimals: bool = False

    @classmethod
    def of(cls, heading: str, cells: Iterable[tuple[int, str]]) -> AmountColumn:
        """Commas are decimals where a cell can mean nothing else and none means the opposite."""
        comma = point = False
        for _, cell in cells:
            comma = comma or bool(re.search(r"(\.\d{3},\d|,\d{1,2}\D*$)", cell))
            point = point or bool(re.search(r"(,\d{3}\.\d|\.\d{1,2}\D*$)", cell))
        return cls(heading, comma and not point)

    def read(self, cell: str) -> tuple[Decimal | None, str]:
        """The amount (None for an empty cell) and the currency its sign or code tells, if any."""
        if not cell:
            return None, ""
        if cell[0] in "=+@":
            raise Refusal(f"“{cell[:60]}” is a formula.", remedy="Put the number itself.", field=self.heading)
        bare, currency = _without_currency(cell)
        if bare.startswith("(") and bare.endswith(")"):
            bare = f"-{bare[1:-1]}"
        if not _AMOUNT.match(bare):
            raise Refusal(
                f"“{cell[:60]}” is not an amount of money.",
                remedy="Write digits, for instance 2400.00.",
                field=self.heading,
            )
        bare = re.sub(r"[\s'’]", "", bare)
        if self.comma_decimals:
            bare = bare.replace(".", "").replace(",", ".")
        amount = parse_amount(bare, field=self.heading)
        if amount >= Decimal(10) ** 10:
            raise Refusal(f"{cell} is too large to be right.", remedy="Check the number.", field=self.heading)
        return amount, currency


def _without_currency(cell: str) -> tuple[str, str]:
    text = cell.strip()
    for sign, code in _SIGNS.items():
        if sign in text:
            return text.replace(sign, "").strip(), code
    if "$" in text:
        return text.replace("$", "").strip(), "$"
    if match := re.match(r"^([A-Za-z]{3})\s*(\S.*)$|^(.*\S)\s*([A-Za-z]{3})$", text):
        return (match[2] or match[3]).strip(), (match[1] or match[4]).upper()
    return text, ""


def read_currency(cell: str, heading: str, *, told: str, default: str) -> str:
    """The ISO code of the currency column; empty: what the amount's sign told, else the agency's."""
    if told == "$":
        told = cell.upper() if cell.upper() in _DOLLARS else default if default in _DOLLARS else "USD"
    code = (cell or told or default).strip()
    try:
        code = check_currency(code)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, remedy=refusal.remedy, field=heading) from refusal
    if cell and told and told != code:
        raise Refusal(
            f"The amount is in {told}, the currency says {code}.",
            remedy="Correct one of the two.",
            field=heading,
        )
    return code


def read_country(cell: str, heading: str, language: str = "en") -> str:
    """The ISO code of a country's name or code; empty stays empty."""
    if not cell:
        return ""
    code = country_code(cell, language)
    if code is None:
        raise Refusal(
            f"“{cell[:60]}” is not a country we know.",
            remedy="Write its English name or its two-letter code, for instance GB.",
            field=heading,
        )
    return code


def read_zone(cell: str, heading: str) -> str:
    """The IANA name of a zone; empty stays empty."""
    if not cell:
        return ""
    try:
        return clock.zone_info(cell).key
    except Refusal as refusal:
        raise Refusal(refusal.sentence, remedy=refusal.remedy, field=heading) from refusal


def read_email(cell: str, heading: str) -> str:
    """An e-mail address in lower case; empty stays empty."""
    if not cell:
        return ""
    address = cell.strip().removeprefix("mailto:").lower()
    if not _EMAIL.match(address) or len(address) > 254:
        raise Refusal(
            f"“{cell[:60]}” is not an e-mail address.",
            remedy="Write it as name@agency.com.",
            field=heading,
        )
    return address


def read_choice(cell: str, heading: str, choices: dict[str, str]) -> str:
    """The meaning of a word among a few; refuses others and says which there are."""
    meaning = choices.get(cell.casefold())
    if meaning is None:
        known = " or ".join(sorted(set(choices.values())))
        raise Refusal(f"“{cell[:60]}” is not {known}.", remedy=f"Write {known}.", field=heading)
    return meaning


def read_domain(cell: str, heading: str) -> str:
    """The bare domain of an address (“https://www.example.com/shop” is example.com); empty stays empty."""
    text = cell.strip().lower()
    if not text:
        return ""
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        host = ""
    host = host.removeprefix("www.")
    if not _DOMAIN.match(host):
        raise Refusal(f"“{cell[:60]}” is not a domain.", remedy="Write it as example.com.", field=heading)
    return host


def or_remark(remarks: list[str], read: Callable[[str, str], str], cell: str, heading: str) -> str:
    """The cell’s value, or nothing and a remark where it cannot be right but the row can live without."""
    try:
        return str(read(cell, heading))
    except Refusal as refusal:
        remarks.append(f"{refusal.sentence} It is left empty.")
        return ""

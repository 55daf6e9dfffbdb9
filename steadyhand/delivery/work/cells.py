"""What is typed, uploaded or sent, read into values; a refusal names its column and the remedy (R3)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import RecommendationState
from steadyhand.delivery.work.lists import Lists
from steadyhand.delivery.work.tables import LENGTHS, PART, SCORES, Column, WorkTable

EARLIEST = dt.date(2000, 1, 1)
#: Days ahead for which work may be written down.
AHEAD = 366
MOST_WORDS = 1_000_000
_HOST = re.compile(r"^(?=.{1,200}$)([\w-]+\.)+[\w-]{2,}$")

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell is read with: the agency's words, and the client's today."""

    lists: Lists
    today: dt.date


def read(table: WorkTable, cells: Mapping[str, str], reading: Reading, *, blanks: bool = False) -> Values:
    """The values of the cells that are there. An empty one says nothing; with `blanks` it empties its field.

    A link's domain is taken from its address where nobody says it; parts of a score make `parts`.
    """
    values: Values = {}
    for column in table.columns:
        cell = cells.get(column.key, "").strip()
        if cell:
            values[column.key] = _read(column, cell, reading)
        elif blanks and column.key in cells and not column.needed and column.key != "state":
            values[column.key] = None if column.reads in {"score", "count"} else ""
    if "url" in values and values["url"] and table.names == "domain" and not values.get("domain"):
        values["domain"] = host_of(values["url"])
    if table is SCORES:
        values |= _parts(cells, reading, blanks)
    return values


def refuse_unfinished(table: WorkTable, values: Mapping[str, Any]) -> None:
    """A new line must say what its table needs."""
    for column in table.columns:
        if column.needed and values.get(column.key) in (None, ""):
            raise Refusal(f"{column.label} is missing.", remedy=_missing(column), field=column.key)
    if table is SCORES and values.get("score") is None and not values.get("parts"):
        raise Refusal("There is neither a score nor one of its parts.", remedy="Say one.", field="score")


def host_of(url: str) -> str:
    """The domain of an address, without www."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _read(column: Column, cell: str, reading: Reading) -> Any:
    try:
        return READERS[column.reads](cell, column, reading)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, remedy=refusal.remedy, field=column.key) from refusal


def _day(cell: str, column: Column, reading: Reading) -> dt.date:
    try:
        day = dt.date.fromisoformat(cell[:10])
    except ValueError as error:
        raise Refusal(f"“{cell[:40]}” is no day.", remedy="Write it as 2026-03-31.") from error
    if day < EARLIEST:
        raise Refusal(f"{_said(day)} is before the year 2000.", remedy="Correct the year.")
    if day > reading.today + dt.timedelta(days=AHEAD):
        raise Refusal(f"{_said(day)} is more than a year ahead.", remedy="Correct the year.")
    return day


def _text(cell: str, column: Column, reading: Reading) -> str:
    text = " ".join(cell.split())
    most = LENGTHS[column.key]
    if len(text) > most:
        raise Refusal(f"{column.label} has {len(text)} characters; {most} fit.", remedy="Say it shorter.")
    return text


def _domain(cell: str, column: Column, reading: Reading) -> str:
    text = cell.lower()
    try:
        host = (urlsplit(text if "//" in text else f"//{text}").hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    if not _HOST.match(host):
        raise Refusal(f"“{cell[:60]}” is no domain.", remedy="Write it as example.com.")
    return host


def _url(cell: str, column: Column, reading: Reading) -> str:
    text = cell if "://" in cell else f"https://{cell}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not _HOST.match(host) or parts.scheme.lower() not in {"http", "https"} or re.search(r"\s", cell):
        raise Refusal(
            f"“{cell[:60]}” is no address of a page.", remedy="Write it as https://example.com/page."
        )
    url = parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()
    if len(url) > LENGTHS["url"]:
        raise Refusal(f"The address has {len(url)} characters; {LENGTHS['url']} fit.")
    return url


def _whole(cell: str, column: Column, most: int, unit: str) -> int:
    try:
        number = float(cell.replace(",", "").replace(" ", ""))
    except ValueError as error:
        raise Refusal(f"“{cell[:40]}” is no number.", remedy=f"Write a number{unit}.") from error
    if not number >= 0:  # so that “nan” is refused as well
        raise Refusal(f"{column.label} cannot be {cell[:20]}.", remedy=f"Write a number{unit}.")
    if number > most:
        raise Refusal(f"{column.label} cannot be {cell[:20]}.", remedy=f"{most:,} is the most.")
    return round(number)


def _word(cell: str, column: Column, reading: Reading) -> str:
    return reading.lists.named(column.list, cell).word


def _state(cell: str, column: Column, reading: Reading) -> str:
    if cell.casefold() not in RecommendationState.values:
        known = ", ".join(RecommendationState.values)
        raise Refusal(f"“{cell[:40]}” is no state.", remedy=f"Write one of: {known}.")
    return cell.casefold()


def _parts(cells: Mapping[str, str], reading: Reading, blanks: bool) -> Values:
    """`parts` where a cell is one; each from 0 to 100. With `blanks` these are all there are."""
    parts: dict[str, int] = {}
    there = [key for key in cells if key.startswith(PART)]
    for key in there:
        if cell := cells[key].strip():
            try:
                word = reading.lists.named("score_part", key.removeprefix(PART)).word
                parts[word] = _whole(cell, Column(key, word.capitalize(), "score"), 100, " from 0 to 100")
            except Refusal as refusal:
                raise Refusal(refusal.sentence, remedy=refusal.remedy, field=key) from refusal
    return {"parts": parts} if parts or (blanks and there) else {}


def _missing(column: Column) -> str:
    return "Choose one of the list." if column.list else f"Fill in {column.label}."


def _said(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


READERS: Mapping[str, Callable[[str, Column, Reading], Any]] = {
    "day": _day,
    "text": _text,
    "domain": _domain,
    "url": _url,
    "word": _word,
    "state": _state,
    "score": lambda cell, column, _: _whole(cell, column, 100, " from 0 to 100"),
    "count": lambda cell, column, _: _whole(cell, column, MOST_WORDS, ""),
}

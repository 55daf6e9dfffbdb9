"""One report, several readings: what a reader sees, from what was frozen; every face draws this (R5).

The page, the PDF, the mail and the API differ in how they look and in nothing they say.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from steadyhand.core.clock import zone_info
from steadyhand.core.models import Agency
from steadyhand.reporting.models import Reading, Report, ReportKind
from steadyhand.reporting.reports.periods import named
from steadyhand.reporting.reports.plotting import Chart, charts_of


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what it is, what it was in the month and the year before, and how good that is."""

    key: str
    label: str
    shown: str
    month: str
    month_tone: str
    month_was: str
    year: str
    year_tone: str
    year_was: str
    target: str
    target_tone: str
    target_was: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A report as one reader gets it."""

    title: str
    agency: str
    client: str
    period: str
    cut_off: str
    reading: str
    commentary: str
    decision: str
    lines: list[Line]
    headline: list[dict[str, str]]
    returned: str
    charts: list[Chart]
    slices: list[dict[str, Any]]
    activity: dict[str, list[dict[str, str]]]
    renewal: dict[str, Any]
    against_month: str
    against_year: str
    small_print: list[str]
    asks_quality: bool

    def as_json(self) -> dict[str, Any]:
        """The same in plain values."""
        return asdict(self)


def composed(report: Report, reading: Reading | str) -> Composed:
    """What somebody who reads so sees of it. Draws on the report's row alone."""
    content = report.content
    short = content.get("short") or {}
    is_pack = report.kind == ReportKind.RENEWAL
    is_short = (reading == Reading.SHORT or is_pack) and bool(short.get("figures"))
    lines = [] if is_short else [_line(kept) for kept in content.get("figures", [])]
    returned = (short.get("return") or {}).get("words", "") if reading == Reading.SHORT else ""
    compared = content.get("compared") or {}
    return Composed(
        title=report.title,
        agency=Agency.get().name,
        client=report.client.name,
        period=named(report.first_day, report.last_day),
        cut_off=cut_off_words(report),
        reading=str(reading),
        commentary=report.commentary,
        decision=report.decision,
        lines=lines,
        headline=[_headline(one) for one in short.get("figures", [])] if is_short else [],
        returned=returned,
        charts=[] if reading == Reading.SHORT and not is_pack else charts_of(content),
        slices=[] if reading == Reading.SHORT else content.get("slices", []),
        activity=_activity(content),
        renewal=_renewal(content),
        against_month=compared.get("month", ""),
        against_year=compared.get("year", ""),
        small_print=_small_print(report),
        asks_quality=report.kind == ReportKind.PAID_SEARCH,
    )


def cut_off_words(report: Report) -> str:
    """“as of 27 November 2026, 09:00 (Europe/London)”."""
    at = report.cut_off.astimezone(zone_info(report.zone))
    return f"as of {at.day} {at:%B %Y, %H:%M} ({report.zone})"


def _line(kept: dict[str, Any]) -> Line:
    month, year, target = kept["month"], kept["year"], kept.get("target") or {}
    marks = [word for word in ("provisional", "sampled") if kept.get(word)]
    return Line(
        key=kept["metric"],
        label=kept["label"],
        shown=kept["shown"],
        month=month["words"],
        month_tone=month["tone"],
        month_was=month["shown"],
        year=year["words"],
        year_tone=year["tone"],
        year_was=year["shown"],
        target=target.get("words", ""),
        target_tone=target.get("tone", ""),
        target_was=target.get("shown", ""),
        marks=tuple(marks),
    )


def _activity(content: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """The week's rows, each with its day in words."""
    parts = content.get("activity") or {}
    return {
        part: [{**row, "day_words": day_words(row["day"])} for row in rows] for part, rows in parts.items()
    }


def _renewal(content: dict[str, Any]) -> dict[str, Any]:
    """The pack, with the close rates among its sentences."""
    told = content.get("renewal")
    if not told:
        return {}
    close = close_words(told)
    return {**told, "words": [*told["words"], *([close] if close else [])]}


def close_words(told: dict[str, Any]) -> str:
    """“Of the leads we brought, 24% became customers; of others, 11%.”; empty where nobody knows."""
    close = told.get("close") or {}
    if not close.get("ours"):
        return ""
    words = f"Of the leads we brought, {close['ours']}% became customers"
    return f"{words}; of others, {close['others']}%." if close.get("others") else f"{words}."


def _headline(one: dict[str, str]) -> dict[str, str]:
    return {"label": one["label"], "shown": one["shown"], "note": one.get("note", "")}


def _small_print(report: Report) -> list[str]:
    """Where the figures come from, whose days they are, and what is not certain about them."""
    kept = report.content.get("figures", [])
    if not kept:
        return []
    sources = sorted({name for one in kept for name in one["source"].split(", ") if name})
    zones = sorted({one["zone"] for one in kept})
    days = named(report.first_day, report.last_day)
    print_ = [f"Figures for {days}, {cut_off_words(report)}. They are frozen: what arrives later is not in."]
    if sources:
        print_.append(f"Source: {', '.join(sources)}; days of {', '.join(zones)}.")
    if any(one.get("provisional") for one in kept):
        labels = ", ".join(one["label"] for one in kept if one.get("provisional"))
        print_.append(f"Provisional, because the last days may still change: {labels}.")
    if any(one.get("sampled") for one in kept):
        print_.append(
            "Sampled by the source: " + ", ".join(one["label"] for one in kept if one.get("sampled")) + "."
        )
    if missing := report.content.get("missing"):
        print_.append(f"Not measured in these days: {', '.join(missing)}.")
    return print_


def day_words(text: str) -> str:
    """“Tue 24 November” of an ISO day; empty stays empty."""
    if not text:
        return ""
    day = dt.date.fromisoformat(text)
    return f"{day:%a} {day.day} {day:%B}"

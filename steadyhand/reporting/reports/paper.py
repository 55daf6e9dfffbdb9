"""A report as a PDF: the same words and figures as its page, on paper."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from steadyhand.core.models import Agency
from steadyhand.core.typesetting import as_pdf
from steadyhand.reporting.models import Reading, Report
from steadyhand.reporting.reports.composing import composed
from steadyhand.reporting.reports.plotting import pictures_of

PAPER = Path(__file__).parent / "report.typ"

#: Where paper is cut another way.
LETTER = frozenset({"US", "CA", "MX", "PH"})


def report_pdf(report: Report, reading: Reading | str) -> bytes:
    """A tagged PDF of one reading. Takes a process; never called inside a transaction."""
    return as_pdf(PAPER, contents(report, reading))


def contents(report: Report, reading: Reading | str) -> dict[str, Any]:
    """What the paper says, in plain values."""
    agency, seen = Agency.get(), composed(report, reading)
    language, _, region = agency.language.partition("-")
    return {
        **seen.as_json(),
        "pictures": [asdict(one) for one in pictures_of(report, seen.charts)],
        "paper": "us-letter" if agency.country in LETTER else "a4",
        "lang": language or "en",
        "region": region.upper() or "GB",
        "accent": agency.accent or "#2456a6",
    }


def file_name(report: Report, suffix: str = "pdf") -> str:
    """“report-2026-11-halden-bikes.pdf”."""
    kind = str(report.get_kind_display()).replace(" ", "-")
    return f"{kind}-{report.period.replace('..', '-to-')}-{report.client.ref}.{suffix}"

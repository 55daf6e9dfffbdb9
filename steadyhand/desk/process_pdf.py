"""How we look after a prospect, as a PDF on one sheet in the agency's looks (W4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

from steadyhand.core import files
from steadyhand.core.contrast import readable_on_light
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.core.typesetting import as_pdf
from steadyhand.desk.process import Process

PAPER = Path(__file__).parent / "papers" / "process.typ"

#: Ours, where the agency chose no colour.
INK_BLUE = "#1f5a85"
#: What the typesetter reads of what a logo may be.
SET = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def process_pdf(page: Process) -> bytes:
    """A tagged PDF of one page. Takes a second and a process; never called inside a transaction."""
    if page.missing:
        raise Refusal(page.missing, remedy=page.remedy)
    return as_pdf(PAPER, contents(page))


def contents(page: Process) -> dict[str, Any]:
    """What the paper says, in plain values."""
    agency = page.agency
    language, _, region = agency.language.partition("-")
    accent = readable_on_light(agency.accent) if agency.accent else INK_BLUE
    return {
        "lang": language or "en",
        "region": region.upper() or "GB",
        "agency": agency.name,
        "accent": accent,
        "logo": _logo(agency),
        "client": page.lead.client.name,
        "for": f"for {page.lead.client.name} · {page.spend}",
        "title": "How we look after you",
        "who": page.who,
        "reach": _reach(page),
        "agreed": page.agreed,
        "gets": [asdict(one) for one in page.gets],
        "levels": [asdict(one) for one in page.levels],
        "from": f"If you say yes on {day_words(page.yes_on)}" if page.yes_on else "",
        "weeks": [
            {"day": day_words(one.day), "when": one.when, "title": one.title, "words": one.words}
            for one in page.weeks
        ],
        "path": page.path,
    }


def day_words(day: dt.date) -> str:
    """“Tue 24 November”."""
    return f"{day:%a} {day.day} {day:%B}"


def _reach(page: Process) -> str:
    if page.person is None:
        return "We name them before the kickoff."
    reached = " · ".join(filter(None, [page.person.phone, page.person.email]))
    return f"Your {page.role} and daily contact. {reached}".strip()


def _logo(agency: Agency) -> list[int]:
    """The picture byte by byte, as the typesetter's data can hold it; empty where there is none to set."""
    if agency.logo_type not in SET:
        return []
    try:
        with files.open_file(agency.logo_digest) as logo:
            return list(logo.read())
    except FileNotFoundError:
        return []

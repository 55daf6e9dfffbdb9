"""The mail a report leaves in: what a reader needs at a glance, and the link to the rest."""

from __future__ import annotations

from steadyhand.comms.mail.letters import first_name
from steadyhand.reporting.models import Reading, Report, ReportKind
from steadyhand.reporting.reports.composing import Composed, Line, composed

#: Figures and rows in a mail; the page has all.
MOST_LINES, MOST_ROWS = 6, 8

OPENINGS = {
    ReportKind.FIGURES: "here is your report for {period}.",
    ReportKind.PAID_SEARCH: "here is how your paid search did, {period}.",
    ReportKind.CLOSING: "here is what the project brought, {period}.",
    ReportKind.ACTIVITY: "here is what we did for you, {period}, and what comes next.",
    ReportKind.RENEWAL: "here is where we stand together, {period}.",
}


def subject_of(report: Report) -> str:
    """“Report for November 2026, Halden Bikes”."""
    return f"{report.title}, {report.client.name}"


def words_of(report: Report, reading: Reading | str, name: str, link: str, *, with_paper: bool = True) -> str:
    """The mail, in plain words: the figures are those of the page, to the letter."""
    seen = composed(report, reading)
    parts = [
        f"Hello {first_name(name)},",
        OPENINGS[ReportKind(report.kind)].format(period=seen.period),
        seen.commentary,
        _figures(seen),
        seen.returned,
        *_activity(seen),
        f"We need one decision from you: {seen.decision}" if seen.decision else "",
        "Were the leads any good? Tell us with one click, on the same page." if seen.asks_quality else "",
        f"All of it is here, without an account:\n{link}",
        "It is attached as a PDF too." if with_paper else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _figures(seen: Composed) -> str:
    if seen.headline:
        return "\n".join(
            f"- {one['label']}: {one['shown']}" + (f" {one['note']}" if one["note"] else "")
            for one in seen.headline
        )
    return "\n".join(_line(line, seen) for line in seen.lines[:MOST_LINES])


def _line(line: Line, seen: Composed) -> str:
    compared = [
        f"{words} {'with' if words == 'level' else 'on'} {against}"
        for words, against in ((line.month, seen.against_month), (line.year, seen.against_year))
        if words
    ]
    told = [*compared, *filter(None, [line.target])]
    return f"- {line.label}: {line.shown}" + (f", {', '.join(told)}" if told else "")


def _activity(seen: Composed) -> list[str]:
    heads = {"done": "Done", "late": "Late", "next": "Next", "theirs": "What we wait for from you"}
    found = []
    for key, head in heads.items():
        rows = seen.activity.get(key, [])
        if rows:
            lines = [
                f"- {row['words']}" + (f", {row['day_words']}" if row["day_words"] else "") for row in rows
            ]
            more = [f"- and {len(lines) - MOST_ROWS} more"] if len(lines) > MOST_ROWS else []
            found.append("\n".join([head, *lines[:MOST_ROWS], *more]))
    return found

"""`report`: draft, send or print a report to a client."""

from __future__ import annotations

import argparse
from pathlib import Path

from steadyhand.cli import output
from steadyhand.commitments.listing import client_named
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.models import Reading, Report, ReportKind
from steadyhand.reporting.reports.composing import composed
from steadyhand.reporting.reports.drafting import draft_due, draft_for
from steadyhand.reporting.reports.paper import report_pdf
from steadyhand.reporting.reports.periods import parse
from steadyhand.reporting.reports.sending import send_report

EXAMPLES = """\
  steadyhand report draft  --client halden-bikes --period 2026-10
  steadyhand report render --client halden-bikes --period 2026-10 --pdf october.pdf
  steadyhand report render --client halden-bikes --period 2026-W47 --kind activity --json
  steadyhand report send   --client halden-bikes --period 2026-10
  steadyhand report draft  --due"""

KINDS = {str(kind).replace("_", "-"): kind for kind in ReportKind}
READINGS = (Reading.DETAIL, Reading.SHORT)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `report`."""
    parser.add_argument(
        "act", choices=["draft", "send", "render"], help="draft it; send it; print it, as it is"
    )
    parser.add_argument("--client", metavar="C", help="name, domain or short name")
    parser.add_argument("--period", metavar="P", help="2026-10, 2026-W47, 2026-Q3, 2026-10-01..2026-10-15")
    parser.add_argument("--due", action="store_true", help="draft everything that is due, as the worker does")
    parser.add_argument(
        "--kind", choices=sorted(KINDS), default=str(ReportKind.FIGURES), help="which sort (figures)"
    )
    parser.add_argument(
        "--reading", choices=[str(one) for one in READINGS], default=str(Reading.DETAIL), help="how (detail)"
    )
    parser.add_argument("--pdf", type=Path, metavar="F", help="write the PDF to this file")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Do it, and say what there is now."""
    if options.due:
        _draft_due(options)
        return
    if not (options.client and options.period):
        raise Refusal("A report is about a client and a period.", remedy="Name both: --client C --period P.")
    by = Actor.system("command line")
    client, period, kind = client_named(options.client), parse(options.period), KINDS[options.kind]
    if options.act == "draft":
        report = draft_for(client, period, by=by, kind=kind)
    else:
        known = Report.objects.filter(client=client, kind=kind, period=period.key).order_by("-pk")
        found = known.select_related("client", "owner", "commitment").first()
        if found is None:
            raise Refusal(
                f"{client.name} has no {kind.label} about {period.key}.",
                remedy=f"steadyhand report draft --client {client.ref} --period {period.key}",
            )
        report = send_report(found, by=by) if options.act == "send" else found
    if options.pdf is not None:
        options.pdf.write_bytes(report_pdf(report, options.reading))
        output.say(f"Written to {options.pdf}.")
    if options.json:
        output.answer_json({**standing(report), **composed(report, options.reading).as_json()})
    else:
        _tell(report, options.reading)


def _draft_due(options: argparse.Namespace) -> None:
    """Draft what the ledger owes soon; stopped anywhere, it goes on where it was."""
    if options.act != "draft":
        raise Refusal("Only drafting is done for all that are due.", remedy="steadyhand report draft --due")
    with output.Progress("Drafting", unit="reports") as progress:

        def heard(done: int, total: int) -> None:
            progress.total = total
            progress.advance(done - progress.done)

        made = draft_due(heard)
    if options.json:
        output.answer_json({"drafted": made})
    else:
        output.answer(f"{made} reports drafted.")


def standing(report: Report) -> dict[str, object]:
    """What it is and how far."""
    return {
        "id": report.pk,
        "kind": report.kind,
        "state": report.state,
        "first_day": report.first_day,
        "last_day": report.last_day,
        "sent_at": report.sent_at,
    }


def _tell(report: Report, reading: str) -> None:
    seen = composed(report, reading)
    output.answer(f"{report.title}, {report.client.name}: {report.get_state_display()}, {seen.cut_off}")
    rows = [(one.label, one.shown, one.month, one.year) for one in seen.lines]
    rows += [(one["label"], one["shown"], one["note"], "") for one in seen.headline]
    if rows:
        output.answer_table(rows)
    if seen.returned:
        output.answer(seen.returned)
    for part, lines in seen.activity.items():
        for line in lines:
            output.answer(f"{part}: {line['words']} {line['day_words']}".rstrip())

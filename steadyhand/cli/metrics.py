"""`metrics`: bringing a client's figures in from a table."""

from __future__ import annotations

import argparse
from pathlib import Path

from steadyhand.cli import output
from steadyhand.commitments.listing import client_named
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.exchange import figures
from steadyhand.reporting.metrics.rows import Checked

EXAMPLES = """\
  steadyhand metrics import october.csv --client "Halden Bikes"
  steadyhand metrics import meta.xlsx --client halden-bikes --source "Meta Ads" --check

Columns: date, metric, value[, numerator, denominator, currency, any dimensions]; or a date and a column for
each metric. Lines that cannot be read are left out and told with their reason; the rest is brought in."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `metrics`."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="import")
    bring = deeds.add_parser("import", help="bring in a table of figures (CSV or XLSX)")
    bring.add_argument("file", metavar="FILE", type=Path, help="the table")
    bring.add_argument("--client", required=True, metavar="C", help="name, domain or short name")
    bring.add_argument("--source", default=figures.UPLOAD, metavar="S", help="where it comes from (Upload)")
    bring.add_argument("--check", action="store_true", help="only say what would happen")
    bring.add_argument("--json", action="store_true", help="answer as JSON")


def run(options: argparse.Namespace) -> None:
    """Check the file or bring it in; what was left out is told with its line."""
    client = client_named(options.client)
    path: Path = options.file
    if not path.is_file():
        raise Refusal(f"There is no file {path}.", remedy="Check the path.", field="file")
    if options.check:
        seen = figures.look(client, path, path.name, label=options.source)
        checked, written = seen.checked, seen.written
        sentence = "Checked; nothing was written."
    else:
        by = Actor.system("command line")
        received, checked = figures.take_in(client, path, path.name, by=by, label=options.source)
        written, sentence = received.written, received.sentence
    for refused in checked.refused:
        output.say(f"Line {refused.line}: {refused.sentence}")
    if checked.refused_count > len(checked.refused):
        output.say(f"… and {checked.refused_count - len(checked.refused):,} more.")
    for note in checked.notes:
        output.say(note)
    if options.json:
        output.answer_json(
            {
                "client": client.ref,
                "lines": checked.lines,
                "values": len(checked.observations),
                "new": written.new if written else 0,
                "replaced": written.replaced if written else 0,
                "unchanged": written.unchanged if written else 0,
                "first_day": checked.first_day,
                "last_day": checked.last_day,
                "metrics": [metric.key for metric in checked.metrics],
                "refused": _refused(checked),
            }
        )
    else:
        output.answer(sentence)


def _refused(checked: Checked) -> list[dict[str, object]]:
    return [{"line": one.line, "sentence": one.sentence} for one in checked.refused]

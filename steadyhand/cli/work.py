"""`work`: bringing a client's links, content, recommendations or website scores in from a table."""

from __future__ import annotations

import argparse
from pathlib import Path

from steadyhand.cli import output
from steadyhand.commitments.listing import client_named
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.work.tables import TABLES
from steadyhand.exchange import work_sheets

EXAMPLES = """\
  steadyhand work import links.csv --client "Halden Bikes"
  steadyhand work import audit.xlsx --client halden-bikes --as scores --check

Columns are known by their headings: date, domain, type, status, anchor text, URL, authority for links; date,
title, type, status, URL, words for content. The same table again changes only what is different."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `work`."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="import")
    bring = deeds.add_parser("import", help="bring in a table of work (CSV or XLSX)")
    bring.add_argument("file", metavar="FILE", type=Path, help="the table")
    bring.add_argument("--client", required=True, metavar="C", help="name, domain or short name")
    bring.add_argument("--as", dest="kind", default="", choices=[*TABLES], help="what it holds (guessed)")
    bring.add_argument("--check", action="store_true", help="only say what would happen")
    bring.add_argument("--json", action="store_true", help="answer as JSON")


def run(options: argparse.Namespace) -> None:
    """Check the file or bring it in; what was left out is told with its line."""
    client = client_named(options.client)
    path: Path = options.file
    if not path.is_file():
        raise Refusal(f"There is no file {path}.", remedy="Check the path.", field="file")
    act = work_sheets.look if options.check else work_sheets.bring_in
    seen = act(client, path, path.name, by=Actor.system("command line"), kind=options.kind)
    taken = seen.taken
    for refused in taken.refused:
        output.say(f"Line {refused.line}: {refused.sentence}")
    if taken.refused_count > len(taken.refused):
        output.say(f"… and {taken.refused_count - len(taken.refused):,} more.")
    if options.json:
        output.answer_json(
            {
                "client": client.ref,
                "as": seen.kind.key,
                "lines": taken.lines,
                "new": taken.new,
                "changed": taken.changed,
                "unchanged": taken.unchanged,
                "refused": [{"line": one.line, "sentence": one.sentence} for one in taken.refused],
            }
        )
    else:
        checked = "Checked; nothing was written. " if options.check else ""
        output.answer(f"{checked}{seen.kind.label}: {taken.sentence}")

"""`ga4`: bringing in what Google Analytics 4 exported to BigQuery."""

from __future__ import annotations

import argparse
from pathlib import Path

from steadyhand.cli import output
from steadyhand.commitments.listing import client_named
from steadyhand.core.actor import Actor
from steadyhand.reporting.attribution.importing import import_ga4

EXAMPLES = """\
  steadyhand ga4 import events_20261101.parquet --client halden-bikes
  steadyhand ga4 import exports/november/ --client "Halden Bikes" --goal purchase --goal generate_lead

Parquet, or JSON with a row an event. A day that was brought in before is replaced; other days stay.
Stopped in between, the same command goes on with the file it was at."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `ga4`."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="import")
    bring = deeds.add_parser("import", help="bring in an export, a file or a folder")
    bring.add_argument("file", metavar="FILE", type=Path, help="the file, or a folder of files")
    bring.add_argument("--client", required=True, metavar="C", help="name, domain or short name")
    bring.add_argument(
        "--goal",
        action="append",
        default=[],
        metavar="EVENT",
        help="an event that is a conversion (purchase, generate_lead and sign_up)",
    )
    bring.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Bring it in; what was left out is told."""
    client = client_named(options.client)
    row = import_ga4(
        client, options.file, by=Actor.system("command line"), goals=options.goal, progress=_say_where
    )
    for notice in row.notices:
        output.say(f"steadyhand: {notice}")
    if options.json:
        output.answer_json(
            {
                "client": client.ref,
                "touches": row.touches,
                "conversions": row.conversions,
                "users": row.users,
                "first": row.first_at,
                "last": row.last_at,
                "notices": row.notices,
            }
        )
    else:
        output.answer(
            f"{client.name} now has {row.touches:,} touches and {row.conversions:,} conversions"
            f" of {row.users:,} users."
        )


def _say_where(done: int, files: int, name: str) -> None:
    if files > 1:
        output.say(f"steadyhand: {done} of {files} files are read; next {name}")

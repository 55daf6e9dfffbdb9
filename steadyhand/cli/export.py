"""`export`: everything, as CSV and JSON that other programs read."""

from __future__ import annotations

import argparse
from pathlib import Path

from steadyhand.cli import output
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.exporting import export_to

EXAMPLES = """\
  steadyhand export backup/                 one CSV and one JSON for each table
  steadyhand import clients backup/book.csv the book of an export, brought in elsewhere"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write; made if it is not there")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Write every table; answer with how many rows each has."""
    folder: Path = options.folder
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"{folder} is a file.", remedy="Name a folder.")
    try:
        with output.Progress("Exporting") as progress:
            counts = export_to(folder, by=Actor.system("export"), heard=progress.advance)
    except OSError as error:
        raise Refusal(
            f"{folder} cannot be written: {error.strerror}.", remedy="Name another folder."
        ) from error
    if options.json:
        output.answer_json({"folder": str(folder), "rows": counts})
    else:
        output.answer_table([("table", "rows"), *((name, f"{count:,}") for name, count in counts.items())])

"""`prepare`: what must be true before the first page: tables, static files, on a first start the demo.

Answers with JSON for `run`: the sign-in link and whom it is for, where there is one.
"""

from __future__ import annotations

import argparse

from steadyhand.cli import output, static_files

EXAMPLES = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `prepare`."""
    parser.add_argument("--demo", action="store_true", help="load the demo agency when there is nothing yet")


def run(options: argparse.Namespace) -> None:
    """The tables are there already (the registry saw to it)."""
    static_files.collect()
    output.answer_json({})

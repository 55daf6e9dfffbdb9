"""`dips`: run the detector on a plain table of daily figures, outside any client."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from steadyhand.cli import output
from steadyhand.cli.days import day
from steadyhand.core import clock
from steadyhand.reporting.dips.asking import ask

EXAMPLES = """\
  steadyhand dips --observations daily.csv
  steadyhand dips --observations daily.parquet --as-of 2026-03-31 --json

The table (CSV or Parquet) has the columns series, date and value; kind (count, money, ratio, rank),
numerator and denominator are welcome. An empty value is a day that is not known, not a zero."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `dips`."""
    parser.add_argument("--observations", required=True, type=Path, metavar="FILE", help="CSV or Parquet")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="as if this day had just ended")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Print the incidents; what was left out of the table goes to standard error."""
    as_of: dt.date | None = options.as_of
    said = ask(
        {
            "do": "table",
            "file": str(options.observations.absolute()),
            "today": clock.today("UTC").isoformat(),
            "as_of": as_of.isoformat() if as_of else None,
        }
    )
    for remark in said["remarks"]:
        output.say(f"steadyhand: {remark}")
    if options.json:
        output.answer_json(said["incidents"])
        return
    if not said["incidents"]:
        output.answer("No dip stands out.")
        return
    output.answer_table(
        [
            ("series", "first day", "until", "expected", "observed", "score", "p"),
            *(
                (
                    one["series"],
                    one["first_day"],
                    one["last_day"] or "goes on",
                    f"{one['expected']:,.4g}",
                    f"{one['observed']:,.4g}",
                    f"{one['score']:.1f}",
                    f"{one['p']:.1g}",
                )
                for one in said["incidents"]
            ),
        ]
    )

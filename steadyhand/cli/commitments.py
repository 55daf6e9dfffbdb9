"""`commitments`: what is owed between two days, to whom, by whom, and why."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterable

from steadyhand.cli import output
from steadyhand.cli.days import day
from steadyhand.commitments.listing import (
    ListedCommitment,
    client_named,
    due_between,
    listed,
    member_addressed,
)

EXAMPLES = """\
  steadyhand commitments --from 2026-11-23 --to 2026-11-29
  steadyhand commitments --from 2026-12-01 --to 2026-12-31 --owner jody@agency.example
  steadyhand commitments --from 2026-12-01 --to 2026-12-31 --client "Halden Bikes" --json"""

HEADINGS = ("DUE", "CLIENT", "WHAT", "OWNER", "STATE")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `commitments`."""
    parser.add_argument("--from", dest="first", type=day, required=True, metavar="D", help="first due day")
    parser.add_argument("--to", dest="last", type=day, required=True, metavar="D", help="last due day")
    parser.add_argument("--client", metavar="C", help="one client: name, domain or short name")
    parser.add_argument("--owner", metavar="E", help="one owner, by e-mail address")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Print them by due, client, rule and period."""
    rows = due_between(options.first, options.last)
    if options.client:
        rows = rows.filter(client=client_named(options.client))
    if options.owner:
        rows = rows.filter(owner=member_addressed(options.owner))
    if options.json:
        _answer_array(listed(rows))
    else:
        _answer_table(list(listed(rows)), options.first, options.last)


def _answer_array(rows: Iterable[ListedCommitment]) -> None:
    """One commitment a line, written as it is read: a book of thousands does not fit in memory twice."""
    opening = "["
    for row in rows:
        output.answer(opening + json.dumps(row, ensure_ascii=False))
        opening = ","
    output.answer("]" if opening == "," else "[]")


def _answer_table(rows: list[ListedCommitment], first: dt.date, last: dt.date) -> None:
    if not rows:
        output.say(f"Nothing is due from {first:%d %B %Y} to {last:%d %B %Y}.")
        return
    output.answer_table(
        [
            HEADINGS,
            *(
                (
                    row["due"].replace("T", " "),
                    row["client"] or "(the agency)",
                    row["title"],
                    row["owner"] or "nobody",
                    row["state"].replace("_", " "),
                )
                for row in rows
            ),
        ]
    )

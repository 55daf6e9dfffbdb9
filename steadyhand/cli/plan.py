"""`plan`: makes the ledger equal to what the playbook asks for, over the horizon."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict

from steadyhand.cli import output
from steadyhand.cli.days import day
from steadyhand.commitments.equalising import PlanRun
from steadyhand.commitments.planning import plan_book
from steadyhand.core.refusals import Refusal

EXAMPLES = """\
  steadyhand plan
  steadyhand plan --as-of 2026-11-23     as if it were 00:00 on that day where the agency is
  steadyhand plan --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `plan`."""
    parser.add_argument("--as-of", type=day, metavar="D", help="plan from this day on (default: today)")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Plan every client that is behind; running it again changes nothing."""
    with output.Progress("Planning", unit="clients") as progress:

        def show(position: int, total: int) -> None:
            progress.total = total
            progress.advance(position - progress.done)

        done = plan_book(options.as_of, progress=show)
    if done.until is None:
        raise Refusal(
            "No playbook is published, so nothing can be planned.",
            remedy="Publish one: steadyhand playbook publish FILE.",
        )
    if options.json:
        output.answer_json(asdict(done))
    else:
        _tell(done)


def _tell(done: PlanRun) -> None:
    output.answer(
        f"{done.clients:,} clients planned to {done.until:%A %d %B %Y}: {done.made:,} commitments made, "
        f"{done.changed:,} changed, {done.withdrawn:,} withdrawn, {done.revived:,} revived."
    )
    if done.behind:
        output.answer(f"{done.behind:,} clients changed meanwhile; run it again.")
    for currency, count in sorted(Counter(done.needs_rate).items()):
        clients = "1 client needs" if count == 1 else f"{count:,} clients need"
        output.answer(f"{clients} a rate for {currency} and got no plan. Set it under Settings, Rates.")

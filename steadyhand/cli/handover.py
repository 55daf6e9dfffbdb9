"""`handover`: where a client's handover stands, step by step, or all that are under way."""

from __future__ import annotations

import argparse

from steadyhand.cli import output
from steadyhand.commitments.listing import client_named
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.handover import Path, as_data, latest_of, path_of, paths_of
from steadyhand.onboarding.models import Handover

EXAMPLES = """\
  steadyhand handover
  steadyhand handover --client "Brightwater Spa"
  steadyhand handover --client brightwater-spa --json

Each step says who sees to it, by when, on whom it waits and since when."""

STEP_HEADINGS = ("STEP", "OWNER", "DUE", "WAITS ON", "SINCE", "NOTE")
LIST_HEADINGS = ("CLIENT", "WON", "STEPS", "NEXT", "WAITS ON")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `handover`."""
    parser.add_argument("--client", metavar="C", help="name, domain or short name; else all under way")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Print one path, or a line for each."""
    if options.client:
        _one(options)
        return
    found = paths_of(Handover.objects.under_way().preloaded())
    if options.json:
        output.answer_json([as_data(path) for path in found])
    elif found:
        output.answer_table([LIST_HEADINGS, *map(_line, found)])
    else:
        output.say("No client is being handed over.")


def _one(options: argparse.Namespace) -> None:
    client = client_named(options.client)
    row = latest_of(client)
    if row is None:
        raise Refusal(
            f"{client.name} was not handed over here.", remedy="A lead that is won begins a handover."
        )
    path = path_of(row)
    if options.json:
        output.answer_json(as_data(path))
        return
    for lap in path.laps:
        output.answer(f"{lap.title}: {lap.words}{'' if lap.until else ' and counting'}")
    output.answer("")
    output.answer_table(
        [
            STEP_HEADINGS,
            *(
                (
                    step.title,
                    step.owner.name if step.owner else "",
                    step.due_on or "",
                    "done" if step.is_done else step.who,
                    f"{moment:%Y-%m-%d %H:%M}" if (moment := step.done_at or step.since) else "",
                    step.note,
                )
                for step in path.steps
            ),
        ]
    )


def _line(path: Path) -> tuple[object, ...]:
    step, row = path.next_step, path.handover
    return (
        row.client.name,
        f"{row.won_at:%Y-%m-%d}",
        f"{path.done}/{len(path.steps)}",
        step.title if step else "all is done",
        step.who if step else "",
    )

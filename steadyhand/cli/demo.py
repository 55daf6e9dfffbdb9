"""`demo`: an invented agency with ten weeks of past, to look around in; removed without a trace."""

from __future__ import annotations

import argparse

from steadyhand.cli import output
from steadyhand.core.actor import Actor
from steadyhand.exchange import demo

EXAMPLES = """\
  steadyhand demo load      an agency of invented people and clients; nobody is mailed
  steadyhand demo remove    everything as it was before"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `demo`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="load|remove")
    acts.add_parser("load", help="load the demo agency; refuses where there are clients")
    acts.add_parser("remove", help="remove it again; what you added yourself stays")


def run(options: argparse.Namespace) -> None:
    """Load or remove."""
    by = Actor.system("command line")
    if options.act == "load":
        load(by)
        output.answer("The demo agency is loaded. Remove it with: steadyhand demo remove")
    else:
        output.answer(str(demo.remove(by=by)))


def load(by: Actor) -> None:
    """Load the demo agency and show how far it is."""
    with output.Progress("Loading the demo agency", unit="steps") as progress:

        def show(position: int, total: int) -> None:
            progress.total = total
            progress.advance(position - progress.done)

        demo.load(by=by, progress=show)

"""`attribution`: which channels led to conversions, from a table of touches and one of conversions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from steadyhand.cli import output
from steadyhand.commitments.listing import client_named
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution.asking import ask
from steadyhand.reporting.attribution.importing import import_tables
from steadyhand.reporting.attribution.questions import (
    HALF_LIFE_DAYS,
    LOOKBACK_DAYS,
    MODELS,
    Question,
)
from steadyhand.reporting.attribution.reading import Origin, origin_of

EXAMPLES = """\
  steadyhand attribution --touchpoints touches.parquet --conversions sales.csv
  steadyhand attribution --touchpoints touches.csv --conversions sales.csv --lookback 90 --json
  steadyhand attribution --client halden-bikes

  steadyhand attribution --client halden-bikes --touchpoints touches.csv --conversions sales.csv

Of a client: the agency's own database where STEADYHAND_ANALYTICS names one, else what was brought in. Files
given with a client are brought in: they replace what was there.
touchpoints: user, time, channel, and direct (true or false) where there is one
conversions: user, time, value
Parquet or CSV; times without a zone are UTC."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `attribution`."""
    parser.add_argument("--touchpoints", type=Path, metavar="FILE", help="who touched what, when")
    parser.add_argument("--conversions", type=Path, metavar="FILE", help="who converted, when")
    parser.add_argument("--client", default="", metavar="C", help="a client's name, domain or short name")
    parser.add_argument(
        "--lookback", type=float, default=LOOKBACK_DAYS, metavar="DAYS", help="days before a conversion (30)"
    )
    parser.add_argument(
        "--half-life", type=float, default=HALF_LIFE_DAYS, metavar="DAYS", help="of time decay, in days (7)"
    )
    parser.add_argument("--top", type=int, default=100, metavar="N", help="how many paths are listed (100)")
    parser.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Answer; what was left out is said beside it."""
    answer = ask(_question(options))
    for notice in answer["notices"]:
        output.say(f"steadyhand: {notice}")
    if options.json:
        output.answer_json(answer)
    else:
        _tell(answer)


def _question(options: argparse.Namespace) -> Question:
    more = {"lookback": options.lookback, "half_life": options.half_life, "top": max(0, options.top)}
    files = (options.touchpoints, options.conversions)
    client = client_named(options.client) if options.client else None
    if client and all(files):
        row = import_tables(client, *files, by=Actor.system("command line"))
        output.say(f"steadyhand: {row.touches:,} touches and {row.conversions:,} conversions are in.")
        return Origin(client, row).question(**more)
    if client and not any(files):
        origin = origin_of(client)
        if origin is None:
            raise Refusal(
                f"Nothing was brought in of {client.name}.",
                remedy="Use `steadyhand ga4 import`, or the page Paths of the client.",
            )
        return origin.question(**more)
    if not all(files):
        raise Refusal(
            "It is not clear what to read.", remedy="Give --touchpoints and --conversions, or --client."
        )
    touchpoints, conversions = (str(file.absolute()) for file in files)
    return Question(touchpoints, conversions, **more)


def _tell(answer: dict[str, Any]) -> None:
    models = answer["models"]
    channels = sorted(models["last"]["credit"], key=lambda channel: -models["last"]["credit"][channel])
    rows = [[channel, *(f"{models[m]['credit'][channel]:,.1f}" for m in MODELS)] for channel in channels]
    output.answer_table([["Conversions", *MODELS.values()], *rows])
    output.answer(
        f"\n{answer['conversions']:,.0f} conversions, {answer['unattributed']:,} without a touch in time;"
        f" {answer['null_paths']:,.0f} paths led to none."
    )

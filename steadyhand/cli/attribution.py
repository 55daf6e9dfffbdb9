"""`attribution`: which channels led to conversions, from a table of touches and one of conversions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from steadyhand.cli import output
from steadyhand.reporting.attribution.asking import ask
from steadyhand.reporting.attribution.questions import (
    HALF_LIFE_DAYS,
    LOOKBACK_DAYS,
    MODELS,
    Question,
)

EXAMPLES = """\
  steadyhand attribution --touchpoints touches.parquet --conversions sales.csv
  steadyhand attribution --touchpoints touches.csv --conversions sales.csv --lookback 90 --json

touchpoints: user, time, channel, and direct (true or false) where there is one
conversions: user, time, value
Parquet or CSV; times without a zone are UTC."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `attribution`."""
    parser.add_argument(
        "--touchpoints", type=Path, required=True, metavar="FILE", help="who touched what, when"
    )
    parser.add_argument("--conversions", type=Path, required=True, metavar="FILE", help="who converted, when")
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
    question = Question(
        str(options.touchpoints.absolute()),
        str(options.conversions.absolute()),
        lookback=options.lookback,
        half_life=options.half_life,
        top=max(0, options.top),
    )
    answer = ask(question)
    for notice in answer["notices"]:
        output.say(f"steadyhand: {notice}")
    if options.json:
        output.answer_json(answer)
    else:
        _tell(answer)


def _tell(answer: dict[str, Any]) -> None:
    models = answer["models"]
    channels = sorted(models["last"]["credit"], key=lambda channel: -models["last"]["credit"][channel])
    rows = [[channel, *(f"{models[m]['credit'][channel]:,.1f}" for m in MODELS)] for channel in channels]
    output.answer_table([["Conversions", *MODELS.values()], *rows])
    output.answer(
        f"\n{answer['conversions']:,.0f} conversions, {answer['unattributed']:,} without a touch in time;"
        f" {answer['null_paths']:,.0f} paths led to none."
    )

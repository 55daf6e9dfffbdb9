"""One question answered whole: what the command prints and the page shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from steadyhand.reporting.attribution.counting import assisted, lags, lengths, top_paths
from steadyhand.reporting.attribution.crediting import credits
from steadyhand.reporting.attribution.intervals import intervals
from steadyhand.reporting.attribution.journeys import Journeys, gather
from steadyhand.reporting.attribution.paths import Floats
from steadyhand.reporting.attribution.questions import FEW_CONVERSIONS, Question
from steadyhand.reporting.attribution.tables import open_tables


def answer(question: Question) -> dict[str, Any]:
    """Models, reports, and what was left out; plain values."""
    source = open_tables(
        Path(question.touchpoints), Path(question.conversions), start=question.start, end=question.end
    )
    journeys = gather(source, lookback=question.lookback, half_life=question.half_life)
    return answer_of(journeys, top=question.top)


def answer_of(journeys: Journeys, *, top: int) -> dict[str, Any]:
    """The answer made from journeys, wherever they were gathered."""
    names = journeys.channels
    converted = journeys.converted.total
    few = 0 < converted < FEW_CONVERSIONS
    return {
        "models": {
            model: {"credit": _by_name(names, credit), "value": _by_name(names, value)}
            for model, (credit, value) in credits(journeys).items()
        },
        "assisted": assisted(journeys),
        "paths": top_paths(journeys, top),
        "length": lengths(journeys),
        "lag": lags(journeys),
        "unattributed": journeys.unattributed,
        "unattributed_value": journeys.unattributed_value,
        "conversions": converted + journeys.unattributed,
        "null_paths": journeys.null.total,
        "intervals": intervals(journeys) if few else {},
        "notices": journeys.notices + _notices(journeys),
    }


def _by_name(names: list[str], amounts: Floats) -> dict[str, float]:
    return {name: float(amounts[n]) for n, name in enumerate(names)}


def _notices(journeys: Journeys) -> list[str]:
    said = []
    if len(journeys.channels) == 1:
        said.append("There is one channel only, so every model gives it all.")
    if journeys.unattributed:
        said.append(
            f"{journeys.unattributed:,} conversions have no touch within the look-back; no channel gets them."
        )
    return said

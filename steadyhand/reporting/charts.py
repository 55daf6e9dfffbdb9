"""Charts: a Vega-Lite specification becomes SVG in a child process, kept by what it contains.

The SVG goes into a page as it is (no style, no script in it) and into a PDF. Colour-blind readers can tell
its colours apart, and no series is told by colour alone: the second is dashed. The numbers stand beneath as
a table, and a sentence says what it shows.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from steadyhand.core import children
from steadyhand.core.refusals import Refusal

#: Seconds after which a drawing is given up.
PATIENCE = 60

CHILD = Path(__file__).with_name("charts_child.py")

#: The theme on paper. Each is followed in the SVG by a class “chart-<name>-fill” or “-stroke”.
INK = "#2b3340"
MUTED = "#69717d"
GRID = "#e4e1dc"
SERIES = ("#0b5f94", "#bd5209", "#00775a", "#8a4a9f")
COLOURS = {
    INK: "ink",
    MUTED: "muted",
    GRID: "grid",
    **{hexed: f"series-{number}" for number, hexed in enumerate(SERIES, start=1)},
}

#: Laid under every specification.
THEME: Mapping[str, Any] = {
    "background": None,
    "view": {"stroke": None},
    "range": {"category": list(SERIES)},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "gridColor": GRID,
        "domainColor": GRID,
        "tickColor": GRID,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": INK, "titleColor": MUTED, "labelFontSize": 12},
    "line": {"strokeWidth": 2.25, "color": SERIES[0]},
    "bar": {"color": SERIES[0]},
    "text": {"color": INK, "fontSize": 12},
    "rule": {"color": MUTED},
}

#: Part of the digest: raise it when what the child makes of a specification changes.
VERSION = 1


class Undrawn(Refusal):
    """The charts could not be drawn."""


def chart(spec: Mapping[str, Any]) -> str:
    """The SVG of a Vega-Lite specification. A second look costs reading a file."""
    return charts([spec])[0]


def charts(specs: Sequence[Mapping[str, Any]]) -> list[str]:
    """The SVG of each specification, in order; one child run draws all that were never drawn."""
    themed = [_themed(spec) for spec in specs]
    places = [_place(spec) for spec in themed]
    found = [_kept(place) for place in places]
    missing = [number for number, svg in enumerate(found) if svg is None]
    if missing:
        for number, svg in zip(missing, _draw([themed[number] for number in missing]), strict=True):
            _keep(places[number], svg)
            found[number] = svg
    return [svg or "" for svg in found]


def already_drawn(specs: Sequence[Mapping[str, Any]]) -> list[str] | None:
    """The SVG of each where all of them are there; None where drawing would be needed."""
    found = [_kept(_place(_themed(spec))) for spec in specs]
    return None if None in found else [svg or "" for svg in found]


def _themed(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        **spec,
        "config": {**THEME, **spec.get("config", {})},
    }


def _place(spec: Mapping[str, Any]) -> Path:
    said = json.dumps([VERSION, spec], sort_keys=True, default=str).encode()
    return (
        Path(settings.DATA) / "cache" / "charts" / f"{hashlib.blake2b(said, digest_size=16).hexdigest()}.svg"
    )


def _kept(place: Path) -> str | None:
    try:
        return place.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _keep(place: Path, svg: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=place.parent, delete=False, encoding="utf-8") as made:
        made.write(svg)
    Path(made.name).replace(place)


def _draw(specs: Sequence[Mapping[str, Any]]) -> list[str]:
    asked = json.dumps({"specs": specs, "colours": COLOURS}, default=str).encode()
    try:
        drawn: list[str] = json.loads(children.run_file(CHILD, asked, patience=PATIENCE))
    except children.TooSlow as error:
        raise Undrawn("The charts took too long to draw.", remedy="Read the tables meanwhile.") from error
    except children.Failed as error:
        raise Undrawn(
            f"The charts could not be drawn: {error.said}.", remedy="Read the tables meanwhile."
        ) from error
    return drawn

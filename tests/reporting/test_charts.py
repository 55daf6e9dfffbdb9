"""Charts: drawn once, safe to put into a page, told by more than colour."""

from __future__ import annotations

import re
from typing import Any

import pytest

from steadyhand.reporting import charts
from steadyhand.reporting.charts import SERIES, Undrawn, already_drawn, chart

BAD = "<script>alert(1)</script>"


def spec(**more: Any) -> dict[str, Any]:
    return {
        "width": 200,
        "height": 80,
        "data": {"values": [{"d": "2026-10-01", "v": 3, "s": BAD}, {"d": "2026-10-02", "v": 5, "s": BAD}]},
        "mark": {"type": "line", "color": SERIES[0]},
        "encoding": {
            "x": {"field": "d", "type": "temporal", "title": BAD},
            "y": {"field": "v", "type": "quantitative"},
            "href": {"value": "https://elsewhere.example/"},
        },
        **more,
    }


def test_a_picture_is_drawn_once_and_holds_nothing_but_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert already_drawn([spec()]) is None
    svg = chart(spec())
    assert svg.startswith("<svg") and "chart-series-1-stroke" in svg and f'stroke="{SERIES[0]}"' in svg
    assert (
        "<script" not in svg
        and "elsewhere" not in svg
        and "style" not in svg
        and "http://www.w3.org/2000" in svg
    )
    assert not re.search(r"\s(on\w+|id|href|style)=", svg)
    monkeypatch.setattr(charts, "_draw", lambda specs: pytest.fail("drawn twice"))
    assert chart(spec()) == svg and already_drawn([spec()]) == [svg]


def test_what_cannot_be_drawn_says_so() -> None:
    with pytest.raises(Undrawn, match="could not be drawn"):
        chart({"mark": "nonsense", "encoding": 3})
    assert already_drawn([{"mark": "nonsense", "encoding": 3}]) is None

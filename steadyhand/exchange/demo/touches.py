"""How people came to one shop in three months: touches and orders, brought in as two tables."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path
from random import Random

from steadyhand.core import clock
from steadyhand.exchange.demo.world import World, chance
from steadyhand.reporting.attribution.importing import import_tables

CLIENT = "Verity Skincare"
VISITORS, DAYS = 900, 90
#: How a journey goes on from each channel; "" is the beginning, Order an order, None the end without one.
STEPS: dict[str, tuple[tuple[str | None, ...], tuple[int, ...]]] = {
    "": (("Organic Search", "Paid Social", "Paid Search", "Referral", "Email"), (38, 27, 20, 10, 5)),
    "Organic Search": (
        ("Organic Search", "Direct", "Email", "Paid Search", "Order", None),
        (14, 16, 12, 6, 16, 36),
    ),
    "Paid Social": (
        ("Paid Social", "Organic Search", "Email", "Direct", "Order", None),
        (16, 18, 12, 8, 4, 42),
    ),
    "Paid Search": (("Paid Search", "Direct", "Email", "Order", None), (10, 14, 8, 26, 42)),
    "Referral": (("Organic Search", "Direct", "Order", None), (20, 14, 14, 52)),
    "Email": (("Email", "Direct", "Organic Search", "Order", None), (18, 20, 6, 30, 26)),
    "Direct": (("Direct", "Organic Search", "Email", "Order", None), (16, 8, 8, 34, 34)),
}

Row = tuple[str, str, str]


def tell(world: World) -> None:
    """Bring them in, as somebody at the agency would."""
    touches, orders = _journeys(chance("shop visitors"), world.now.replace(tzinfo=None))
    with tempfile.TemporaryDirectory(prefix="steadyhand-demo-") as folder, clock.standing_at(world.now):
        came = _written(Path(folder) / "touches.csv", ("user", "time", "channel"), touches)
        bought = _written(Path(folder) / "orders.csv", ("user", "time", "value"), orders)
        import_tables(world.clients[CLIENT], came, bought, by=world.by)


def _journeys(dice: Random, now: dt.datetime) -> tuple[list[Row], list[Row]]:
    touches, orders = [], []
    for number in range(VISITORS):
        user, at = f"visitor-{number}", now - dt.timedelta(days=dice.uniform(1, DAYS))
        state: str | None = ""
        while state is not None and at < now:
            names, weights = STEPS[state]
            state = dice.choices(names, weights)[0]
            if state == "Order":
                orders.append((user, at.isoformat(), f"{dice.lognormvariate(4, 0.45):.2f}"))
                break
            if state is not None:
                touches.append((user, at.isoformat(), state))
                at += dt.timedelta(days=dice.expovariate(1 / 3))
    return touches, orders


def _written(path: Path, headings: Row, rows: Iterable[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
    return path

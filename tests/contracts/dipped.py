"""Dips of one client in the contract world: one that is open, one that was explained and told."""

from __future__ import annotations

import datetime as dt
from typing import Any

from steadyhand.clients.models import Client
from steadyhand.reporting.dips import closing
from steadyhand.reporting.dips.noticing import take_in
from steadyhand.reporting.models import Cause, Incident
from tests import cast
from tests.cast import SYSTEM

TODAY = cast.NOW.date()


def dipped(client: Client) -> None:
    """As the night's duty brings them about; the slices are named by the client's word."""
    word = client.name.split()[0]
    before = [found_dip(one.client, one.metric) for one in Incident.objects.open().select_related("client")]
    take_in({"incidents": [*before, found_dip(client, "revenue")], "shocks": []})
    told = client.incidents.get()
    closing.settle(told, Cause.KNOWN, f"{word} closed a shop.", by=SYSTEM)
    closing.note_told(told, by=SYSTEM, first=True)
    take_in({"incidents": [*before, found_dip(client, "sessions")], "shocks": []})


def found_dip(client: Client, metric: str) -> dict[str, Any]:
    word = client.name.split()[0]
    first = TODAY - dt.timedelta(days=5)
    days = [TODAY - dt.timedelta(days=back) for back in range(20, 0, -1)]
    return {
        "client": client.pk,
        "metric": metric,
        "first_day": first.isoformat(),
        "last_day": None,
        "noticed_on": TODAY.isoformat(),
        "expected": 5000.0,
        "observed": 2000.0,
        "score": 8.0,
        "p": 1e-9,
        "tracking": False,
        "drivers": [
            {
                "where": [["page", f"/{word}"]],
                "expected": 4000.0,
                "observed": 900.0,
                "share": 0.9,
                "weight": 50.0,
            }
        ],
        "picture": [[day.isoformat(), 1000.0, 1000.0, 800.0, 1200.0] for day in days],
    }


def dip_number(name: str, client: Client) -> int | None:
    """Of a client's dips, the one that an address of this name is about; None for names of others."""
    if name in {"dip-reopening", "dip-telling-removal"}:
        return client.incidents.get(metric="revenue").pk
    if name == "dip" or name.startswith("dip-"):
        return client.incidents.get(metric="sessions").pk
    return None

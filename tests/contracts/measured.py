"""A client's figures: a source, a dashboard that is shared, what is said beside it, and what stays inside."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from unittest.mock import patch

from steadyhand.clients.models import Client, Contact
from steadyhand.core.secrets import seal
from steadyhand.exchange.uploads import keep
from steadyhand.reporting.metrics import dashboards, receiving, remarks, store, targets
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import Annotation, Commentary, Connection, Dashboard, Source, Target
from tests import cast
from tests.cast import SYSTEM
from tests.reporting import inline

TODAY = cast.NOW.date()
TABLE = "date,metric,value\n2026-11-01,sessions,{}\n"


def measured(word: str, client: Client, contact: Contact) -> None:
    """A week of figures, with a slice, a target, an agreement, a mark and two remarks, one shown."""
    days = [TODAY - dt.timedelta(days=number) for number in range(1, 8)]
    rows = [Observation(f"{word.lower()}-shop", "sessions", day, 40.0) for day in days]
    rows += [Observation(f"{word.lower()}-shop", "sessions", day, 4.0, dims=f"page=/{word}") for day in days]
    with patch.object(store, "_ask", inline.ask):
        receiving.receive(client, f"{word.lower()}-shop", rows, by=SYSTEM, label=f"{word} shop")
    dashboards.arrange(
        client,
        by=SYSTEM,
        outside_url=f"https://{word.lower()}.test/figures",
        outside_name=f"{word} elsewhere",
    )
    dashboards.share(client, by=SYSTEM)
    remarks.comment(client, "2026-11", f"{word} thinks it over", by=SYSTEM)
    remarks.comment(client, "2026-11", f"{word} gained ground", by=SYSTEM, metric="sessions", shown=True)
    remarks.annotate(client, "site", TODAY - dt.timedelta(days=3), f"{word} moved house", by=SYSTEM)
    targets.agree_target(client, "sessions", Decimal(900), TODAY.replace(day=1), by=SYSTEM, contact=contact)
    Connection.objects.create(
        client=client,
        source=client.figure_sources.get(),
        provider="google-analytics",
        account=f"{word}-1",
        secret=seal({"key": {}}),
        since=TODAY - dt.timedelta(days=7),
        made_at=cast.NOW,
        by_name="Somebody",
    )
    targets.agree_tracking(
        client, f"{word} forms", TODAY, by=SYSTEM, left_out=f"{word} calls", contact=contact
    )


def measured_number(name: str, client: Client) -> int | None:
    """The number that stands in one of these addresses."""
    match name:
        case "client-commentary-showing" | "client-commentary-removal":
            return Commentary.objects.filter(client=client).earliest("pk").pk
        case "client-commentary-showing-removal":
            return Commentary.objects.filter(client=client).latest("pk").pk
        case "client-annotation-removal":
            return Annotation.objects.get(client=client).pk
        case "client-target-removal":
            return Target.objects.get(client=client).pk
        case "client-source-removal":
            return Source.objects.get(client=client).pk
        case "client-connection" | "client-connection-run" | "client-connection-removal":
            return Connection.objects.get(client=client).pk
        case "figures-of":
            return Dashboard.objects.get(client=client).pk
    return None


def table_of(client: Client) -> str:
    """The digest of a kept table of theirs."""
    return keep([TABLE.format(client.pk).encode()], "table.csv").digest

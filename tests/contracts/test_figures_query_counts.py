"""Pages of figures make the queries that are written down, however much lies behind them.

`QUERY_COUNTS=write pytest tests/contracts/test_figures_query_counts.py` writes them down anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.portal_access import invite_contact
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.reporting import charts
from steadyhand.reporting.attribution import importing
from steadyhand.reporting.dips.noticing import take_in
from steadyhand.reporting.metrics import dashboards, receiving, remarks, store, targets
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import Report
from steadyhand.reporting.reports import drafting, opening, sending
from steadyhand.reporting.reports.periods import parse
from tests import cast
from tests.cast import SYSTEM
from tests.contracts.dipped import found_dip
from tests.contracts.query_counts import pinned
from tests.reporting import inline

pytestmark = pytest.mark.django_db

FEW, MANY = 1, 3
TODAY = cast.NOW.date()
KEYS = ("revenue", "sessions", "leads")
MONTHS = ("2026-10", "2026-09", "2026-08")

PAGES = (
    "/clients/halden-bikes/figures/?period=2026-10",
    "/clients/halden-bikes/figures/charts/?period=2026-10",
    "/api/clients/halden-bikes/figures?period=2026-10",
    "/clients/halden-bikes/sources/",
    "/clients/halden-bikes/paths/",
    "/clients/halden-bikes/reports/",
    "/clients/halden-bikes/reports/?part=sent",
    "/reports/",
    "/reports/?part=sent",
    "/reports/{report}/",
    "/reports/{sent}/",
    "/api/clients/halden-bikes/reports",
    "/dips/",
    "/dips/{dip}/",
    "/api/dips",
    "portal:/portal/figures/?period=2026-10",
    "portal:/portal/reports/",
    "portal:/portal/reports/{sent}/",
)

type Counted = dict[tuple[str, int], int]


@pytest.fixture(scope="module")
def counted(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Counted]:
    """(page, size) → queries, for one client of whom there is ever more."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("figures")
    data, settings.DATA = settings.DATA, folder
    stroke = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>'
    with (
        django_db_blocker.unblock(),
        time_machine.travel(cast.NOW, tick=False),
        patch.object(store, "_ask", inline.ask),
        patch.object(charts, "_draw", lambda specs: [stroke for _ in specs]),
        patch.object(sending, "report_pdf", lambda report, reading: b"%PDF-1.7"),
        transaction.atomic(),
    ):
        made = cast.build(planned=False)
        client, maya = made.halden, Contact.objects.get(name="Maya Lind")
        _walk(client, folder)
        staff, theirs = Browser(), Browser()
        staff.force_login(cast.user_of(made.jody))
        theirs.force_login(invite_contact(maya, by=SYSTEM).user)
        dashboards.share(client, by=SYSTEM)
        found: Counted = {}
        grown = 0
        for size in (FEW, MANY):
            for number in range(grown, size):
                _grow(client, maya, number)
            grown = size
            for page in PAGES:
                found[page, size] = _queries(theirs if page.startswith("portal:") else staff, _filled(page))
        yield found
        transaction.set_rollback(True)
    settings.DATA = data


def _grow(client: Client, maya: Contact, number: int) -> None:
    """One more source, remark, mark, target, dip and report of everything there can be several of."""
    key = KEYS[number]
    months = [dt.date(2026, 8, 1) + dt.timedelta(days=n) for n in range(92)]
    days = [*months, *(dt.date(2025, 10, 1) + dt.timedelta(days=n) for n in range(31))]
    rows = [Observation(f"shop-{number}", key, day, 40.0) for day in days]
    receiving.receive(client, f"shop-{number}", rows, by=SYSTEM, label=f"Shop {number}", currency="GBP")
    remarks.comment(client, "2026-10", "It was the new pages.", by=SYSTEM, metric=key, shown=True)
    remarks.annotate(client, "site", dt.date(2026, 10, 5 + number), "Moved house", by=SYSTEM, shown=True)
    targets.agree_target(client, key, Decimal(900), dt.date(2026, 10, 1), by=SYSTEM, contact=maya)
    take_in({"incidents": [found_dip(client, one) for one in KEYS[: number + 1]], "shocks": []})
    sent = drafting.draft_for(client, parse(MONTHS[number]), by=SYSTEM)
    sent = sending.send_report(sent, by=SYSTEM)
    opening.note_opening(sent, maya, by=Actor(ActorKind.CONTACT, maya.pk, maya.name))
    drafting.draft_for(client, parse(f"2026-W{30 + number}"), by=SYSTEM)


def _walk(client: Client, folder: Path) -> None:
    touches, sales = folder / "touches.csv", folder / "sales.csv"
    touches.write_text("user,time,channel\n1,2026-11-01 10:00,Email\n1,2026-11-03 10:00,Direct\n")
    sales.write_text("user,time,value\n1,2026-11-05 10:00,1200\n")
    importing.import_tables(client, touches, sales, by=SYSTEM)


def _filled(page: str) -> str:
    reports = Report.objects.filter(kind="figures")
    numbers = {
        "report": reports.unsent().latest("pk").pk,
        "sent": reports.filter(state="sent").earliest("pk").pk,
        "dip": Client.objects.get(ref="halden-bikes").incidents.earliest("pk").pk,
    }
    return page.removeprefix("portal:").format(**numbers)


def _queries(browser: Browser, path: str) -> int:
    assert browser.get(path).status_code == 200, path  # what is read once is read now
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    return len(queries)


@pytest.mark.parametrize("page", PAGES)
def test_the_same_queries_however_much_there_is(counted: Counted, page: str) -> None:
    few, many = counted[page, FEW], counted[page, MANY]
    assert few == many, f"{few} queries with {FEW} of each, {many} with {MANY}"
    pinned(f"figures: {page}", many)

"""One number everywhere: page, client's page, API and export say the same; the client sees what is shared."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.portal_access import invite_contact
from steadyhand.exchange.exporting import export_to
from steadyhand.people.tokens import make_token
from steadyhand.reporting import charts
from steadyhand.reporting.metrics import dashboards, page, periods, receiving, remarks
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import Dashboard, Source
from tests import cast
from tests.cast import SYSTEM, Cast, user_of

pytestmark = pytest.mark.django_db
OCTOBER = periods.month(2026, 10)
HERE = "/clients/halden-bikes/"
API = "/api/clients/halden-bikes/"


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    monkeypatch.setattr(charts, "_draw", lambda specs: ["<svg></svg>" for _ in specs])
    with time_machine.travel(cast.NOW, tick=False):
        made = cast.build(planned=False)
        rows = [
            Observation("upload", metric, day, value)
            for day in (OCTOBER.start + dt.timedelta(days=n) for n in range(31))
            for metric, value in (("revenue", 99.99), ("sessions", 47.0))
        ]
        receiving.receive(made.halden, "upload", rows, by=SYSTEM)
        dashboards.arrange(made.halden, by=SYSTEM, keys=["revenue", "sessions"])
        yield made


def program(people: Cast, scope: str = "write") -> Browser:
    _, secret = make_token(people.jody, "tests", scope, by=people.jody.actor)
    return Browser(headers={"Authorization": f"Bearer {secret}"})


def visitor(people: Cast) -> Browser:
    browser = Browser()
    user = invite_contact(people.halden.contacts.get(name="Maya Lind"), by=SYSTEM).user
    assert user is not None
    browser.force_login(user)
    return browser


def test_page_portal_api_and_export_say_the_same(people: Cast, tmp_path: Path) -> None:
    browser = Browser()
    browser.force_login(user_of(people.jody))
    assert "£3,100" in browser.get(f"{HERE}figures/", {"period": "2026-10"}).text
    dashboards.share(people.halden, by=SYSTEM)
    assert "£3,100" in visitor(people).get("/portal/figures/", {"period": "2026-10"}).text
    revenue, sessions = program(people, "read").get(f"{API}figures", {"period": "2026-10"}).json()
    assert (revenue["value"], revenue["currency"], sessions["value"]) == ("3099.69", "GBP", "1457")
    assert (revenue["source"], revenue["zone"], revenue["provisional"]) == ("Upload", "Europe/London", False)
    export_to(tmp_path / "out", by=people.jody.actor)
    rows = json.loads((tmp_path / "out" / "figures.json").read_text())
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row["metric"]] = sums.get(row["metric"], Decimal(0)) + Decimal(str(row["value"]))
    assert sums == {"revenue": Decimal("3099.69"), "sessions": Decimal(1457)}
    export_to(tmp_path / "sam", by=people.sam.actor)
    assert {row["client"] for row in json.loads((tmp_path / "sam" / "figures.json").read_text())} == {
        "halden-bikes"
    }


def test_the_api_takes_figures_and_says_what_it_left_out(people: Cast) -> None:
    api = program(people)
    values = [
        {"date": "2026-10-01", "metric": "sessions", "value": 50},
        {"date": "2026-10-02", "metric": "sessions", "value": 5, "dimensions": {"channel": "Mail"}},
        {"date": "2026-10-03", "metric": "sessions", "value": -1},
        {"date": "2027-10-03", "metric": "sessions", "value": 1},
        {"date": "2026-10-03", "metric": "revenue", "value": 1, "currency": "EUR"},
    ]
    sent = api.post(f"{API}metrics", {"source": "Upload", "values": values}, content_type="application/json")
    told = sent.json()
    assert (sent.status_code, told["new"], told["replaced"]) == (201, 1, 1)
    assert [one["line"] for one in told["refused"]] == [3, 4, 5]
    [mail] = api.get(
        f"{API}figures/days", {"metrics": "sessions", "period": "2026-10", "dimension": "channel"}
    ).json()
    assert (mail["dimensions"], mail["value"]) == ("channel=Mail", 5)


@pytest.mark.parametrize(
    "query", [{"metrics": "happiness"}, {"period": "october"}, {"period": "2026-10-09..2026-10-01"}]
)
def test_a_wrong_question_is_answered_with_a_sentence(people: Cast, query: dict[str, str]) -> None:
    wrong = program(people).get(f"{API}figures", query)
    assert wrong.status_code in (400, 422) and wrong.json()["error"].endswith(".")


def test_who_reads_only_sends_nothing(people: Cast) -> None:
    body = {"values": [{"date": "2026-10-01", "metric": "sessions", "value": 50}]}
    sent = program(people, "read").post(f"{API}metrics", body, content_type="application/json")
    assert sent.status_code == 403
    other = program(people).post("/api/clients/lumen-legal/metrics", body, content_type="application/json")
    assert other.status_code == 404


def test_the_client_sees_what_is_shared_and_nothing_else(people: Cast) -> None:
    remarks.comment(people.halden, "2026-10", "Ours alone", by=SYSTEM)
    remarks.comment(people.halden, "2026-10", "For you as well", by=SYSTEM, shown=True)
    browser = visitor(people)
    there = "/portal/figures/"
    assert "as soon as we share them" in browser.get(there).text
    dashboard = Dashboard.objects.get()
    assert browser.get(f"{there}{dashboard.pk}/").status_code == 404
    dashboards.share(people.halden, by=SYSTEM)
    shown = browser.get(there, {"period": "2026-10"}).text
    assert "For you as well" in shown and "Ours alone" not in shown
    assert f"/portal/figures/{dashboard.pk}/" in browser.get("/portal/").text
    assert browser.get(there, {"period": "nonsense"}).status_code == 404
    link = dashboards.link_for(people.halden.contacts.get(name="Ola Brandt"), by=SYSTEM)
    stranger = Browser()
    stranger.get(link)
    assert "For you as well" in stranger.get(f"{there}{dashboard.pk}/", {"period": "2026-10"}).text
    dashboards.close(people.halden, by=SYSTEM)
    assert stranger.get(f"{there}{dashboard.pk}/").status_code == 404
    assert "For you as well" not in browser.get(there).text


def test_two_records_of_one_client_become_one(people: Cast, django_capture_on_commit_callbacks: Any) -> None:
    rows = [Observation("upload", "leads", OCTOBER.start, 3.0)]
    receiving.receive(people.orbit, "upload", rows, by=SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):
        book.merge_clients(people.halden, people.orbit, by=SYSTEM)
    assert set(Source.objects.values_list("client", "key")) == {
        (people.halden.pk, "upload"),
        (people.halden.pk, "upload-2"),
    }
    dashboards.arrange(people.halden, by=SYSTEM, keys=["leads", "sessions"])
    leads, sessions = page.compose(people.halden, OCTOBER).cards
    assert (leads.figure.value, sessions.figure.value) == (3, 1457)

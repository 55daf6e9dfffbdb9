"""A large table of figures: looked at and brought in by the worker; wrong ones get their sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from steadyhand.clients.models import Access
from steadyhand.exchange import figure_runs
from steadyhand.exchange.models import ImportRun, RunState
from steadyhand.exchange.runs import Claim
from steadyhand.exchange.work import go_on_with_all
from steadyhand.reporting.metrics import store
from steadyhand.reporting.metrics.periods import parse
from steadyhand.reporting.metrics.reading import figures
from tests import cast
from tests.cast import NOW, Cast, user_of
from tests.reporting import inline

pytestmark = pytest.mark.django_db

HERE = "/clients/halden-bikes/sources/uploads/"
OCTOBER = [dt.date(2026, 10, day) for day in range(1, 32)]
TABLE = "\n".join(["date,sessions,orders", *(f"{day},400,12" for day in OCTOBER), "2026-10-99,1,1"])


@pytest.fixture
def northwind(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """Every file is a large one, and the worker comes when it is called."""
    settings.DATA = tmp_path
    monkeypatch.setattr(store, "_ask", inline.ask)
    monkeypatch.setattr(figure_runs, "AT_ONCE", 10)
    monkeypatch.setattr("steadyhand.web.views.figure_sources.nudge", lambda task, number: None)
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def browser_of(northwind: Cast) -> Browser:
    browser = Browser()
    browser.force_login(user_of(northwind.jody))
    return browser


def uploaded(browser: Browser, content: str = TABLE) -> str:
    """The address of the page about a table that was handed in."""
    file = SimpleUploadedFile("shop.csv", content.encode())
    return browser.post(HERE, {"file": file, "label": "Shop"}).headers["Location"]


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_large_table_is_looked_at_and_brought_in_by_the_worker(northwind: Cast) -> None:
    browser = browser_of(northwind)
    page = uploaded(browser)
    assert "Reading the lines" in text_of(browser.get(page))
    assert "every 1s" in browser.get(page, headers={"HX-Request": "true"}).content.decode()
    assert go_on_with_all() == 1
    assert browser.get(page, headers={"HX-Request": "true"}).headers["HX-Redirect"] == page
    said = text_of(browser.get(page))
    assert "62 values from 1 October 2026 to 31 October 2026" in said and "62 are new." in said
    assert "1 line left out" in said
    assert not store.file_of(northwind.halden.pk).exists(), "nothing is written yet"
    browser.post(page, {"role_0": "date", "role_1": "metric:sessions", "role_2": ""})
    assert "Bringing them in" in text_of(browser.get(page))
    go_on_with_all()
    assert browser.get(page).headers["Location"] == "/clients/halden-bikes/figures/"
    (sessions,) = figures(northwind.halden, ["sessions"], parse("2026-10"))
    assert sessions.value == 12_400
    assert not ImportRun.objects.visible_to(northwind.keiran.actor).exists(), "no import of a book"


def test_columns_may_be_named_anew(northwind: Cast) -> None:
    browser = browser_of(northwind)
    page = uploaded(browser)
    go_on_with_all()
    browser.post(page, {"look": "again", "role_0": "date", "role_1": "", "role_2": ""})
    go_on_with_all()
    said = text_of(browser.get(page))
    assert "No line of this table can be brought in" in said or "column" in said
    assert "Bring them in" not in said


def test_a_wrong_file_gets_its_sentence_at_once(northwind: Cast) -> None:
    browser = browser_of(northwind)
    file = SimpleUploadedFile("shop.xlsx", b"%PDF-1.7 this is no workbook at all")
    answer = browser.post(HERE, {"file": file, "label": "Shop"})
    assert answer.status_code == 422 and "shop.xlsx" in text_of(answer)
    assert not ImportRun.objects.exists()


def test_a_killed_worker_leaves_it_to_the_next(northwind: Cast) -> None:
    page = uploaded(browser_of(northwind))
    run = ImportRun.objects.get()
    assert Claim.take(run, (RunState.CHECKING,), RunState.CHECKING) is not None, "and its process dies"
    assert go_on_with_all() == 0
    with time_machine.travel(NOW + dt.timedelta(minutes=2), tick=False):
        assert go_on_with_all() == 1
    run.refresh_from_db()
    assert run.state == RunState.CHECKED and run.counts["new"] == 62 and page


def test_who_lost_the_right_meanwhile_brings_nothing_in(northwind: Cast) -> None:
    browser = browser_of(northwind)
    page = uploaded(browser)
    go_on_with_all()
    browser.post(page, {"role_0": "date", "role_1": "metric:sessions", "role_2": ""})
    Access.objects.filter(client=northwind.halden, member=northwind.jody).delete()
    go_on_with_all()
    run = ImportRun.objects.get()
    assert run.state == RunState.FAILED and "may not bring figures in any more" in run.problem

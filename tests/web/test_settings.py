"""The agency's settings pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client as Browser

from steadyhand.core import agency
from steadyhand.core.models import Agency, ClosedDay, Event
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests.cast import NOW, SYSTEM, joined

pytestmark = pytest.mark.django_db
ABOUT = {
    "name": "Dunder Mifflin",
    "country": "DE",
    "subdivision": "BY",
    "zone": "Europe/Berlin",
    "working_days": ["0", "1", "2", "3"],
    "day_starts": "08:30",
    "day_ends": "16:00",
    "horizon_weeks": "26",
}


@pytest.fixture
def boss() -> Iterator[Browser]:
    with time_machine.travel(NOW, tick=False):
        agency.found(by=SYSTEM, name="Dunder")
        yield signed_in(joined("David Wallace", Role.ADMINISTRATOR))


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(Member.objects.get(pk=member.pk).user, backend="steadyhand.people.sign_in.Backend")  # type: ignore[arg-type]
    return browser


def text(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_agency_changes_and_keeps_its_currency(boss: Browser) -> None:
    assert 'value="2"' in text(boss.get("/settings/agency/"))
    assert boss.post("/settings/agency/", ABOUT | {"currency": "USD"})["Location"] == "/settings/"
    now = Agency.get()
    assert (now.name, now.country, now.zone, now.working_days) == (
        "Dunder Mifflin",
        "DE",
        "Europe/Berlin",
        "0123",
    )
    assert (now.day_starts, now.horizon_weeks, now.currency) == (dt.time(8, 30), 26, "GBP")
    assert Event.objects.filter(verb="agency.changed").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day_ends": "07:00"}, "ends before it starts"),
        ({"working_days": []}, "required"),
        ({"zone": "Mars/Base"}, "not one of the available choices"),
        ({"horizon_weeks": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_right_changes_nothing(boss: Browser, wrong: dict[str, object], sentence: str) -> None:
    answer = boss.post("/settings/agency/", ABOUT | wrong)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert Agency.get().name == "Dunder"


def test_closing_and_opening_days(boss: Browser) -> None:
    assert "No day is closed yet" in text(boss.get("/settings/closed-days/"))
    done = boss.post(
        "/settings/closed-days/", {"day": "2026-12-28", "reason": "Between the years"}, follow=True
    )
    assert "Between the years" in text(done)
    assert ClosedDay.objects.get().day == dt.date(2026, 12, 28)
    boss.post("/settings/closed-days/2026-12-28/reopening/")
    assert not ClosedDay.objects.exists()
    again = boss.post("/settings/closed-days/2026-12-28/reopening/", follow=True)
    assert "was not closed" in text(again)
    assert boss.post("/settings/closed-days/2026-13-40/reopening/").status_code == 404


def test_rates_are_dated(boss: Browser) -> None:
    boss.post("/settings/rates/", {"currency": "EUR", "rate": "0.85", "from_day": "2026-01-01"})
    boss.post("/settings/rates/", {"currency": "EUR", "rate": "0.87", "from_day": "2026-07-01"})
    boss.post("/settings/rates/", {"currency": "KWD", "rate": "10", "from_day": "2027-01-01"})
    assert agency.rates_on(dt.date(2026, 6, 30)) == {"EUR": Decimal("0.85")}
    page = text(boss.get("/settings/rates/"))
    assert "0.85" in page
    assert "0.85000000" not in page
    assert re.search(r">10<", page)
    own = boss.post("/settings/rates/", {"currency": "GBP", "rate": "1", "from_day": "2026-01-01"})
    assert "own currency" in text(own)
    zero = boss.post("/settings/rates/", {"currency": "EUR", "rate": "0", "from_day": "2026-01-01"})
    assert (zero.status_code, "above zero" in text(zero)) == (422, True)


def test_who_may_set_what(boss: Browser) -> None:
    head = signed_in(joined("Michael Scott", Role.HEAD))
    pam = signed_in(joined("Pam Beesly", Role.MANAGER))
    assert "/settings/agency/" in text(boss.get("/settings/"))
    page = text(head.get("/settings/"))
    assert "/team/people/" in page
    assert "/settings/agency/" not in page
    for path in ("agency/", "closed-days/", "rates/"):
        assert head.get(f"/settings/{path}").status_code == 403
        assert head.post(f"/settings/{path}", ABOUT).status_code == 403
    assert pam.get("/settings/").status_code == 403

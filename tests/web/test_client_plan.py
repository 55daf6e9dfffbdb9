"""A client's plan on its page: agreeing, departing, bespoke, two people at once; and the brief."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book, engagements, plans
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import AgreedTime, Client, Departure, EngagementKind
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.core.models import Event
from tests.cast import NOW, SYSTEM, Cast, build, retained
from tests.web.test_clients import as_, text, undo_of

pytestmark = pytest.mark.django_db
HERE = "/clients/halden-bikes/plan/"


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield build()


@pytest.fixture
def planning(django_capture_on_commit_callbacks):
    """Let what happens after a commit happen, as it does outside of tests."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def path(client: Client, rest: str) -> str:
    return f"{client.get_absolute_url()}plan/{client.engagements.get().pk}/{rest}"


def revision(browser: Browser, here: str = HERE) -> str:
    found = re.search(r'name="revision" value="(\d+)"', browser.get(here).content.decode())
    assert found
    return found.group(1)


def test_the_plan_has_its_parts_and_says_why(cast: Cast):
    page = text(as_(cast.jody).get(HERE))
    for words in (
        "Reporting",
        "Calls and meetings",
        "Feedback",
        "Entertainment",
        "Surprise and delight",
        "Upsell and cross-sell",
        "Weekly call, because they spend £3,000 a month",
        "internal: the client never sees this",
        "What that comes to",
        "version 1",
    ):
        assert words in page, words


def test_the_plan_for_the_client_holds_nothing_internal(cast: Cast):
    plans.depart(cast.halden.engagements.get(), "call", by=SYSTEM, cadence="weekly", reason="CANARY-REASON")
    plan_book()
    page = as_(cast.jody).get(f"{HERE}?for=client")
    main = text(page).split("Our plan with", 1)[1]
    for words in (
        "ntertain",
        "urprise",
        "psell",
        "internal",
        "CANARY",
        "because",
        "£",
        "propensity",
        "Orbit",
    ):
        assert words not in main, words
    assert "Weekly call" in main and "Monthly report" in main


def test_a_day_and_time_are_agreed_and_the_calls_follow_and_back(cast: Cast, planning):
    browser = as_(cast.jody)
    with planning():
        data = {"weekday": "1", "time": "10:00", "revision": revision(browser)}
        answer = browser.post(path(cast.halden, "times/call/"), data)
    assert answer.status_code == 302
    calls = Commitment.objects.filter(client=cast.halden, rule="call", state=State.OPEN)
    assert {(c.due_on.weekday(), c.due_time) for c in calls} == {(1, dt.time(10))}
    page = browser.get(HERE)
    assert "Tuesdays at 10:00" in text(page)
    with planning():
        browser.post(undo_of(page))
    assert not AgreedTime.objects.exists()
    assert {c.due_time for c in calls.all()} == {None}


def test_an_hour_that_is_taken_is_refused_at_its_field_with_a_free_one(cast: Cast, planning):
    browser = as_(cast.jody)
    other = retained("Quarry Tools", 2000, lead=cast.jody)
    with planning():
        browser.post(path(cast.halden, "times/call/"), {"weekday": "1", "time": "10:00"})
    plan_book()
    answer = browser.post(path(other, "times/call/"), {"weekday": "1", "time": "10:10"})
    assert answer.status_code == 422
    assert "Jody Marsh has “Weekly call” with Halden Bikes" in text(answer)
    assert "09:00 is free" in text(answer)
    assert AgreedTime.objects.count() == 1


def test_two_people_in_one_plan_see_both_sides_and_choose(cast: Cast):
    jody, keiran = as_(cast.jody), as_(cast.keiran)
    seen = revision(jody)
    keiran.post(path(cast.halden, "times/call/"), {"weekday": "3", "time": "15:00", "revision": seen})
    answer = jody.post(path(cast.halden, "times/call/"), {"weekday": "1", "time": "10:00", "revision": seen})
    assert answer.status_code == 409
    page = text(answer)
    assert "Somebody else changed the plan" in page
    assert "Tuesday" in page and "Thursdays at 15:00" in page
    assert AgreedTime.objects.get().weekday == 3
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))
    form.pop("csrfmiddlewaretoken", None)
    jody.post(path(cast.halden, "times/call/"), form)
    assert AgreedTime.objects.get().weekday == 1


def test_a_client_departs_and_returns(cast: Cast, planning):
    browser = as_(cast.jody)
    data = {"cadence": "monthly", "minutes": "60", "reason": "They travel"}
    assert browser.post(path(cast.halden, "departures/call/"), data | {"reason": ""}).status_code == 422
    with planning():
        browser.post(path(cast.halden, "departures/call/"), data)
    page = text(browser.get(HERE))
    assert "departs from the playbook" in page and "They travel" in page
    assert Commitment.objects.filter(client=cast.halden, rule="call", state=State.OPEN).count() < 6
    with planning():
        browser.post(path(cast.halden, "departures/call/return/"))
    assert not Departure.objects.exists()
    assert Commitment.objects.filter(client=cast.halden, rule="call", state=State.OPEN).count() > 10


def test_something_is_added_and_something_left_out(cast: Cast):
    browser = as_(cast.jody)
    added = {"rule": "paid-search-report", "cadence": "weekly", "reason": "They asked for it"}
    browser.post(path(cast.halden, "departures/"), added)
    browser.post(path(cast.halden, "departures/review/"), {"cadence": "", "reason": "Not wanted"})
    page = text(browser.get(HERE))
    assert "Weekly paid-search report" in page and "Client review not at all" in page


@pytest.mark.parametrize(
    ("rest", "data", "says"),
    [
        ("departures/call/", {"cadence": "hourly", "reason": "x"}, "valid choice"),
        ("departures/call/", {"cadence": "weekly", "minutes": "900", "reason": "x"}, "480"),
        ("departures/made-up/", {"cadence": "weekly", "reason": "x"}, "no made-up in this plan"),
        ("departures/", {"rule": "made-up", "cadence": "weekly", "reason": "x"}, "valid choice"),
        ("times/call/", {"weekday": "9"}, "valid choice"),
        ("times/call/", {"time": "25:00"}, "valid time"),
        ("times/made-up/", {"weekday": "1"}, "no made-up in this plan"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(cast: Cast, rest: str, data: dict, says: str):
    before = Event.objects.count()
    answer = as_(cast.jody).post(path(cast.halden, rest), data)
    assert answer.status_code in (409, 422) and says in text(answer)
    assert Event.objects.count() == before


def test_the_client_declines_the_meetings_of_the_first_month(cast: Cast, planning):
    client = book.add_client("Fresh Ltd", by=SYSTEM)
    engagements.begin_engagement(
        client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        amount=2000,
        currency="GBP",
        starts_on=NOW.date(),
        services=[ServiceLine("SEO")],
    )
    plan_book()
    meetings = Commitment.objects.filter(client=client, rule="first-month-meeting", state=State.OPEN)
    assert meetings.count() >= 4
    browser = as_(cast.keiran)
    assert "The client declines" in text(browser.get(f"{client.get_absolute_url()}plan/"))
    with planning():
        browser.post(
            path(client, "departures/first-month-meeting/"), {"cadence": "", "reason": "They know us"}
        )
    assert not meetings.exists()


def test_a_bespoke_plan_is_agreed_as_a_whole(cast: Cast, planning):
    client = retained("Meridian Hotels", 9000, lead=cast.jody)
    plan_book()
    browser, here = as_(cast.jody), f"{client.get_absolute_url()}plan/"
    assert "This plan is made with the client" in text(browser.get(here))
    assert "at least one line" in text(browser.post(f"{here}bespoke/", {"revision": revision(browser, here)}))
    with planning():
        data = {"call-cadence": "weekly", "call-minutes": "60", "report-cadence": "monthly"}
        browser.post(f"{here}bespoke/", data | {"revision": revision(browser, here)})
    assert Commitment.objects.get(client=client, kind=Kind.PLAN_AGREEMENT).state == State.DONE
    page = text(browser.get(here))
    assert "made with the client" not in page and "Weekly call" in page
    assert "needs no agreeing" in text(browser.post(f"{here}bespoke/", data))


def test_who_may_not_agree_reads_only_and_others_see_nothing(cast: Cast):
    browser = as_(cast.sam)  # an executive supports Halden
    page = browser.get(HERE)
    assert page.status_code == 200 and "Agree day and time" not in text(page)
    assert browser.post(path(cast.halden, "times/call/"), {"weekday": "1"}).status_code == 403
    for part in ("plan/", "plan/?for=client", "brief/"):
        assert browser.get(f"/clients/orbit-dental/{part}").status_code == 404
    lumen = cast.lumen.engagements.get().pk
    assert as_(cast.jody).post(f"/clients/halden-bikes/plan/{lumen}/times/call/", {}).status_code == 404


def test_a_client_that_needs_a_rate_has_no_plan_and_says_so(cast: Cast):
    client = retained("Quarry Tools", 100, lead=cast.jody, currency="CHF")
    plan_book()
    assert "no rate for it" in text(as_(cast.jody).get(f"{client.get_absolute_url()}plan/"))


def test_a_client_that_buys_nothing_says_what_comes_next(cast: Cast):
    client = book.add_client("Quiet Ltd", by=SYSTEM)
    assert "follows from what a client buys" in text(
        as_(cast.keiran).get(f"{client.get_absolute_url()}plan/")
    )


def test_the_brief_is_read_and_said_to_be(cast: Cast):
    book.change_client(cast.halden, by=SYSTEM, business="City bikes", goals="400 enquiries")
    browser, here = as_(cast.jody), "/clients/halden-bikes/brief/"
    page = text(browser.get(here))
    for words in ("City bikes", "400 enquiries", "SEO", "Maya Lind", "Jody Marsh", "Weekly call"):
        assert words in page, words
    assert "Read the brief" in text(browser.get("/clients/halden-bikes/"))
    browser.post(f"{here}reading/")
    assert "Read the brief" not in text(browser.get("/clients/halden-bikes/"))
    assert cast.halden.readings.get().member == cast.jody
    browser.post(f"{here}reading/", {"back": "1"})
    assert not cast.halden.readings.exists()

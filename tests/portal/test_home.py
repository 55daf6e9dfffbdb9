"""What somebody at a client sees first, and what they never see."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.clients import book
from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_client
from steadyhand.comms.asking import chasing
from steadyhand.comms.meetings import agenda
from steadyhand.comms.meetings.inviting import send_invitations
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.models import Meeting
from steadyhand.desk import portal_home, portal_waiting
from tests import cast
from tests.cast import SYSTEM
from tests.contracts.query_counts import pinned
from tests.portal.conftest import Visited, signed_in

TODAY = cast.NOW.date()


def text_of(browser: Browser, path: str = "/portal/") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def meeting_of(visited: Visited, *, invited: bool) -> Meeting:
    meeting = plan_meeting(
        visited.cast.halden,
        "December review",
        by=SYSTEM,
        day=TODAY + dt.timedelta(days=9),
        time=dt.time(15),
        led_by=visited.cast.jody,
        agenda_key=agenda.REVIEW,
        contacts=[visited.maya],
    )
    if invited:
        send_invitations(meeting, by=SYSTEM)
    return meeting


def test_what_waits_on_them_comes_first(visited: Visited) -> None:
    assert "Nothing waits on you" in text_of(signed_in(visited.maya))
    chasing.ask_client(
        visited.cast.halden, "The October lead list", by=SYSTEM, wanted_by=TODAY + dt.timedelta(days=3)
    )
    page = text_of(signed_in(visited.maya))
    assert "One thing waits on you" in page
    assert page.index("The October lead list") < page.index("What we do for you next")


def test_what_was_asked_of_a_colleague_waits_on_them_alone(visited: Visited) -> None:
    chasing.ask_client(visited.cast.halden, "The logo", by=SYSTEM, contact=visited.ola)
    assert not portal_waiting.waiting_on(visited.maya)
    assert [one.words for one in portal_waiting.waiting_on(visited.ola)] == ["The logo"]
    assert not portal_waiting.waiting_on(visited.priya)


def test_a_promise_that_waits_on_them_says_so_in_words_meant_for_them(visited: Visited) -> None:
    report = Commitment.objects.filter(client=visited.cast.halden, rule="report", state="open")[0]
    keeping.wait_on_client(report, by=SYSTEM, note="They dither")
    by_hand = keeping.promise(
        visited.cast.halden, "Calm Maya down", by=SYSTEM, owner=visited.cast.jody, due_on=TODAY
    )
    keeping.wait_on_client(by_hand, by=SYSTEM, note="Moody")
    page = text_of(signed_in(visited.maya))
    assert "Report from Northwind" in page
    assert not any(word in page for word in ("dither", "Calm", "Moody"))


def test_the_plan_is_theirs_and_nothing_internal(visited: Visited) -> None:
    planned = portal_home.plan_for(visited.maya)
    assert {one.words for one in planned} >= {"Call with Northwind", "Report from Northwind"}
    internal = Commitment.objects.filter(client=visited.cast.halden, internal=True)
    shown = Commitment.objects.filter(client=visited.cast.halden, internal=False, state="open")
    assert internal.exists()
    assert len(planned) <= shown.count()
    page = text_of(signed_in(visited.maya), "/portal/plan/")
    assert "December 2026" in page and "Jody Marsh" in page


def test_the_set_up_of_each_service_is_named(visited: Visited) -> None:
    bought = ("SEO", "Radio")
    nova = cast.retained("Nova", 3000, lead=visited.cast.jody, services=bought, starts_on=TODAY)
    contact = book.add_contact(nova, "Nils Vey", by=SYSTEM)
    plan_client(nova.pk)
    words = [one.words for one in portal_home.plan_for(contact)]
    assert {"Set-up of SEO", "Set-up of Radio"} <= set(words)


def test_only_meetings_they_were_invited_to(visited: Visited) -> None:
    meeting = meeting_of(visited, invited=False)
    assert "December review" not in text_of(signed_in(visited.maya))
    send_invitations(meeting, by=SYSTEM)
    assert "December review" in text_of(signed_in(visited.maya))
    assert "December review" not in text_of(signed_in(visited.ola_invited()))


def test_only_a_first_month_meeting_is_declined(visited: Visited) -> None:
    meeting = meeting_of(visited, invited=True)
    browser = signed_in(visited.maya)
    attendee = meeting.attendees.get(contact=visited.maya)
    answer = browser.post(f"/portal/meetings/{attendee.pk}/declining/")
    assert answer.status_code == 409
    assert "cannot be declined here" in answer.content.decode()
    Commitment.objects.filter(pk=meeting.commitment_id or 0).update(rule="first-month-meeting")
    promise = Commitment.objects.filter(client=visited.cast.halden, state="open", rule="report").earliest(
        "pk"
    )
    Commitment.objects.filter(pk=promise.pk).update(rule="first-month-meeting")
    meeting.commitment = promise
    meeting.save(update_fields=["commitment"])
    assert "We can do without" in text_of(browser)
    assert signed_in(visited.priya).post(f"/portal/meetings/{attendee.pk}/declining/").status_code == 404
    assert browser.post(f"/portal/meetings/{attendee.pk}/declining/").status_code == 302
    meeting.refresh_from_db()
    assert meeting.cancelled_at is not None


def test_who_is_who_and_whom_they_turn_to(visited: Visited) -> None:
    page = text_of(signed_in(visited.maya), "/portal/people/")
    order = [
        page.index(name, page.index("When something is not right")) for name in ("Jody Marsh", "Keiran Reid")
    ]
    assert order == sorted(order)
    assert "answers within" in page
    assert "Your account manager" in page and "Sam Okafor" in page


def test_every_page_is_small_and_asks_little(visited: Visited) -> None:
    meeting_of(visited, invited=True)
    browser = signed_in(visited.maya)
    for path in ("/portal/", "/portal/plan/", "/portal/people/"):
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(path)
        pinned(f"portal: {path}", len(queries))
        assert len(page.content) < 40_000


def test_a_prospect_reads_pages_too(visited: Visited) -> None:
    Client.objects.filter(pk=visited.cast.orbit.pk).update(stage="prospect")
    assert "Nothing waits on you" in text_of(signed_in(visited.priya))

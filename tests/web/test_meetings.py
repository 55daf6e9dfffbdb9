"""Meetings as pages: planned, prepared, held, minuted; the client's link; reports asked for."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.commitments.planning import plan_book
from steadyhand.comms.meetings.first_month import plan_first_month
from steadyhand.comms.meetings.links_in_mail import new_link
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.models import Answer, Meeting, MinutesEntry, ReportRequest
from steadyhand.core.models import Event, Grant, OutboxMessage
from tests.cast import NOW, SYSTEM, Cast, build, retained, user_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 15)


@pytest.fixture
def cast() -> Cast:
    with time_machine.travel(NOW, tick=False):
        return build(planned=False)


@pytest.fixture(autouse=True)
def frozen(cast: Cast):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def jody(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(user_of(cast.jody))
    return browser


def planned(cast: Cast) -> Meeting:
    return plan_meeting(
        cast.halden,
        "Quarterly review",
        by=cast.jody.actor,
        day=DAY,
        time=dt.time(10),
        led_by=cast.jody,
        contacts=[cast.halden.contacts.get(name="Maya Lind")],
        members=[cast.sam],
        agenda_key="quarterly-review",
        in_person=True,
        host="them",  # type: ignore[arg-type]
        prepare=True,
    )


def words(answer) -> str:
    return answer.content.decode()


def test_a_meeting_is_planned_from_its_form(cast: Cast, jody: Browser) -> None:
    form = words(jody.get(f"/meetings/new/?client={cast.halden.ref}"))
    assert "Maya Lind" in form
    assert "Quarterly client review" in form
    maya = cast.halden.contacts.get(name="Maya Lind")
    answer = jody.post(
        "/meetings/new/",
        {
            "client": cast.halden.ref,
            "title": "Review",
            "day": "2026-12-15",
            "time": "10:00",
            "minutes": "60",
            "led_by": cast.jody.pk,
            "agenda_key": "quarterly-review",
            "contacts": [maya.pk],
            "members": [cast.sam.pk],
            "prepare": "on",
        },
    )
    meeting = Meeting.objects.get()
    assert answer["Location"] == f"/meetings/{meeting.pk}/"
    assert meeting.preparations.count() == 4
    taken = jody.post(
        "/meetings/new/",
        {
            "client": "",
            "title": "Other",
            "day": "2026-12-15",
            "time": "10:30",
            "minutes": "30",
            "led_by": cast.jody.pk,
        },
    )
    assert taken.status_code == 422
    assert "Jody Marsh has “Review”" in words(taken)


def test_the_list_shows_what_comes_and_what_was(cast: Cast, jody: Browser, frozen) -> None:
    assert "Plan a meeting" in words(jody.get("/meetings/"))
    planned(cast)
    assert "nobody invited yet" in words(jody.get("/meetings/"))
    assert "Quarterly review" not in words(jody.get("/meetings/?which=past"))
    frozen.move_to(dt.datetime(2026, 12, 20, 9, tzinfo=dt.UTC))
    jody.force_login(user_of(cast.jody))
    assert "to be closed" in words(jody.get("/meetings/?which=past&whose=all&whom=clients"))


def test_its_page_carries_it_from_invitation_to_minutes(cast: Cast, jody: Browser, frozen) -> None:
    meeting = planned(cast)
    url = f"/meetings/{meeting.pk}/"
    assert "Send invitations" in words(jody.get(url))
    jody.post(f"{url}invitations/")
    assert OutboxMessage.objects.filter(kind="meeting").count() == 2
    jody.post(f"{url}attendees/", {"email": "guest@else.test", "name": "Gil"})
    assert OutboxMessage.objects.filter(kind="meeting").count() == 3
    guest = meeting.attendees.get(email="guest@else.test")
    jody.post(f"{url}attendees/{guest.pk}/answer/", {"answer": "accepted"})
    guest.refresh_from_db()
    assert guest.answer == Answer.ACCEPTED
    jody.post(f"{url}attendees/agreement/")
    train = meeting.bookings.get(kind="travel")
    jody.post(f"{url}bookings/{train.pk}/confirmation/", {"reference": "LNER 7K2P"})
    assert "LNER 7K2P" in words(jody.get(url))
    jody.post(f"{url}agenda/", {"title": "Shop in Leeds", "minutes": "10", "notes": ""})
    point = meeting.agenda.get(title="Shop in Leeds")
    jody.post(f"{url}agenda/{point.pk}/place/", {"position": "1"})
    assert meeting.agenda.first() == point
    jody.post(f"{url}agenda/sending/")
    jody.post(f"{url}moves/", {"day": "2026-12-16", "time": "14:00", "minutes": "60", "reason": ""})
    meeting.refresh_from_db()
    assert meeting.sequence == 1
    frozen.move_to(dt.datetime(2026, 12, 16, 14, 0, tzinfo=dt.UTC))
    jody.force_login(user_of(cast.jody))
    assert "Begin" in words(jody.get(url))
    jody.post(f"{url}beginning/")
    kept = jody.post(
        f"{url}minutes/",
        {"item": point.pk, "text": "Opens in March.", "revision": "0", "base": ""},
        HTTP_ACCEPT="application/json",
    )
    assert kept.json() == {"text": "Opens in March.", "revision": 1}
    jody.post(f"{url}decisions/", {"text": "More video"})
    jody.post(f"{url}actions/", {"text": "Send the deck", "owner": cast.sam.pk, "due_on": "2026-12-18"})
    jody.post(f"{url}closing/", {"minutes": "55", "summary": "Went well"})
    page = words(jody.get(url))
    assert "Circulate the minutes" in page
    assert "Opens in March." in page
    assert meeting.actions.get().commitment is not None
    jody.post(f"{url}closing/removal/")
    meeting.refresh_from_db()
    assert meeting.closed_at is None


def test_calling_off_asks_why_and_can_be_taken_back(cast: Cast, jody: Browser) -> None:
    meeting = planned(cast)
    url = f"/meetings/{meeting.pk}/"
    assert jody.post(f"{url}cancellation/", {"reason": ""}).status_code == 422
    jody.post(f"{url}cancellation/", {"reason": "Snow"})
    assert "Snow" in words(jody.get(url))
    jody.post(f"{url}cancellation/removal/")
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None


def test_strangers_see_nothing_and_attendees_see_the_meeting_but_not_the_client(cast: Cast) -> None:
    meeting = plan_meeting(
        cast.orbit, "Catch up", by=cast.jody.actor, day=DAY, time=dt.time(14), led_by=cast.jody
    )
    sam = Browser()
    sam.force_login(user_of(cast.sam))
    url = f"/meetings/{meeting.pk}/"
    assert sam.get(url).status_code == 404
    assert sam.post(f"{url}invitations/").status_code == 404
    assert sam.get(f"{url}minutes.pdf").status_code == 404
    other = planned(cast)
    attendee = other.attendees.get(contact__name="Maya Lind")
    assert sam.post(f"{url}attendees/{attendee.pk}/removal/").status_code == 404
    jody = Browser()
    jody.force_login(user_of(cast.jody))
    assert jody.post(f"{url}attendees/{attendee.pk}/removal/").status_code == 404
    jody.post(f"{url}attendees/", {"member": cast.sam.pk})
    page = words(sam.get(url))
    assert "Catch up" in page
    assert cast.orbit.get_absolute_url() not in page
    assert "Send invitations" not in page


def first_meeting(cast: Cast) -> tuple[Meeting, str]:
    new = retained("Nova Foods", 3000, lead=cast.jody, starts_on=dt.date(2026, 11, 23))
    nils = book.add_contact(new, "Nils Vey", by=SYSTEM, email="nils@nova.test")
    plan_book()
    meeting = plan_first_month(new, by=cast.jody.actor, time=dt.time(11), contacts=[nils])[0]
    link = new_link(meeting.attendees.get(contact=nils))
    return meeting, link[link.index("/meet/") :]


def test_a_scanner_that_opens_every_link_three_times_changes_nothing(cast: Cast) -> None:
    meeting, path = first_meeting(cast)
    before = (Event.objects.count(), list(Grant.objects.values()), OutboxMessage.objects.count())
    scanner = Browser()
    for _ in range(3):
        assert scanner.head(path).status_code == 200
        page = words(scanner.get(path))
        assert scanner.get(f"{path}points/?title=Spam").status_code == 405
        assert scanner.get(f"{path}declining/").status_code == 405
        assert scanner.head(f"{path}declining/").status_code == 405
    assert "We do not need this meeting" in page
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None
    assert (Event.objects.count(), list(Grant.objects.values()), OutboxMessage.objects.count()) == before


def test_the_client_adds_a_point_and_declines_by_post(cast: Cast) -> None:
    meeting, path = first_meeting(cast)
    browser = Browser(enforce_csrf_checks=False)
    browser.post(f"{path}points/", {"title": "Our new shop"})
    assert meeting.agenda.get().asked_by is not None
    assert "Our new shop" in words(browser.get(path))
    assert browser.post(f"{path}points/", {"title": " "}).status_code == 409
    browser.post(f"{path}declining/")
    meeting.refresh_from_db()
    assert meeting.cancelled_at is not None
    assert "will not take place" in words(browser.get(path))
    assert browser.get("/meet/nobody-made-this/").status_code == 410


def test_the_clients_page_shows_nothing_of_ours(cast: Cast) -> None:
    meeting = planned(cast)
    MinutesEntry.objects.create(meeting=meeting, internal=True, text="They may leave.", changed_at=NOW)
    link = new_link(meeting.attendees.get(contact__name="Maya Lind"))
    page = words(Browser().get(link[link.index("/meet/") :]))
    assert "Results against target" in page
    assert meeting.agenda.first().notes not in page  # type: ignore[union-attr]
    assert "They may leave" not in page
    assert "We do not need this meeting" not in page


def test_a_report_is_asked_for_and_handed_in(cast: Cast, jody: Browser) -> None:
    meeting = planned(cast)
    jody.post(
        "/requests/new/",
        {
            "client": cast.halden.ref,
            "wanted": "Rankings",
            "asked_of": cast.keiran.pk,
            "due_on": "2026-11-24",
            "meeting": meeting.pk,
        },
    )
    request = ReportRequest.objects.get()
    assert "Rankings" in words(jody.get(f"/meetings/{meeting.pk}/"))
    keiran = Browser()
    keiran.force_login(user_of(cast.keiran))
    assert "Hand in" in words(keiran.get("/requests/"))
    assert "Hand in" in words(keiran.get("/"))
    keiran.post(f"/requests/{request.pk}/handing-in/", {"found_at": "https://drive.test/x"})
    assert "Handed in" in words(jody.get(f"/requests/{request.pk}/"))
    keiran.post(f"/requests/{request.pk}/handing-in/removal/")
    request.refresh_from_db()
    assert request.handed_in_at is None


def test_what_prepares_a_meeting_leads_to_it_from_today(cast: Cast, jody: Browser) -> None:
    meeting = planned(cast)
    one = meeting.preparations.first()
    assert one is not None
    assert jody.get(f"/preparations/{one.pk}/")["Location"] == f"/meetings/{meeting.pk}/#ready"
    assert jody.get("/preparations/99999/").status_code == 404
    assert jody.get("/bookings/99999/").status_code == 404

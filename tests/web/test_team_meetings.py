"""The team's own meetings in the browser: set up, skipped, run point by point, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.care.flags import raise_flag
from steadyhand.commitments.models import Commitment
from steadyhand.comms.meetings import agenda, team_meetings
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.models import Action, Discussed, Meeting, MinutesEntry, Series
from steadyhand.core.recurrence import Cadence
from steadyhand.people.models import Member
from tests import cast
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(cast.user_of(member))
    return browser


def weekly(of: Cast) -> Meeting:
    series = team_meetings.set_up_series(
        "Weekly client-services meeting",
        by=of.keiran.actor,
        agenda_key=agenda.WEEKLY,
        cadence=Cadence.WEEKLY,
        day="monday",
        time=dt.time(14),
        led_by=of.keiran,
        members=[of.jody, of.sam],
    )
    return Meeting.objects.filter(occurrence__series=series).earliest("starts_at")


def test_the_playbooks_meetings_are_offered_and_set_up_in_one_form(northwind: Cast) -> None:
    browser = browser_of(northwind.keiran)
    page = browser.get("/meetings/series/").content.decode()
    assert "The playbook asks for" in page and "agenda=weekly-client-services" in page
    form = browser.get("/meetings/series/new/?agenda=weekly-client-services").context["form"]
    assert form.initial["day"] == "Monday"
    sent = {name: form.initial.get(name, "") for name in form.fields} | {"time": "14:00"}
    answer = browser.post("/meetings/series/new/", sent)
    series = Series.objects.get()
    assert answer["Location"] == f"/meetings/series/{series.pk}/"
    assert (series.day, series.led_by) == ("monday", northwind.keiran)
    assert set(series.members.all()) == {northwind.keiran, northwind.jody, northwind.sam}
    page = browser.get("/meetings/series/").content.decode()
    assert "Mon 30 Nov 14:00" in page and "agenda=weekly-client-services" not in page


def test_a_day_that_is_none_is_said_at_its_field(northwind: Cast) -> None:
    browser = browser_of(northwind.keiran)
    form = browser.get("/meetings/series/new/?agenda=all-hands").context["form"]
    sent = {name: form.initial.get(name, "") for name in form.fields} | {"day": "someday", "time": "9:30"}
    answer = browser.post("/meetings/series/new/", sent)
    assert answer.status_code == 422
    assert "not a day we can find" in str(answer.context["form"].errors["day"])


def test_skipping_needs_a_reason_shows_it_and_is_undone(northwind: Cast) -> None:
    meeting = weekly(northwind)
    browser = browser_of(northwind.keiran)
    here = f"/meetings/series/{meeting.occurrence.series_id}/"
    assert browser.post(f"{here}skips/", {"meeting": meeting.pk, "reason": ""}).status_code == 422
    browser.post(f"{here}skips/", {"meeting": meeting.pk, "reason": "Half of us are ill."})
    assert "Half of us are ill." in browser.get(here).content.decode()
    browser.post(f"{here}skips/{meeting.pk}/removal/")
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None


def test_a_series_is_changed_by_its_leader_and_seen_by_its_circle_alone(northwind: Cast) -> None:
    meeting = weekly(northwind)
    here = f"/meetings/series/{meeting.occurrence.series_id}/"
    assert browser_of(northwind.sam).get(here).status_code == 200
    sent = {"title": "Mine", "day": "friday", "time": "9:00", "minutes": 30, "led_by": northwind.sam.pk}
    refused = browser_of(northwind.sam).post(here, sent | {"members": [northwind.sam.pk]})
    assert refused.status_code == 422 and b"does not set up" in refused.content
    outsider = cast.joined("Ana Ruiz", cast.Role.EXECUTIVE)
    assert browser_of(outsider).get(here).status_code == 404


def test_sponsors_who_share_an_urgent_client_are_offered_a_sync(northwind: Cast) -> None:
    browser = browser_of(northwind.keiran)
    assert "Sponsors without a weekly sync" not in browser.get("/meetings/series/").content.decode()
    raise_flag(northwind.halden, "Asked for the notice period", by=northwind.jody.actor)
    page = browser.get("/meetings/series/").content.decode()
    address = f"agenda=sponsor-sync&amp;lead={northwind.jody.pk}&amp;with={northwind.keiran.pk}"
    assert address in page
    form = browser.get(f"/meetings/series/new/?{address.replace('&amp;', '&')}").context["form"]
    assert form.initial["led_by"] == northwind.jody.pk
    assert set(form.initial["members"]) == {northwind.jody.pk, northwind.keiran.pk}


def test_the_weekly_meeting_is_run_point_by_point_and_leaves_actions_behind(northwind: Cast) -> None:
    meeting = weekly(northwind)
    flag = raise_flag(northwind.halden, "Asked for the notice period", by=northwind.jody.actor)
    here = f"/meetings/{meeting.pk}/run/"
    with time_machine.travel(meeting.starts_at, tick=False):
        browser = browser_of(northwind.keiran)
        page = browser.get(here).content.decode()
        assert "Last week&#x27;s actions" in page and "Begin" in page
        browser.post(f"{here}beginning/")
        page = browser.get(f"{here}?point=2").content.decode()
        assert "Asked for the notice period" in page and "Jody Marsh" in page
        topic = f"care.flag:{flag.pk}"
        browser.post(f"{here}topics/", {"point": 2, "topic": topic, "ticked": "yes"})
        assert Discussed.objects.get().topic == topic
        sent = {
            "point": 2,
            "topic": topic,
            "client": "halden-bikes",
            "text": "Ring Maya",
            "owner": northwind.jody.pk,
        }
        part = browser.post(f"{here}actions/", sent, headers=HTMX)
        assert b"Ring Maya" in part.content and b"<html" not in part.content
        item = meeting.agenda.get(title="Flags")
        browser.post(f"{here}points/{item.pk}/notes/", {"text": "Halden first.", "revision": 0, "base": ""})
        answer = browser.post(
            f"{here}points/{item.pk}/", {"point": 2, "discussed": "yes", "after": f"{here}?point=3"}
        )
        assert answer["Location"] == f"{here}?point=3"
        left = browser.get(f"{here}ending/").content.decode()
        assert "Ring Maya" in left and "Halden first." in left and "Not talked about" in left
        answer = browser.post(f"{here}ending/", {"minutes": 55})
        assert answer["Location"] == f"/meetings/{meeting.pk}/"
    rung = Commitment.objects.get(title="Ring Maya")
    assert (rung.owner, rung.client, rung.internal) == (northwind.jody, northwind.halden, True)
    assert browser_of(northwind.keiran).get(here)["Location"] == f"/meetings/{meeting.pk}/"


def test_two_people_writing_the_minutes_lose_no_word(northwind: Cast) -> None:
    meeting = weekly(northwind)
    item = meeting.agenda.get(title="Flags")
    here = f"/meetings/{meeting.pk}/run/points/{item.pk}/notes/"
    browser_of(northwind.jody).post(here, {"text": "Maya rang.", "revision": 0, "base": ""})
    answer = browser_of(northwind.sam).post(
        here, {"text": "Orbit is late.", "revision": 0, "base": ""}, headers=HTMX
    )
    entry = MinutesEntry.objects.get()
    assert "Maya rang." in entry.text and "Orbit is late." in entry.text
    assert b"hx-swap-oob" in answer.content and b"Maya rang." in answer.content


def test_what_was_noted_by_mistake_goes(northwind: Cast) -> None:
    meeting = weekly(northwind)
    browser = browser_of(northwind.sam)
    here = f"/meetings/{meeting.pk}/run/"
    browser.post(f"{here}actions/", {"point": 1, "text": "Order cake", "topic": "x"})
    item = meeting.agenda.get(position=1)
    browser.post(f"{here}points/{item.pk}/decisions/", {"point": 1, "text": "Cake every week"})
    browser.post(f"{here}actions/{Action.objects.get().pk}/removal/", {"point": 1})
    browser.post(f"{here}decisions/{meeting.decisions.get().pk}/removal/", {"point": 1})
    assert Action.objects.get().dropped_at and meeting.decisions.get().dropped_at


def test_an_action_without_words_says_so_and_keeps_the_page(northwind: Cast) -> None:
    meeting = weekly(northwind)
    answer = browser_of(northwind.sam).post(
        f"/meetings/{meeting.pk}/run/actions/", {"point": 1, "text": "", "topic": "x"}
    )
    assert answer.status_code == 422 and not Action.objects.exists()


def test_nobody_runs_a_meeting_they_are_not_in(northwind: Cast) -> None:
    meeting = weekly(northwind)
    outsider = browser_of(cast.joined("Ana Ruiz", cast.Role.EXECUTIVE))
    for path in ("", "ending/"):
        assert outsider.get(f"/meetings/{meeting.pk}/run/{path}").status_code == 404
    for path in ("beginning/", "topics/", "actions/", "ending/"):
        assert outsider.post(f"/meetings/{meeting.pk}/run/{path}").status_code == 404


def test_a_screen_with_a_client_in_the_room_says_that_it_is_ours(northwind: Cast) -> None:
    review = plan_meeting(
        northwind.halden,
        "Quarterly review",
        by=northwind.jody.actor,
        day=dt.date(2026, 12, 3),
        time=dt.time(10),
        led_by=northwind.jody,
        agenda_key=agenda.REVIEW,
    )
    page = browser_of(northwind.jody).get(f"/meetings/{review.pk}/run/").content.decode()
    assert "Keep this screen to yourselves" in page

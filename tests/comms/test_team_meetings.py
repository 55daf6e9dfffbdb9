"""The team's own meetings: they come back by themselves, fill their agenda, and leave actions behind (S9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from steadyhand.care.flags import raise_flag
from steadyhand.clients import engagements
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.actions import add_action
from steadyhand.comms.meetings import agenda, holding, team_meetings
from steadyhand.comms.meetings import planning as meetings
from steadyhand.comms.models import Discussed, Meeting, Series
from steadyhand.core import agency
from steadyhand.core.models import Event
from steadyhand.core.recurrence import Cadence
from steadyhand.core.refusals import Refusal
from steadyhand.growth.opportunities import note_opportunity
from tests import cast
from tests.cast import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def weekly(of: Cast, **values: Any) -> Series:
    """The client-services meeting, Mondays at two."""
    given: dict[str, Any] = {
        "agenda_key": agenda.WEEKLY,
        "cadence": Cadence.WEEKLY,
        "day": "monday",
        "time": dt.time(14),
        "led_by": of.keiran,
        "members": [of.jody, of.sam],
    }
    return team_meetings.set_up_series(
        "Weekly client-services meeting", by=of.keiran.actor, **(given | values)
    )


def days(series: Series) -> list[str]:
    found = Meeting.objects.filter(occurrence__series=series).order_by("starts_at")
    return [f"{meeting.local:%a %d %b %H:%M}" for meeting in found]


def test_the_next_ones_stand_in_the_diary_off_holidays(northwind: Cast) -> None:
    agency.close_day(dt.date(2026, 12, 7), "Moving house", by=SYSTEM)
    series = weekly(northwind)
    assert days(series) == [
        "Mon 30 Nov 14:00",
        "Tue 08 Dec 14:00",
        "Mon 14 Dec 14:00",
        "Mon 21 Dec 14:00",
    ]
    assert team_meetings.make_all_next() == 0, "making them again makes none"


def test_whoever_leads_promises_to_hold_each(northwind: Cast) -> None:
    meeting = Meeting.objects.filter(occurrence__series=weekly(northwind)).earliest("starts_at")
    promised = meeting.commitment
    assert promised is not None
    assert (promised.owner, promised.kind, promised.internal) == (northwind.keiran, Kind.MEETING, True)
    expected = {one.member for one in meeting.attendees.all()}
    assert expected == {northwind.keiran, northwind.jody, northwind.sam}


def test_a_leader_who_is_busy_meets_half_an_hour_later(northwind: Cast) -> None:
    keeping.promise(
        northwind.halden,
        "Sponsor call",
        by=SYSTEM,
        owner=northwind.keiran,
        due_on=dt.date(2026, 11, 30),
        due_time=dt.time(14),
        kind=Kind.CALL,
        minutes=30,
    )
    assert days(weekly(northwind))[:2] == ["Mon 30 Nov 14:30", "Mon 07 Dec 14:00"]


def test_it_does_not_lapse_without_a_reason(northwind: Cast) -> None:
    series = weekly(northwind)
    meeting = Meeting.objects.filter(occurrence__series=series).earliest("starts_at")
    assert meeting.commitment is not None
    with pytest.raises(Refusal, match="Say why"):
        meetings.cancel_meeting(meeting, by=northwind.keiran.actor, reason=" ")
    with pytest.raises(Refusal, match="kept by what it is about"):
        keeping.complete(meeting.commitment, by=northwind.keiran.actor)
    meetings.cancel_meeting(meeting, by=northwind.keiran.actor, reason="Half the team is ill.")
    assert team_meetings.make_all_next() == 0, "a skipped one is not made anew behind our back"


def test_another_day_moves_those_to_come(northwind: Cast) -> None:
    series = weekly(northwind)
    uids = list(Meeting.objects.order_by("starts_at").values_list("uid", flat=True))
    team_meetings.change_series(
        series,
        by=northwind.keiran.actor,
        title=series.title,
        day="tuesday",
        time=dt.time(10),
        led_by=northwind.jody,
        members=[northwind.keiran],
        minutes=45,
    )
    assert days(series)[0] == "Tue 24 Nov 10:00"
    assert days(series)[1] == "Tue 01 Dec 10:00"
    moved = Meeting.objects.filter(uid=uids[0]).get()
    assert (moved.led_by, moved.minutes, moved.sequence > 0) == (northwind.jody, 45, True)
    here = {one.member for one in moved.attendees.filter(removed_at=None)}
    assert here == {northwind.keiran, northwind.jody}
    assert moved.commitment is not None and moved.commitment.owner == northwind.jody


def test_a_series_ends_and_comes_again(northwind: Cast) -> None:
    series = weekly(northwind)
    before = days(series)
    team_meetings.end_series(series, by=northwind.keiran.actor)
    assert not Meeting.objects.filter(cancelled_at=None).exists()
    team_meetings.resume_series(series, by=northwind.keiran.actor)
    assert days(series) == before
    assert Meeting.objects.filter(cancelled_at=None).count() == len(before)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"day": "day 15"}, "Choose a weekday"),
        ({"day": "someday"}, "not a day we can find"),
        ({"minutes": 0}, "between 5 minutes"),
    ],
)
def test_what_cannot_come_back_is_refused(northwind: Cast, values: dict[str, Any], says: str) -> None:
    with pytest.raises(Refusal, match=says):
        weekly(northwind, **values)
    assert not Series.objects.exists() and not Meeting.objects.exists()


def test_who_does_not_see_the_team_sets_up_none(northwind: Cast) -> None:
    with pytest.raises(Refusal, match="does not set up"):
        team_meetings.set_up_series(
            "Mine",
            by=northwind.sam.actor,
            agenda_key="",
            cadence=Cadence.WEEKLY,
            day="monday",
            time=dt.time(9),
            led_by=northwind.sam,
            members=[],
        )


def held(of: Cast) -> Meeting:
    """The first weekly meeting, laid out."""
    return Meeting.objects.filter(occurrence__series=weekly(of)).earliest("starts_at")


def sections(meeting: Meeting, actor: Any, at: dt.datetime) -> dict[str, list[str]]:
    return {
        one.key: [f"{topic.title} {topic.text}".strip() for topic in one.topics]
        for one in agenda.sections_of(meeting, actor, at)
    }


def test_every_point_of_the_playbook_knows_what_fills_it(northwind: Cast) -> None:
    points = [(item.title, item.filling.section) for item in held(northwind).agenda.all()]
    assert points == [
        ("Last week's actions", "actions"),
        ("Flags", "flags"),
        ("Contracts", "contracts"),
        ("Entertainment and surprises", "entertainment"),
        ("Upsell and cross-sell", "upsell"),
        ("Approvals and what we waited for", "approvals"),
        ("Services not set up yet", "set-up"),
        ("Feedback to the account managers", "feedback"),
    ]


def test_the_weekly_agenda_fills_itself(northwind: Cast) -> None:
    jody, keiran = northwind.jody, northwind.keiran
    meeting = held(northwind)
    raise_flag(northwind.halden, "They asked for our notice period", by=jody.actor, member=jody)
    note_opportunity(northwind.orbit, "A second clinic opens in May", by=jody.actor)
    project = northwind.fernhill.engagements.get()
    engagements.change_spend(project, project.amount + 1, by=SYSTEM)
    found = sections(meeting, keiran.actor, meeting.starts_at)
    assert found["actions"] == []
    assert found["flags"] == ["Halden Bikes They asked for our notice period"]
    assert found["contracts"] == ["Fernhill Schools Website build"]
    assert found["upsell"] == ["Orbit Dental A second clinic opens in May"]
    assert found["feedback"] == ["Jody Marsh what helps, what would help?"]


def test_managers_without_a_flag_by_monday_noon_are_named(northwind: Cast) -> None:
    meeting = held(northwind)
    noon = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
    early, late = (
        sections(meeting, northwind.keiran.actor, at)["flags"]
        for at in (noon - dt.timedelta(minutes=1), noon)
    )
    assert early == []
    assert late == ["Jody Marsh has no flag in; is there truly none?"]


def test_a_section_shows_only_what_its_reader_may_see(northwind: Cast) -> None:
    meeting = held(northwind)
    raise_flag(northwind.orbit, "Silent for weeks", by=northwind.jody.actor, member=northwind.jody)
    assert sections(meeting, northwind.sam.actor, NOW)["flags"] == []
    assert sections(meeting, northwind.jody.actor, NOW)["flags"] == ["Orbit Dental Silent for weeks"]


def test_actions_left_behind_come_first_next_time_and_late_ones_before_all(northwind: Cast) -> None:
    first, second = Meeting.objects.filter(occurrence__series=weekly(northwind)).order_by("starts_at")[:2]
    with time_machine.travel(first.starts_at, tick=False):
        keiran = northwind.keiran.actor
        holding.begin_meeting(first, by=keiran)
        add_action(
            first,
            "Ring Maya about notice",
            by=keiran,
            owner=northwind.jody,
            client=northwind.halden,
            topic="care.flag:1",
            due_on=dt.date(2026, 12, 2),
        )
        add_action(first, "Book the room", by=keiran, owner=northwind.sam, due_on=dt.date(2026, 12, 9))
        done = add_action(first, "Order cake", by=keiran, owner=northwind.sam)
        holding.close_meeting(first, by=keiran)
        rung = Commitment.objects.get(title="Ring Maya about notice")
        assert (rung.client, rung.owner, rung.internal) == (northwind.halden, northwind.jody, True)
        done.refresh_from_db()
        assert done.commitment is not None
        keeping.complete(done.commitment, by=northwind.sam.actor)
    with time_machine.travel(second.starts_at, tick=False):
        topics = next(
            one for one in agenda.sections_of(second, keiran, second.starts_at) if one.key == "actions"
        ).topics
        said = [(topic.title, topic.late, topic.done) for topic in topics]
        assert said == [
            ("Halden Bikes", True, False),
            ("Book the room", False, False),
            ("Order cake", False, True),
        ]


def test_an_action_for_a_client_needs_its_account_team(northwind: Cast) -> None:
    meeting = held(northwind)
    with pytest.raises(Refusal, match="account team of Orbit"):
        add_action(meeting, "Ring them", by=northwind.sam.actor, client=northwind.orbit)


def test_what_was_talked_about_is_ticked_once_and_by_attendees_alone(northwind: Cast) -> None:
    meeting = held(northwind)
    team_meetings.tick(meeting, "care.flag:1", by=northwind.sam.actor)
    team_meetings.tick(meeting, "care.flag:1", by=northwind.jody.actor)
    assert Discussed.objects.get().by_name == "Sam Okafor"
    team_meetings.untick(meeting, "care.flag:1", by=northwind.jody.actor)
    assert not Discussed.objects.exists()
    outsider = cast.joined("Ana Ruiz", cast.Role.EXECUTIVE)
    with pytest.raises(Refusal, match="not in that meeting"):
        team_meetings.tick(meeting, "care.flag:1", by=outsider.actor)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (agenda.WASH_UP, {"actions", "missed", "waived", "settled", "overrun", "lost", "feedback"}),
        (agenda.PLANNING, {"actions", "book", "capacity", "deliverables", "strategies", "feedback"}),
        (
            agenda.ALL_HANDS,
            {"anniversaries", "wins", "new-clients", "new-strategies", "lows", "lost", "next-week"},
        ),
        (agenda.SPONSOR_SYNC, {"actions", "sponsored", "flags"}),
    ],
)
def test_each_meeting_has_its_own_sections(northwind: Cast, key: str, shown: set[str]) -> None:
    series = weekly(northwind, agenda_key=key)
    meeting = Meeting.objects.filter(occurrence__series=series).earliest("starts_at")
    assert set(sections(meeting, northwind.keiran.actor, NOW)) == shown


def test_the_wash_up_says_what_was_missed_and_why(northwind: Cast) -> None:
    row = keeping.promise(
        northwind.halden, "Send the audit", by=SYSTEM, owner=northwind.jody, due_on=NOW.date()
    )
    keeping.wait_on_client(row, by=northwind.jody.actor, note="They never sent the log-in")
    Commitment.objects.filter(pk=row.pk).update(state=State.MISSED, missed_at=NOW)
    other = keeping.promise(
        northwind.halden, "Write the piece", by=SYSTEM, owner=northwind.jody, due_on=NOW.date()
    )
    keeping.waive(other, by=northwind.jody.actor, reason="They cancelled the event.")
    series = weekly(northwind, agenda_key=agenda.WASH_UP)
    meeting = Meeting.objects.filter(occurrence__series=series).earliest("starts_at")
    found = {one.key: one for one in agenda.sections_of(meeting, northwind.keiran.actor, NOW)}
    assert [topic.note for topic in found["missed"].topics] == ["Jody Marsh: They never sent the log-in"]
    assert [topic.note for topic in found["waived"].topics] == ["They cancelled the event."]


def test_a_review_without_the_account_director_says_so_first(northwind: Cast) -> None:
    review = meetings.plan_meeting(
        northwind.halden,
        "Quarterly review",
        by=northwind.jody.actor,
        day=dt.date(2026, 12, 3),
        time=dt.time(10),
        led_by=northwind.jody,
        agenda_key=agenda.REVIEW,
    )
    found = sections(review, northwind.jody.actor, NOW)
    assert found["leaders"] == ["Jody Marsh leads the review no account director is coming"]
    director = cast.joined("Dora Lang", cast.Role.DIRECTOR)
    meetings.lead_meeting(review, director, by=northwind.keiran.actor)
    review.refresh_from_db()
    assert sections(review, director.actor, NOW)["leaders"] == []


def test_each_act_on_a_series_is_one_event(northwind: Cast) -> None:
    series = weekly(northwind)
    team_meetings.end_series(series, by=northwind.keiran.actor)
    team_meetings.resume_series(series, by=northwind.keiran.actor)
    verbs = Event.objects.filter(subject_type="comms.series").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["series.set_up", "series.ended", "series.resumed"]

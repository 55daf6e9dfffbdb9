"""Invitations as calendars read them, and what their answers do (RFC 5545, 5546, 6047)."""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Component

from steadyhand.commitments.feed_file import member_feed
from steadyhand.commitments.feeds import open_feed
from steadyhand.comms.meetings import calendar_part, itip
from steadyhand.comms.meetings.attending import add_attendee, remove_attendee
from steadyhand.comms.meetings.inviting import send_invitations
from steadyhand.comms.meetings.planning import (
    cancel_meeting,
    change_meeting,
    lead_meeting,
    move_meeting,
    plan_meeting,
)
from steadyhand.comms.models import Answer, Attendee, Meeting
from steadyhand.core.models import Event, OutboxMessage
from steadyhand.core.refusals import Refusal
from tests.cast import NOW, SYSTEM, Cast, build

DAY = dt.date(2026, 12, 15)
TEN = dt.time(10, 0)


@pytest.fixture
def cast(db: None) -> Cast:
    with time_machine.travel(NOW, tick=False):
        return build(planned=False)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def planned(cast: Cast, **more: object) -> Meeting:
    values: dict[str, object] = {
        "by": cast.jody.actor,
        "day": DAY,
        "time": TEN,
        "led_by": cast.jody,
        "contacts": [cast.halden.contacts.get(name="Maya Lind")],
        "members": [cast.sam],
        "place": "Mill Lane 4, Leeds; 2nd floor",
    } | more
    return plan_meeting(cast.halden, "Quarterly review", **values)  # type: ignore[arg-type]


def invited(cast: Cast, **more: object) -> Meeting:
    meeting = planned(cast, **more)
    send_invitations(meeting, by=cast.jody.actor)
    return meeting


def mails(since: int = 0) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="meeting").order_by("pk"))[since:]


def part_of(mail: OutboxMessage) -> tuple[EmailMessage, Component]:
    """The mail as it leaves, and the one event of its calendar part."""
    written = email.message_from_bytes(bytes(mail.mime), policy=email.policy.default)
    assert isinstance(written, EmailMessage)
    part = next(one for one in written.walk() if one.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == str(calendar["METHOD"])
    (event,) = calendar.walk("VEVENT")
    assert not [error for component in calendar.walk() for error in component.errors]
    return written, event


def of(address: str, since: int = 0) -> list[tuple[str, Component]]:
    """Method and event of each mail to somebody."""
    found = []
    for mail in mails(since):
        if mail.recipient == address:
            written, event = part_of(mail)
            part = next(one for one in written.walk() if one.get_content_type() == "text/calendar")
            found.append((str(part.get_param("method")), event))
    return found


def reply(
    meeting: Meeting,
    address: str,
    partstat: str,
    *,
    method: str = "REPLY",
    sequence: int | None = None,
    stamp: dt.datetime = NOW,
    extra: str = "",
) -> bytes:
    """As Google, Outlook and Apple write it: no zone, one attendee."""
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{meeting.uid}",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{meeting.sequence if sequence is None else sequence}",
        "ORGANIZER;CN=Jody Marsh:mailto:jody@northwind.test",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT={partstat};CN=Maya:MAILTO:{address}",
        *extra.splitlines(),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines).encode()


MAYA = "maya@haldenbikes.test"


def test_each_invited_person_gets_a_request_of_their_own(cast: Cast) -> None:
    meeting = invited(cast)
    assert {mail.recipient for mail in mails()} == {MAYA, "sam@northwind.test"}
    written, event = part_of(mails()[0])
    assert written["From"] == "Jody Marsh <jody@northwind.test>"
    assert event["UID"] == meeting.uid
    assert event["LOCATION"] == "Mill Lane 4, Leeds; 2nd floor"
    assert event["DTSTART"].dt == dt.datetime(2026, 12, 15, 10, tzinfo=ZoneInfo("Europe/London"))
    assert str(event["ORGANIZER"]) == "mailto:jody@northwind.test"
    answers = {str(one).removeprefix("mailto:"): one.params["PARTSTAT"] for one in event["ATTENDEE"]}
    assert answers == {
        "jody@northwind.test": "ACCEPTED",
        "sam@northwind.test": "NEEDS-ACTION",
        MAYA: "NEEDS-ACTION",
    }
    with pytest.raises(Refusal, match="nobody to invite"):
        send_invitations(meeting, by=cast.jody.actor)


def test_a_colleague_with_a_feed_is_not_mailed(cast: Cast) -> None:
    open_feed(cast.sam, by=cast.sam.actor)
    invited(cast)
    assert {mail.recipient for mail in mails()} == {MAYA}


def test_answers_are_read_where_mail_is_received(cast: Cast, settings) -> None:
    settings.RECEIVING_ADDRESS = "clients@in.northwind.test"
    invited(cast)
    written, event = part_of(mails()[0])
    organiser = event["ORGANIZER"]
    assert str(organiser).endswith("@in.northwind.test")
    assert organiser.params["SENT-BY"] == "mailto:jody@northwind.test"
    assert str(organiser) == f"mailto:{written['Reply-To']}"


def test_create_three_edits_a_move_and_a_cancel(cast: Cast) -> None:
    meeting = invited(cast)
    change_meeting(meeting, by=cast.jody.actor, title="Review and plans")
    change_meeting(meeting, by=cast.jody.actor, place="Online")
    lead_meeting(meeting, cast.sam, by=cast.jody.actor)
    move_meeting(meeting, dt.date(2026, 12, 16), dt.time(14), by=cast.jody.actor)
    cancel_meeting(meeting, by=cast.jody.actor, reason="Snow.")
    heard = of(MAYA)
    assert [method for method, _ in heard] == ["REQUEST"] * 5 + ["CANCEL"]
    assert {event["UID"] for _, event in heard} == {meeting.uid}
    numbers = [int(event["SEQUENCE"]) for _, event in heard]
    assert numbers == sorted(numbers)
    assert numbers[4] > numbers[3]
    assert numbers[5] > numbers[4]
    assert heard[4][1]["DTSTART"].dt.hour == 14
    assert [event["STATUS"] for _, event in heard][-2:] == ["CONFIRMED", "CANCELLED"]


def test_only_whom_it_concerns_hears_of_it(cast: Cast) -> None:
    meeting = invited(cast)
    before = len(mails())
    ola = cast.halden.contacts.get(name="Ola Brandt")
    late = add_attendee(meeting, by=cast.jody.actor, contact=ola)
    assert [mail.recipient for mail in mails(before)] == ["ola@haldenbikes.test"]
    remove_attendee(late, by=cast.jody.actor)
    assert [(method, str(event["ATTENDEE"])) for method, event in of("ola@haldenbikes.test", before + 1)] == [
        ("CANCEL", "mailto:ola@haldenbikes.test")
    ]
    assert len(mails()) == before + 2


@pytest.mark.parametrize(
    ("partstat", "answer"),
    [("ACCEPTED", Answer.ACCEPTED), ("DECLINED", Answer.DECLINED), ("TENTATIVE", Answer.TENTATIVE)],
)
def test_an_answer_is_read_back_once(cast: Cast, partstat: str, answer: Answer) -> None:
    meeting = invited(cast)
    raw = reply(meeting, MAYA.upper(), partstat, extra="COMMENT:See you\\, then")
    for _ in range(3):
        (attendee,) = itip.take_reply(raw, MAYA, by=SYSTEM)
    attendee.refresh_from_db()
    assert (attendee.answer, attendee.comment) == (answer, "See you, then")
    assert Event.objects.filter(verb="meeting.answered").count() == 1


def test_old_answers_change_nothing(cast: Cast) -> None:
    meeting = invited(cast)
    itip.take_reply(reply(meeting, MAYA, "ACCEPTED", stamp=NOW + dt.timedelta(minutes=5)), MAYA, by=SYSTEM)
    itip.take_reply(reply(meeting, MAYA, "DECLINED", stamp=NOW), MAYA, by=SYSTEM)
    attendee = Attendee.objects.get(contact__name="Maya Lind")
    assert attendee.answer == Answer.ACCEPTED
    old = reply(meeting, MAYA, "ACCEPTED", stamp=NOW + dt.timedelta(minutes=9))
    move_meeting(meeting, dt.date(2026, 12, 17), TEN, by=cast.jody.actor)
    itip.take_reply(old, MAYA, by=SYSTEM)
    attendee.refresh_from_db()
    assert attendee.answer == Answer.NONE


def test_another_time_is_a_proposal_that_moves_the_meeting_or_not(cast: Cast) -> None:
    meeting = invited(cast)
    extra = "DTSTART:20261216T130000Z\nDTEND:20261216T134500Z\nCOMMENT:Dentist"
    counter = reply(meeting, MAYA, "TENTATIVE", method="COUNTER", extra=extra)
    (attendee,) = itip.take_reply(counter, MAYA, by=SYSTEM)
    proposal = attendee.proposals.get()
    assert (proposal.minutes, proposal.comment) == (45, "Dentist")
    itip.decline_proposal(proposal, by=cast.jody.actor)
    assert of(MAYA)[-1][0] == "DECLINECOUNTER"
    with pytest.raises(Refusal, match="settled"):
        itip.accept_proposal(proposal, by=cast.jody.actor)
    again = reply(
        meeting, MAYA, "TENTATIVE", method="COUNTER", extra=extra, stamp=NOW + dt.timedelta(minutes=1)
    )
    itip.take_reply(again, MAYA, by=SYSTEM)
    itip.accept_proposal(attendee.proposals.get(declined_at=None), by=cast.jody.actor)
    meeting.refresh_from_db()
    assert (meeting.local.replace(tzinfo=None), meeting.minutes) == (dt.datetime(2026, 12, 16, 13), 45)


def test_whoever_was_not_invited_answers_for_nobody(cast: Cast) -> None:
    meeting = invited(cast)
    with pytest.raises(Refusal, match="was not invited"):
        itip.take_reply(reply(meeting, MAYA, "DECLINED"), "stranger@evil.test", by=SYSTEM)
    (attendee,) = itip.take_reply(reply(meeting, "m.lind@haldenbikes.test", "ACCEPTED"), MAYA, by=SYSTEM)
    assert attendee.answer == Answer.ACCEPTED
    elsewhere = reply(meeting, MAYA, "ACCEPTED").replace(meeting.uid.encode(), b"other@calendar")
    assert itip.take_reply(elsewhere, MAYA, by=SYSTEM) == []


def test_a_calendar_that_asks_again_is_sent_the_meeting(cast: Cast) -> None:
    meeting = invited(cast)
    before = len(mails())
    itip.take_reply(reply(meeting, MAYA, "NEEDS-ACTION", method="REFRESH"), MAYA, by=SYSTEM)
    assert [mail.recipient for mail in mails(before)] == [MAYA]


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"BEGIN:VCALENDAR", b"hello", b"A" * 300_000])
def test_what_is_no_calendar_is_refused_in_a_sentence(cast: Cast, raw: bytes) -> None:
    with pytest.raises(Refusal, match="calendar file"):
        itip.take_reply(raw, MAYA, by=SYSTEM)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize(
    "on", [dt.date(2026, 12, 15), dt.date(2027, 3, 15), dt.date(2027, 3, 29), dt.date(2027, 7, 1)]
)
def test_the_hour_is_the_same_on_every_clock_across_a_change_of_the_clocks(
    cast: Cast, zone: str, on: dt.date
) -> None:
    meeting = invited(cast, day=on, time=dt.time(16, 30), zone=zone, minutes=90)
    _, event = of(MAYA)[0]
    expected = dt.datetime.combine(on, dt.time(16, 30), ZoneInfo(zone))
    assert event["DTSTART"].dt.replace(tzinfo=None) == expected.replace(tzinfo=None)
    assert event["DTSTART"].dt.astimezone(dt.UTC) == expected.astimezone(dt.UTC) == meeting.starts_at
    assert event["DTEND"].dt.astimezone(dt.UTC) - meeting.starts_at == dt.timedelta(minutes=90)


def test_an_hour_the_clocks_skip_begins_at_the_end_of_the_gap(cast: Cast) -> None:
    meeting = invited(cast, day=dt.date(2027, 3, 28), time=dt.time(1, 30))
    _, event = of(MAYA)[0]
    assert meeting.starts_at == dt.datetime(2027, 3, 28, 1, tzinfo=dt.UTC)
    assert event["DTSTART"].dt.replace(tzinfo=None) == dt.datetime(2027, 3, 28, 2)


@given(name=st.text(max_size=60), title=st.text(min_size=1, max_size=60), place=st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_no_name_or_title_breaks_a_line(name: str, title: str, place: str) -> None:
    """Whatever people are called, there is one event, with these attendees and this organiser."""
    meeting = Meeting(
        title=title,
        place=place,
        starts_at=NOW,
        zone="Europe/London",
        uid="meeting-1@x",
        made_at=NOW,
        changed_at=NOW,
    )
    guest = Attendee(meeting=meeting, name=name, email="guest@x.test")
    organiser = calendar_part.Organiser(name, "jody@x.test")
    with mock.patch.object(calendar_part, "organiser_of", return_value=organiser):
        written = calendar_part.invitation(meeting, [guest])
    calendar = Calendar.from_ical(written)
    (event,) = calendar.walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:guest@x.test"
    assert str(event["ORGANIZER"]) == "mailto:jody@x.test"
    assert all(len(line) <= 75 for line in written.encode().split(b"\r\n"))


def shipped_calendars() -> list[Path]:
    """The calendar files that the two libraries ship for their own tests."""
    ours = Path(icalendar.__file__).parent / "tests"
    theirs = Path(recurring_ical_events.__file__).parent / "test"
    return sorted([*ours.rglob("*.ics"), *theirs.rglob("*.ics")])


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_libraries_own_calendars_round_trip_where_they_are_valid() -> None:
    """And reading them as an answer to an invitation never fails but with a sentence."""
    files = shipped_calendars()
    if not files:
        pytest.skip("these builds of the libraries ship no fixture files")
    whole, changed = 0, []
    for file in files:
        raw = file.read_bytes()
        with contextlib.suppress(Refusal):
            calendar_part.read(raw)
        try:
            calendars = Calendar.from_ical(raw, multiple=True)
        except ValueError:
            continue  # some are there to be refused
        whole += 1
        written = [calendar.to_ical() for calendar in calendars]
        if [Calendar.from_ical(text).to_ical() for text in written] != written:
            changed.append(file.name)
    assert whole >= 200
    assert changed == []


def test_a_feed_holds_the_meetings_one_attends_once(cast: Cast) -> None:
    """A colleague who does not lead it has it too; who leads it has it once."""
    meeting = planned(cast)
    for member in (cast.sam, cast.jody):
        events = Calendar.from_ical(member_feed(member, base_url="https://x.test").body).walk("VEVENT")
        assert [str(event["SUMMARY"]) for event in events] == ["Halden Bikes: Quarterly review"]
    remove_attendee(meeting.attendees.get(member=cast.sam), by=cast.jody.actor)
    assert not Calendar.from_ical(member_feed(cast.sam, base_url="https://x.test").body).walk("VEVENT")

"""Planning meetings, and everything that moves with them."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from steadyhand.clients import book
from steadyhand.clients.models import Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.comms import actions
from steadyhand.comms.meetings import booking, holding, minutes, preparing, report_requests
from steadyhand.comms.meetings.agenda_items import add_item, add_point, place_item, remove_item
from steadyhand.comms.meetings.agenda_sending import send_agenda
from steadyhand.comms.meetings.attending import add_attendee, agree_attendees, remove_attendee
from steadyhand.comms.meetings.first_month import plan_first_month
from steadyhand.comms.meetings.links import actor_of, attendee_of, decline_meeting
from steadyhand.comms.meetings.links_in_mail import new_link
from steadyhand.comms.meetings.planning import (
    cancel_meeting,
    change_meeting,
    move_meeting,
    plan_meeting,
    revive_meeting,
)
from steadyhand.comms.models import Answer, BookingKind, Host, Interaction, Meeting, Step
from steadyhand.core.models import Event, OutboxMessage
from steadyhand.core.refusals import Refusal
from tests.cast import NOW, SYSTEM, Cast, build, retained

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 12, 15)
TEN = dt.time(10, 0)


@pytest.fixture
def cast() -> Cast:
    with time_machine.travel(NOW, tick=False):
        return build(planned=False)


@pytest.fixture(autouse=True)
def frozen(cast: Cast):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def maya(cast: Cast) -> Contact:
    return cast.halden.contacts.get(name="Maya Lind")


def planned(cast: Cast, **more: object) -> Meeting:
    values: dict[str, object] = {
        "by": cast.jody.actor,
        "day": DAY,
        "time": TEN,
        "led_by": cast.jody,
        "contacts": [maya(cast)],
        "members": [cast.sam],
        "agenda_key": "quarterly-review",
    } | more
    return plan_meeting(cast.halden, "Quarterly review", **values)  # type: ignore[arg-type]


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_a_meeting_is_a_promise_of_whoever_leads_it(cast: Cast) -> None:
    meeting = planned(cast)
    promise = meeting.commitment
    assert promise is not None
    assert (promise.kind, promise.owner, promise.due_on, promise.due_time) == (
        Kind.MEETING,
        cast.jody,
        DAY,
        TEN,
    )
    assert (promise.about_type, promise.about_id) == ("comms.meeting", meeting.pk)
    assert [item.title for item in meeting.agenda.all()][:2] == [
        "Results against target",
        "Success, in your words",
    ]
    assert {str(one) for one in meeting.attendees.all()} == {"Jody Marsh", "Sam Okafor", "Maya Lind"}
    assert verbs()[-1] == "meeting.planned"
    with pytest.raises(Refusal, match="not by a tick"):
        keeping.complete(promise, by=cast.jody.actor)


def test_an_hour_is_taken_once(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Refusal, match="Jody Marsh has “Quarterly review”"):
        plan_meeting(
            cast.orbit, "Coffee", by=cast.jody.actor, day=DAY, time=dt.time(10, 30), led_by=cast.jody
        )
    assert Meeting.objects.count() == 1


def test_what_the_playbook_asked_for_is_taken_up_and_given_free_again(cast: Cast) -> None:
    owed = keeping.promise(
        cast.halden, "Client review", by=cast.jody.actor, owner=cast.jody, due_on=DAY, kind=Kind.REVIEW
    )
    Commitment.objects.filter(pk=owed.pk).update(rule="review", period="2026-Q4", touched_at=None)
    meeting = planned(cast, commitment=owed, day=dt.date(2026, 12, 16))
    owed.refresh_from_db()
    assert meeting.commitment == owed
    assert owed.due_on == dt.date(2026, 12, 16)
    assert owed.touched_at is not None
    with pytest.raises(Refusal, match="has its meeting already"):
        planned(cast, commitment=owed, day=dt.date(2026, 12, 17))
    cancel_meeting(meeting, by=cast.jody.actor, reason="They are away.")
    owed.refresh_from_db()
    assert (owed.state, owed.about_type, owed.closes_with) == (State.OPEN, "", "")


def test_moving_the_meeting_moves_its_promise_and_asks_everybody_again(cast: Cast) -> None:
    meeting = planned(cast)
    meeting.attendees.filter(contact=maya(cast)).update(answer=Answer.ACCEPTED)
    move_meeting(meeting, dt.date(2026, 12, 16), dt.time(15), by=cast.jody.actor, minutes=90)
    meeting.refresh_from_db()
    assert meeting.commitment is not None
    assert (meeting.commitment.due_on, meeting.commitment.due_time) == (dt.date(2026, 12, 16), dt.time(15))
    assert meeting.commitment.due_at - meeting.starts_at == dt.timedelta(minutes=90)
    assert meeting.sequence == 1
    assert meeting.attendees.get(contact=maya(cast)).answer == Answer.NONE
    assert meeting.attendees.get(member=cast.jody).answer == Answer.ACCEPTED
    with pytest.raises(Refusal, match="already"):
        move_meeting(meeting, dt.date(2026, 12, 16), dt.time(15), by=cast.jody.actor)


def test_the_meeting_follows_a_promise_moved_waived_or_handed_over_elsewhere(cast: Cast) -> None:
    meeting = planned(cast)
    assert meeting.commitment is not None
    keeping.move(meeting.commitment, dt.date(2026, 12, 17), to_time=dt.time(9), by=cast.jody.actor)
    meeting.refresh_from_db()
    assert meeting.local.replace(tzinfo=None) == dt.datetime(2026, 12, 17, 9)
    assert verbs().count("meeting.moved") == 1
    keeping.hand_over(meeting.commitment, cast.sam, by=cast.jody.actor)
    meeting.refresh_from_db()
    assert meeting.led_by == cast.sam
    keeping.waive(meeting.commitment, by=cast.keiran.actor, reason="Not now.")
    meeting.refresh_from_db()
    assert meeting.cancelled_at is not None
    keeping.unwaive(meeting.commitment, by=cast.keiran.actor)
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None


def test_preparations_are_dated_follow_the_meeting_and_stay_where_somebody_put_them(cast: Cast) -> None:
    meeting = planned(cast, prepare=True, in_person=True, host=Host.THEM, led_by=cast.keiran)
    due = {one.step: one.commitment.due_on for one in meeting.preparations.all() if one.commitment}
    assert due == {
        Step.ATTENDEES: dt.date(2026, 12, 1),
        Step.LOGISTICS: dt.date(2026, 12, 4),
        Step.AGENDA: dt.date(2026, 12, 8),
        Step.PRESENTATION: dt.date(2026, 12, 11),
        Step.MINUTES: dt.date(2026, 12, 16),
    }
    assert {one.commitment.owner for one in meeting.preparations.all() if one.commitment} == {cast.jody}
    slides = meeting.preparations.get(step=Step.PRESENTATION).commitment
    assert slides is not None
    keeping.move(slides, dt.date(2026, 12, 10), by=cast.jody.actor)
    move_meeting(meeting, dt.date(2026, 12, 22), TEN, by=cast.jody.actor)
    due = {one.step: one.commitment.due_on for one in meeting.preparations.all() if one.commitment}
    assert due[Step.AGENDA] == dt.date(2026, 12, 15)
    assert due[Step.PRESENTATION] == dt.date(2026, 12, 10)
    assert due[Step.MINUTES] == dt.date(2026, 12, 23)


def test_once_it_is_known_who_comes_the_way_is_booked(cast: Cast) -> None:
    meeting = planned(cast, prepare=True, in_person=True, host=Host.THEM)
    agree_attendees(meeting, by=cast.jody.actor)
    kinds = {one.kind: one for one in meeting.bookings.all()}
    assert set(kinds) == {BookingKind.TRAVEL, BookingKind.LODGING}
    train = kinds[BookingKind.TRAVEL]
    assert train.commitment is not None
    assert train.commitment.due_on == dt.date(2026, 11, 26)
    with pytest.raises(Refusal, match="confirmation"):
        booking.confirm_booking(train, " ", by=cast.jody.actor)
    booking.confirm_booking(train, "LNER 7K2P", by=cast.jody.actor)
    train.commitment.refresh_from_db()
    assert train.commitment.state == State.DONE
    logistics = meeting.preparations.get(step=Step.LOGISTICS).commitment
    assert logistics is not None
    assert logistics.state == State.OPEN
    booking.drop_booking(kinds[BookingKind.LODGING], by=cast.jody.actor)
    train.refresh_from_db()
    booking.unconfirm_booking(train, by=cast.jody.actor)
    booking.confirm_booking(train, "LNER 9X", by=cast.jody.actor)
    logistics.refresh_from_db()
    assert logistics.state == State.DONE


def test_calling_it_off_waives_what_was_to_be_prepared_and_taking_that_back_owes_it_again(cast: Cast) -> None:
    meeting = planned(cast, prepare=True)
    cancel_meeting(meeting, by=cast.jody.actor, reason="Snow.")
    states = set(Commitment.objects.values_list("state", flat=True))
    assert states == {State.WAIVED}
    revive_meeting(meeting, by=cast.jody.actor)
    assert set(Commitment.objects.values_list("state", flat=True)) == {State.OPEN}


def test_closing_logs_once_keeps_the_promise_and_makes_actions_promises(cast: Cast, frozen) -> None:
    meeting = planned(cast)
    actions.add_action(
        meeting, "Send the deck", by=cast.jody.actor, owner=cast.sam, due_on=dt.date(2026, 12, 18)
    )
    actions.add_action(meeting, "Send us the budget", by=cast.jody.actor, theirs=True)
    with pytest.raises(Refusal, match="still to come"):
        holding.close_meeting(meeting, by=cast.jody.actor)
    frozen.move_to(dt.datetime(2026, 12, 15, 10, 1, tzinfo=dt.UTC))
    holding.begin_meeting(meeting, by=cast.jody.actor)
    frozen.move_to(dt.datetime(2026, 12, 15, 10, 56, tzinfo=dt.UTC))
    minutes.write_minutes(meeting, "All well.", by=cast.jody.actor)
    minutes.decide(meeting, "More video", by=cast.jody.actor)
    closed = holding.close_meeting(meeting, by=cast.jody.actor)
    said = Interaction.objects.get()
    assert (said.minutes, said.contact, said.body) == (55, maya(cast), "All well.\n\nDecided: More video")
    assert closed.commitment is not None
    closed.commitment.refresh_from_db()
    assert closed.commitment.state == State.DONE
    made = {one.title: one for one in Commitment.objects.filter(about_type="comms.action")}
    assert made["Send the deck"].owner == cast.sam
    assert made["Send us the budget"].waiting_since is not None
    holding.reopen_meeting(meeting, by=cast.jody.actor)
    assert Interaction.objects.count() == 0
    closed.commitment.refresh_from_db()
    assert closed.commitment.state == State.OPEN


def test_two_people_writing_minutes_lose_no_word(cast: Cast) -> None:
    meeting = planned(cast)
    first = minutes.write_minutes(meeting, "Leads are up.", by=cast.jody.actor)
    minutes.write_minutes(
        meeting, "Leads are up. Ola joined.", by=cast.sam.actor, revision=first.revision, base="Leads are up."
    )
    last = minutes.write_minutes(
        meeting, "Good news: Leads are up.", by=cast.jody.actor, revision=first.revision, base="Leads are up."
    )
    assert last.text == "Good news: Leads are up. Ola joined."


def test_the_agenda_is_edited_and_the_client_adds_points(cast: Cast) -> None:
    meeting = planned(cast, agenda_key="")
    first = add_item(meeting, "Budget", by=cast.jody.actor, minutes=10)
    add_item(meeting, "Video", by=cast.jody.actor)
    point = add_point(meeting.attendees.get(contact=maya(cast)), "New shop in Leeds", by=cast.jody.actor)
    place_item(point, 1, by=cast.jody.actor)
    assert [item.title for item in meeting.agenda.all()] == ["New shop in Leeds", "Budget", "Video"]
    minutes.write_minutes(meeting, "Agreed.", by=cast.jody.actor, item=first)
    with pytest.raises(Refusal, match="written under"):
        remove_item(first, by=cast.jody.actor)
    assert verbs()[-1] == "meeting.point_added"


def test_a_report_is_asked_of_a_head_and_kept_by_handing_it_in(cast: Cast) -> None:
    meeting = planned(cast)
    request = report_requests.ask_for_report(
        cast.halden,
        "Rankings by region",
        by=cast.jody.actor,
        asked_of=cast.keiran,
        due_on=dt.date(2026, 12, 11),
        meeting=meeting,
    )
    assert request.commitment is not None
    assert request.commitment.owner == cast.keiran
    with pytest.raises(Refusal, match="not by a tick"):
        keeping.complete(request.commitment, by=cast.keiran.actor)
    report_requests.hand_in_report(request, by=cast.keiran.actor, found_at="Drive/Halden/rankings.pdf")
    request.commitment.refresh_from_db()
    assert request.commitment.state == State.DONE
    with pytest.raises(Refusal):
        report_requests.ask_for_report(
            cast.lumen, "Spend", by=cast.jody.actor, asked_of=cast.keiran, due_on=DAY
        )


def test_whoever_is_not_on_the_team_changes_nothing(cast: Cast) -> None:
    meeting = plan_meeting(cast.orbit, "Catch up", by=cast.jody.actor, day=DAY, time=TEN, led_by=cast.jody)
    with pytest.raises(Refusal, match="account team"):
        change_meeting(meeting, by=cast.sam.actor, title="Mine")
    assert not Meeting.objects.visible_to(cast.sam.actor).exists()
    add_attendee(meeting, by=cast.jody.actor, member=cast.sam)
    assert Meeting.objects.visible_to(cast.sam.actor).exists()
    remove_attendee(meeting.attendees.get(member=cast.sam), by=cast.jody.actor)
    assert not Meeting.objects.visible_to(cast.sam.actor).exists()


def test_the_teams_own_meeting_needs_no_client(cast: Cast) -> None:
    meeting = plan_meeting(
        None,
        "Weekly",
        by=cast.keiran.actor,
        day=DAY,
        time=TEN,
        led_by=cast.keiran,
        members=[cast.jody],
        agenda_key="weekly-client-services",
    )
    assert meeting.commitment is not None
    assert (meeting.commitment.client, meeting.commitment.internal) == (None, True)
    assert meeting.agenda.filter(minutes__gt=0).count() == 5
    actions.add_action(meeting, "Tidy flags", by=cast.jody.actor)
    assert not Meeting.objects.visible_to(cast.sam.actor).exists()


def test_preparations_of_a_department(cast: Cast) -> None:
    meeting = planned(cast)
    made = preparing.ask_department(meeting, cast.keiran, "Two slides on links", by=cast.jody.actor)
    assert made.commitment is not None
    assert (made.commitment.owner, made.commitment.due_on) == (cast.keiran, dt.date(2026, 12, 10))


def first_month(cast: Cast) -> list[Meeting]:
    """A client taken on yesterday, whose first month the playbook plans."""
    new = retained("Nova Foods", 3000, lead=cast.jody, starts_on=dt.date(2026, 11, 23))
    maya = book.add_contact(new, "Nils Vey", by=SYSTEM, email="nils@nova.test")
    plan_book()
    return plan_first_month(new, by=cast.jody.actor, time=dt.time(11), contacts=[maya])


def test_each_first_month_meeting_can_be_declined_by_the_client(cast: Cast) -> None:
    meetings = first_month(cast)
    assert len(meetings) >= 4
    assert all(meeting.commitment and meeting.commitment.due_time == dt.time(11) for meeting in meetings)
    attendee = meetings[1].attendees.get(contact__isnull=False)
    secret = new_link(attendee).rstrip("/").rpartition("/")[2]
    known = attendee_of(secret)
    assert known == attendee
    decline_meeting(known, by=actor_of(known))
    promise = Commitment.objects.get(pk=meetings[1].commitment_id)
    assert promise.state == State.WAIVED
    assert promise.waivers.get().note == "Declined by the client: Nils Vey."
    with pytest.raises(Refusal, match="cannot be declined"):
        decline_meeting(attendee_of(secret), by=actor_of(known))  # type: ignore[arg-type]
    revive_meeting(meetings[1], by=cast.jody.actor)
    promise.refresh_from_db()
    assert promise.state == State.OPEN


def test_other_meetings_cannot_be_declined_by_a_link(cast: Cast) -> None:
    attendee = planned(cast).attendees.get(contact=maya(cast))
    with pytest.raises(Refusal, match="cannot be declined"):
        decline_meeting(attendee, by=actor_of(attendee))


def test_a_link_opens_nothing_once_its_person_is_taken_off_or_it_is_too_old(cast: Cast, frozen) -> None:
    meeting = planned(cast)
    attendee = meeting.attendees.get(contact=maya(cast))
    secret = new_link(attendee).rstrip("/").rpartition("/")[2]
    assert attendee_of(secret + "x") is None
    frozen.move_to(dt.datetime(2026, 12, 30, tzinfo=dt.UTC))
    assert attendee_of(secret) is None
    frozen.move_to(NOW)
    remove_attendee(attendee, by=cast.jody.actor)
    assert attendee_of(secret) is None


def test_the_agenda_is_sent_without_our_notes(cast: Cast) -> None:
    meeting = planned(cast, prepare=True)
    send_agenda(meeting, by=cast.jody.actor)
    text = OutboxMessage.objects.get(kind="agenda", recipient="maya@haldenbikes.test").text
    assert "1. Results against target (20 min)" in text
    assert "/meet/" in text
    assert meeting.agenda.first().notes not in text  # type: ignore[union-attr]
    sent = meeting.preparations.get(step=Step.AGENDA).commitment
    assert sent is not None
    assert sent.state == State.DONE


def test_minutes_are_circulated_without_what_is_internal_and_called_back(cast: Cast, frozen) -> None:
    meeting = planned(cast, prepare=True)
    minutes.write_minutes(meeting, "Leads are up.", by=cast.jody.actor, item=meeting.agenda.first())
    minutes.write_minutes(meeting, "They may leave us.", by=cast.jody.actor, internal=True)
    minutes.decide(meeting, "More video", by=cast.jody.actor)
    actions.add_action(meeting, "Send the deck", by=cast.jody.actor, owner=cast.sam)
    actions.add_action(meeting, "Raise the price", by=cast.jody.actor, internal=True)
    with pytest.raises(Refusal, match="not closed"):
        minutes.circulate_minutes(meeting, by=cast.jody.actor)
    frozen.move_to(dt.datetime(2026, 12, 15, 11, 30, tzinfo=dt.UTC))
    holding.close_meeting(meeting, by=cast.jody.actor)
    meeting.refresh_from_db()
    sent = minutes.circulate_minutes(meeting, by=cast.jody.actor, pdf=b"%PDF-1.7")
    assert sorted(sent.recipients) == ["Jody Marsh", "Maya Lind", "Sam Okafor"]
    text = OutboxMessage.objects.get(kind="minutes", recipient="maya@haldenbikes.test").text
    assert "Leads are up." in text
    assert "Send the deck (Sam Okafor" in text
    assert "leave us" not in text
    assert "price" not in text
    done = meeting.preparations.get(step=Step.MINUTES).commitment
    assert done is not None
    assert done.state == State.DONE
    assert minutes.call_back(sent, by=cast.jody.actor) == 3
    done.refresh_from_db()
    assert done.state == State.OPEN
    with pytest.raises(Refusal, match="left already"):
        minutes.call_back(sent, by=cast.jody.actor)

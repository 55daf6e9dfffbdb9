"""The path of a handover is read from what happened; the clock runs from the win to both kickoffs (W5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steadyhand.clients import book, briefs, team
from steadyhand.clients.models import Position
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.mail.writing import queue_message
from steadyhand.comms.meetings import attending, holding, inviting, planning
from steadyhand.comms.models import Answer, Message
from steadyhand.core.models import Event
from steadyhand.core.outbox_sending import send_waiting
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding import handover as verbs
from steadyhand.onboarding.enclosing import enclose_papers
from steadyhand.onboarding.handover import Path, paths_of
from steadyhand.onboarding.models import Agreement, Handover, SentForm
from steadyhand.onboarding.steps import Step, Waits
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import SYSTEM, Cast, joined
from tests.onboarding.test_winning import prospect, won

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def ana(northwind: Cast) -> Member:
    return joined("Ana Costa", Role.NEW_BUSINESS)


@pytest.fixture
def handover(northwind: Cast, ana: Member) -> Handover:
    return won(prospect()[0], ana, northwind.jody)


def path(handover: Handover) -> Path:
    return paths_of(Handover.objects.filter(pk=handover.pk).preloaded())[0]


def step(handover: Handover, key: str) -> Step:
    return next(one for one in path(handover).steps if one.key == key)


def left(message: Message | None) -> None:
    """Sent, whatever gaps it still had."""
    assert message is not None
    message.refresh_from_db()
    message.text = "All of it."
    message.save(update_fields=["text"])
    queue_message(message, by=SYSTEM, at_once=True)
    send_waiting()


def test_a_new_handover_waits_on_whoever_won_it(handover: Handover, ana: Member, northwind: Cast) -> None:
    found = path(handover)
    keys = [one.key for one in found.steps]
    assert keys.index("answer") < keys.index("introduction") < keys.index("reply")
    assert keys.index("internal-kickoff") < keys.index("client-kickoff") < keys.index("set-up")
    first = found.next_step
    assert first is not None
    assert (first.key, first.owner, first.waits, first.since) == ("answer", ana, Waits.US, cast.NOW)
    assert first.due_on == cast.NOW.date()
    reply = step(handover, "reply")
    assert (reply.owner, reply.waits, reply.who) == (northwind.jody, Waits.EARLIER, "the introduction")
    assert step(handover, "set-up").note == "0 of 7 done"


def test_a_letter_that_left_is_a_step_done_and_its_promise_kept(handover: Handover, northwind: Cast) -> None:
    with time_machine.travel(cast.NOW + dt.timedelta(minutes=40), tick=False):
        left(handover.introduction)
        done = step(handover, "introduction")
        assert done.is_done and done.waits is Waits.NOBODY
        lap = path(handover).laps[0]
        assert (lap.title, lap.words, lap.until is not None) == ("Won to introduced", "40 minutes", True)
        reply = step(handover, "reply")
        assert (reply.waits, reply.since) == (Waits.US, done.done_at)
    promise = Commitment.objects.get(about_type="comms.message", about_id=handover.introduction_id)
    assert promise.state == State.DONE


def test_the_reply_stands_on_the_thread_of_the_introduction(handover: Handover) -> None:
    left(handover.introduction)
    assert handover.introduction is not None and handover.reply is not None
    handover.introduction.refresh_from_db()
    handover.reply.refresh_from_db()
    assert handover.reply.in_reply_to == handover.introduction.message_id != ""
    left(handover.reply)
    handover.reply.refresh_from_db()
    assert handover.reply.thread == handover.introduction.thread
    assert handover.reply.message_id != handover.introduction.message_id


def test_the_news_may_be_answered_by_telephone_and_the_introduction_still_goes(
    handover: Handover, ana: Member
) -> None:
    verbs.answer_by_call(handover, by=ana.actor, minutes=6, note="They were delighted.")
    assert step(handover, "answer").is_done
    assert not step(handover, "introduction").is_done
    assert handover.client.interactions.get().minutes == 6
    with pytest.raises(Refusal, match="answered already"):
        verbs.answer_by_call(handover, by=ana.actor)


def test_the_kickoff_waits_on_the_client_until_they_agree_to_a_day(handover: Handover) -> None:
    assert step(handover, "client-kickoff").waits is Waits.US
    left(handover.reply)
    waiting = step(handover, "client-kickoff")
    assert (waiting.waits, waiting.who, waiting.since) == (Waits.CLIENT, "Priya Raman", cast.NOW)
    meeting = handover.client_kickoff
    assert meeting is not None
    inviting.send_invitations(meeting, by=SYSTEM)
    attending.note_answer(meeting.attendees.get(contact__isnull=False), Answer.ACCEPTED, by=SYSTEM)
    assert step(handover, "client-kickoff").waits is Waits.US


def test_a_kickoff_called_off_is_planned_anew_on_the_same_path(handover: Handover, northwind: Cast) -> None:
    meeting = handover.internal_kickoff
    assert meeting is not None
    planning.cancel_meeting(meeting, by=SYSTEM, reason="Ana is ill.", owed_still=False)
    assert step(handover, "internal-kickoff").note == "not planned"
    again = planning.plan_meeting(
        handover.client,
        "Internal kickoff, again",
        by=SYSTEM,
        day=dt.date(2026, 11, 26),
        time=dt.time(9),
        led_by=northwind.jody,
        agenda_key="internal-kickoff",
    )
    handover.refresh_from_db()
    assert handover.internal_kickoff == again
    assert step(handover, "internal-kickoff").click == "Open meeting"


def test_the_clock_counts_working_days_to_each_kickoff(handover: Handover) -> None:
    for meeting in (handover.internal_kickoff, handover.client_kickoff):
        assert meeting is not None
        with time_machine.travel(meeting.ends_at, tick=False):
            holding.close_meeting(meeting, by=SYSTEM)
    introduced, ours, theirs = path(handover).laps
    assert introduced.until is None
    assert (ours.words, theirs.words) == ("1 working day", "4 working days")


def test_the_lead_is_asked_to_read_the_brief(handover: Handover, northwind: Cast) -> None:
    promise = Commitment.objects.get(client=handover.client, closes_with="clients.briefreading")
    assert promise.owner == northwind.jody
    briefs.read_brief(handover.client, northwind.jody, by=northwind.jody.actor)
    promise.refresh_from_db()
    assert promise.state == State.DONE


def test_the_papers_are_enclosed_in_the_reply_and_wait_on_the_client(
    handover: Handover, northwind: Cast
) -> None:
    drafted = Agreement.objects.get(engagement=handover.engagement)
    assert (drafted.owner, drafted.shared_at) == (northwind.jody, None), "drafted, and nobody's but ours"
    assert step(handover, "forms").note == "not sent yet"
    assert step(handover, "agreement").who == "Jody Marsh"
    booker = book.add_contact(
        handover.client, "Finn Pence", by=SYSTEM, email="finn@brightwater.test", job_title="Head of Finance"
    )
    found = enclose_papers(handover, by=northwind.jody.actor)
    forms = {one.form_key: one for one in SentForm.objects.filter(client=handover.client)}
    assert set(forms) == {"onboarding", "finance"}
    assert forms["finance"].contact == booker
    assert found.reply.text.count("/portal/open/") == len(found.papers) >= 2
    waiting = step(handover, "forms")
    assert (waiting.waits, waiting.who, waiting.note) == (Waits.CLIENT, "Finn Pence", "0 of 2 back")
    agreement = step(handover, "agreement")
    drafted.refresh_from_db()
    shared = drafted.shared_at is not None
    assert agreement.waits is (Waits.CLIENT if shared else Waits.US)
    assert shared or "gap" in " ".join(found.missing)
    if shared:
        with pytest.raises(Refusal, match="Every link stands"):
            enclose_papers(handover, by=northwind.jody.actor)


def test_a_reply_that_left_takes_no_papers(handover: Handover) -> None:
    left(handover.reply)
    with pytest.raises(Refusal, match="has left already"):
        enclose_papers(handover, by=SYSTEM)


def test_another_lead_takes_the_handover_over(handover: Handover, northwind: Cast) -> None:
    team.assign(handover.client, northwind.sam, Position.LEAD, by=SYSTEM)
    handover.refresh_from_db()
    assert handover.led_by == northwind.sam


def test_it_is_closed_when_all_is_done_or_with_a_reason(handover: Handover) -> None:
    with pytest.raises(Refusal, match="Still open: answer the good news"):
        verbs.close_handover(handover, by=SYSTEM)
    verbs.close_handover(handover, by=SYSTEM, reason="They were set up by our sister agency.")
    assert not Handover.objects.under_way().exists()
    verbs.reopen_handover(handover, by=SYSTEM)
    assert Handover.objects.under_way().exists()
    told = Event.objects.filter(verb__startswith="handover.").values_list("verb", flat=True)
    assert set(told) == {"handover.begun", "handover.closed", "handover.reopened"}


def test_steps_past_their_day_are_late(handover: Handover) -> None:
    with time_machine.travel(cast.NOW + dt.timedelta(days=2), tick=False):
        late = [one.key for one in path(handover).late]
        assert late[:3] == ["answer", "introduction", "reply"]


def test_many_paths_cost_what_one_costs(handover: Handover, northwind: Cast, ana: Member) -> None:
    with CaptureQueriesContext(connection) as one:
        paths_of(Handover.objects.preloaded())
    for number in range(3):
        won(prospect(f"More {number}")[0], ana, northwind.jody)
    with CaptureQueriesContext(connection) as many:
        found = paths_of(Handover.objects.preloaded())
    assert len(found) == 4
    assert len(one) == len(many)


def test_strangers_neither_see_nor_touch_it(handover: Handover, northwind: Cast) -> None:
    assert not Handover.objects.visible_to(northwind.sam.actor).exists()
    assert Handover.objects.visible_to(northwind.jody.actor).get() == handover
    assert Handover.objects.visible_to(northwind.keiran.actor).get() == handover
    with pytest.raises(keeping.NotYours, match="account team"):
        verbs.close_handover(handover, by=northwind.sam.actor, reason="No.")

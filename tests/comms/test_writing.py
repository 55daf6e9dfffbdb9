"""Writing to a client: drafts, gaps, sending after a delay, taking back, and what the outbox says of it."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steadyhand.comms.mail import writing
from steadyhand.comms.mail.letters import gaps
from steadyhand.comms.mail.sending import post
from steadyhand.comms.models import Interaction, Message, MessageState
from steadyhand.core import outbox
from steadyhand.core.mail_text import one_line
from steadyhand.core.models import Event, OutboxMessage
from steadyhand.core.refusals import Conflict, Refusal
from tests import cast as casting

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with time_machine.travel(casting.NOW, tick=False):
        yield casting.build(planned=False)


@pytest.fixture
def maya(cast):
    return cast.halden.contacts.get(email="maya@haldenbikes.test")


def written(cast, maya, **more):
    more = {"subject": "March leads", "text": "Hello Maya,\n\nthey are up.", **more}
    return writing.draft_message(cast.halden, by=cast.jody.actor, member=cast.jody, contact=maya, **more)


def test_a_draft_goes_to_its_contact_and_is_no_event(cast, maya):
    before = Event.objects.count()
    draft = written(cast, maya)
    assert draft.state == MessageState.DRAFT
    assert draft.to == ["maya@haldenbikes.test"]
    assert Event.objects.count() == before


def test_a_letter_is_filled_and_what_is_not_known_stays_as_a_gap(cast, maya):
    draft = written(
        cast, maya, template="voicemail-follow-up", subject="", text="", fields={"request.text": "the login"}
    )
    assert draft.subject == "I just tried to call you: the login"
    assert "Hello Maya," in draft.text and "Jody Marsh" in draft.text
    assert "{{ request.due }}" in draft.text
    with pytest.raises(Refusal, match=r"gaps: \{\{ request.due \}\}, \{\{ lead.phone \}\}"):
        writing.queue_message(draft, by=cast.jody.actor)
    assert not OutboxMessage.objects.exists()


def test_a_mail_waits_for_its_delay_and_then_is_said_once(cast, maya):
    with time_machine.travel(casting.NOW, tick=False) as clock:
        draft = writing.queue_message(written(cast, maya), by=cast.jody.actor)
        assert draft.state == MessageState.QUEUED
        outbox.send_waiting()
        draft.refresh_from_db()
        assert draft.state == MessageState.QUEUED
        clock.shift(dt.timedelta(seconds=61))
        outbox.send_waiting()
        outbox.send_waiting()
    draft.refresh_from_db()
    assert draft.state == MessageState.SENT
    said = Interaction.objects.get(client=cast.halden)
    assert draft.interaction == said
    assert (said.summary, said.contact, said.member) == ("March leads", maya, cast.jody)


def test_taking_it_back_keeps_it_here_and_it_can_be_sent_after_all(cast, maya):
    draft = writing.queue_message(written(cast, maya), by=cast.jody.actor)
    taken = writing.cancel_message(draft, by=cast.jody.actor)
    assert taken.state == MessageState.CANCELLED
    assert Event.objects.latest("id").verb == "mail.cancelled"
    again = writing.save_draft(taken, by=cast.jody.actor, subject="April leads")
    again = writing.queue_message(again, by=cast.jody.actor, at_once=True)
    outbox.send_waiting()
    again.refresh_from_db()
    assert again.state == MessageState.SENT
    assert Message.objects.count() == 1 and Interaction.objects.count() == 1


def test_only_the_account_team_writes(cast):
    contact = cast.lumen.contacts.first()
    with pytest.raises(Refusal, match="account team of Lumen Legal"):
        writing.draft_message(cast.lumen, by=cast.jody.actor, member=cast.jody, contact=contact, text="Hi")


def test_a_moment_that_is_over_is_refused(cast, maya):
    draft = written(cast, maya)
    with pytest.raises(Refusal, match="moment is over"):
        writing.queue_message(draft, by=cast.jody.actor, send_at=casting.NOW - dt.timedelta(hours=1))


def test_two_who_write_on_one_draft_do_not_overwrite_each_other(cast, maya):
    with time_machine.travel(casting.NOW, tick=False) as clock:
        draft = written(cast, maya)
        clock.shift(dt.timedelta(seconds=5))
        writing.save_draft(draft, by=cast.sam.actor, seen=draft.changed_at, text="Sam's words")
        with pytest.raises(Conflict):
            writing.save_draft(draft, by=cast.jody.actor, seen=draft.changed_at, text="Jody's words")
    draft.refresh_from_db()
    assert draft.text == "Sam's words"


NASTY = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NASTY, subject=NASTY)
def test_no_name_and_no_subject_reaches_anybody_else(cast, maya, name, subject):
    """Whatever stands in names and subjects, the mail is to Maya alone, and its headers are ours."""
    if not subject.strip() or gaps(subject) or not one_line(subject):
        return
    cast.jody.name = f"{name}\r\nBcc: spy@evil.test"
    with transaction.atomic():
        row = writing.draft_message(
            cast.halden, by=cast.jody.actor, member=cast.jody, contact=maya, subject=subject, text="Hello"
        )
        post(row, "<p>Hello</p>", casting.NOW)
        transaction.set_rollback(True)  # the next example may draw the same Message-ID
    mail = message_from_bytes(bytes(row.outbox.mime), policy=policy.SMTP)
    assert [a.addr_spec for a in mail["To"].addresses] == ["maya@haldenbikes.test"]
    assert mail["Bcc"] is None and mail["Cc"] is None
    assert len(mail["From"].addresses) == 1
    assert row.outbox.recipients == ["maya@haldenbikes.test"]


def test_an_answer_stays_in_its_thread(cast, maya):
    first = writing.queue_message(written(cast, maya), by=cast.jody.actor, at_once=True)
    answer = written(cast, maya, subject="", in_reply_to=first)
    assert answer.subject == "Re: March leads"
    answer = writing.queue_message(answer, by=cast.jody.actor, at_once=True)
    assert answer.thread == first.message_id
    mail = message_from_bytes(bytes(answer.outbox.mime), policy=policy.SMTP)
    assert mail["In-Reply-To"] == first.message_id and first.message_id in mail["References"]


def test_an_uncertain_one_is_settled_by_asking(cast, maya):
    mail = writing.queue_message(written(cast, maya), by=cast.jody.actor, at_once=True)
    with pytest.raises(Refusal, match="nothing to settle"):
        writing.say_arrived(mail, by=cast.jody.actor)
    OutboxMessage.objects.update(state="uncertain")
    Message.objects.update(state="uncertain")
    again = writing.send_again(mail, by=cast.jody.actor)
    assert again.state == MessageState.QUEUED and again.message_id == mail.message_id
    OutboxMessage.objects.update(state="uncertain")
    Message.objects.update(state="uncertain")
    assert writing.say_arrived(mail, by=cast.jody.actor).state == MessageState.SENT
    assert Interaction.objects.count() == 1

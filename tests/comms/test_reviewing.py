"""Review before sending: who may look, what is kept of it, and being released (S8, P5)."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.mail import reviewing, supervising, writing
from steadyhand.comms.mail import rules as mail_rules
from steadyhand.comms.models import Message, MessageState, Review, Verdict
from steadyhand.core import outbox
from steadyhand.core.models import OutboxMessage
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from steadyhand.people.roles import Role
from tests import cast as casting

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with time_machine.travel(casting.NOW, tick=False):
        cast = casting.build(planned=False)
        supervising.put_under_review(cast.jody, by=cast.keiran.actor)
        yield cast


def submitted(cast, **more) -> Message:
    maya = cast.halden.contacts.get(email="maya@haldenbikes.test")
    draft = writing.draft_message(
        cast.halden,
        by=cast.jody.actor,
        member=cast.jody,
        contact=maya,
        subject="October",
        text="Hello Maya,\n\nleads fell.",
        **{"important": True, **more},
    )
    return writing.queue_message(draft, by=cast.jody.actor)


def test_an_important_mail_goes_to_the_reviewer_and_not_out(cast):
    mail = submitted(cast)
    review = mail.reviews.get()
    assert mail.state == MessageState.IN_REVIEW
    assert not OutboxMessage.objects.exists()
    promised = Commitment.objects.get(about_type="comms.review", about_id=review.pk)
    assert promised.owner == cast.keiran and promised.internal


def test_any_other_mail_leaves_by_itself(cast):
    assert submitted(cast, important=False).state == MessageState.QUEUED


def test_mail_to_somebody_who_decides_is_important_unasked(cast):
    ola = cast.halden.contacts.get(decides=True)
    mail = submitted(cast, important=False, to=["OLA@haldenbikes.test"], copies=[])
    assert ola.decides and mail.state == MessageState.IN_REVIEW


def test_approved_as_it_is(cast):
    mail = submitted(cast)
    review = mail.reviews.get()
    reviewing.approve(review, by=cast.keiran.actor)
    review.refresh_from_db()
    assert (review.verdict, review.changed, review.decided_by) == (Verdict.APPROVED, False, "Keiran Reid")
    assert review.commitment is not None and review.commitment.state == State.DONE
    mail.refresh_from_db()
    assert mail.state == MessageState.QUEUED
    assert supervising.shares([cast.jody.pk])[cast.jody.pk] == supervising.Share(1, 1)


def test_approved_with_other_words_leaves_with_those(cast):
    mail = submitted(cast)
    reviewing.approve(mail.reviews.get(), by=cast.keiran.actor, text="Hello Maya,\n\nleads fell by 4%.")
    mail.refresh_from_db()
    assert mail.reviews.get().changed
    assert "4%" in mail.text and "4%" in mail.html
    assert supervising.shares([cast.jody.pk])[cast.jody.pk] == supervising.Share(1, 0)


def test_returned_with_a_reason_it_is_a_draft_again(cast):
    mail = submitted(cast)
    with pytest.raises(Refusal, match="what should be different"):
        reviewing.send_back(mail.reviews.get(), by=cast.keiran.actor, comment=" ")
    reviewing.send_back(mail.reviews.get(), by=cast.keiran.actor, comment="Say why.")
    mail.refresh_from_db()
    assert mail.state == MessageState.DRAFT
    again = writing.queue_message(mail, by=cast.jody.actor)
    assert again.reviews.count() == 2


def test_nobody_approves_their_own_and_no_stranger_does(cast):
    mail = submitted(cast)
    ana = casting.joined("Ana Cole", Role.DIRECTOR)
    for actor in (cast.jody.actor, cast.sam.actor, ana.actor, casting.SYSTEM):
        with pytest.raises(Refusal, match="not yours to review"):
            reviewing.approve(mail.reviews.get(), by=actor)
    mail.refresh_from_db()
    assert mail.state == MessageState.IN_REVIEW


def test_a_line_manager_who_is_not_on_the_team_may_read_and_approve(cast):
    ana = casting.joined("Ana Cole", Role.DIRECTOR)
    members.change_member(cast.jody, by=cast.keiran.actor, line_manager=ana)
    cast.jody.refresh_from_db()
    mail = submitted(cast)
    assert mail.reviews.get().reviewer == ana
    assert Message.objects.visible_to(ana.actor).filter(pk=mail.pk).exists()
    assert reviewing.approve(mail.reviews.get(), by=ana.actor).state == MessageState.QUEUED


def test_one_under_review_does_not_send_in_a_colleagues_name_either(cast):
    maya = cast.halden.contacts.get(email="maya@haldenbikes.test")
    draft = writing.draft_message(
        cast.halden, by=cast.jody.actor, member=cast.keiran, contact=maya, subject="Hi", text="Hello",
        important=True,
    )  # fmt: skip
    assert writing.queue_message(draft, by=cast.jody.actor).state == MessageState.IN_REVIEW
    assert Review.objects.get().member == cast.jody


def test_taken_back_from_review(cast):
    mail = submitted(cast)
    writing.cancel_message(mail, by=cast.jody.actor)
    review = mail.reviews.get()
    assert review.verdict == Verdict.WITHDRAWN
    assert review.commitment is not None and review.commitment.state == State.WAIVED


def test_a_day_that_passed_while_it_waited_is_now(cast):
    with time_machine.travel(casting.NOW, tick=False) as clock:
        maya = cast.halden.contacts.get(email="maya@haldenbikes.test")
        draft = writing.draft_message(
            cast.halden, by=cast.jody.actor, member=cast.jody, contact=maya, subject="Hi", text="Hello",
            important=True,
        )  # fmt: skip
        mail = writing.queue_message(draft, by=cast.jody.actor, send_at=casting.NOW + dt.timedelta(hours=1))
        clock.shift(dt.timedelta(hours=3))
        reviewing.approve(mail.reviews.get(), by=cast.keiran.actor)
        clock.shift(dt.timedelta(seconds=61))
        outbox.send_waiting()
    mail.refresh_from_db()
    assert mail.state == MessageState.SENT


def test_newcomers_are_reviewed_where_the_rules_say_so(cast):
    chief = casting.joined("Ada Min", Role.ADMINISTRATOR)
    assert not casting.joined("Ned Old", Role.MANAGER).supervisions.exists()
    mail_rules.change_rules(by=chief.actor, delay_seconds=60, own_domains="", review_newcomers=True)
    assert casting.joined("Nell New", Role.MANAGER).supervisions.running().exists()
    assert not casting.joined("Dora New", Role.DIRECTOR).supervisions.exists()


def test_released_by_the_head_and_put_back(cast):
    with pytest.raises(Refusal, match="for their manager"):
        supervising.release(cast.jody, by=cast.jody.actor)
    with pytest.raises(Refusal, match="for their manager"):
        supervising.release(cast.jody, by=cast.sam.actor)
    released = supervising.release(cast.jody, by=cast.keiran.actor)
    assert released.released_by == "Keiran Reid"
    assert submitted(cast).state == MessageState.QUEUED
    supervising.take_back_release(cast.jody, by=cast.keiran.actor)
    assert submitted(cast).state == MessageState.IN_REVIEW

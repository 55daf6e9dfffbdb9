"""Writing to a client on the pages: draft, autosave, preview, send, undo, review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.comms.mail import reviewing, supervising, writing
from steadyhand.comms.models import MailRules, Message, MessageState
from steadyhand.core.models import OutboxMessage
from tests import cast as casting
from tests.contracts.query_counts import pinned

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Iterator[casting.Cast]:
    with time_machine.travel(casting.NOW, tick=False):
        yield casting.build(planned=False)


def signed_in(member: casting.Member) -> Browser:
    browser = Browser()
    browser.force_login(casting.user_of(member))
    return browser


@pytest.fixture
def jody(cast: casting.Cast) -> Browser:
    return signed_in(cast.jody)


def drafted(cast: casting.Cast, **more: object) -> Message:
    maya = cast.halden.contacts.get(email="maya@haldenbikes.test")
    words = {"subject": "March leads", "text": "Hello Maya,\n\nthey are up.", **more}
    return writing.draft_message(
        cast.halden, by=cast.jody.actor, member=cast.jody, contact=maya, **words  # type: ignore[arg-type]
    )  # fmt: skip


WORDS = {"to": "maya@haldenbikes.test", "copies": "", "subject": "March leads", "text": "Hello Maya"}


def test_writing_starts_from_a_letter(cast: casting.Cast, jody: Browser) -> None:
    page = jody.get("/clients/halden-bikes/messages/new/?template=voicemail-follow-up")
    assert "We called and left a message" in page.text
    maya = cast.halden.contacts.get(email="maya@haldenbikes.test")
    answer = jody.post(
        "/clients/halden-bikes/messages/new/",
        {"contact": maya.pk, "template": "voicemail-follow-up", "about": "comms.chase.7"},
    )
    draft = Message.objects.get()
    assert answer["Location"] == f"/messages/{draft.pk}/"
    assert (draft.about_type, draft.about_id, draft.member) == ("comms.chase", 7, cast.jody)
    assert "{{ request.text }}" in jody.get(f"/messages/{draft.pk}/").text


def test_autosave_keeps_the_words_and_answers_with_what_stands_beneath(
    cast: casting.Cast, jody: Browser
) -> None:
    draft = drafted(cast)
    sent = {**WORDS, "text": "Hello {{ contact.role }}", "seen": draft.changed_at.isoformat()}
    answer = jody.post(f"/messages/{draft.pk}/", sent, headers={"HX-Request": "true"})
    draft.refresh_from_db()
    assert draft.text == "Hello {{ contact.role }}"
    assert "What that person does at the client." in answer.text
    assert "<html" not in answer.text


def test_who_wrote_meanwhile_is_not_overwritten_and_both_are_seen(cast: casting.Cast, jody: Browser) -> None:
    with time_machine.travel(casting.NOW, tick=False) as clock:
        draft = drafted(cast)
        clock.shift(dt.timedelta(seconds=9))
        writing.save_draft(draft, by=cast.sam.actor, text="Sam was here")
        sent = {**WORDS, "seen": draft.changed_at.isoformat()}
        answer = jody.post(f"/messages/{draft.pk}/", sent, headers={"HX-Request": "true"})
    draft.refresh_from_db()
    assert draft.text == "Sam was here"
    assert "Sam was here" in answer.text and "Keep mine instead" in answer.text


def test_the_mail_is_shown_by_its_own_strict_rules(cast: casting.Cast, jody: Browser) -> None:
    draft = drafted(cast, text="<script>alert(1)</script> https://halden.test/")
    answer = jody.get(f"/messages/{draft.pk}/html/")
    assert "<script" not in answer.text and "&lt;script&gt;" in answer.text
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in jody.get(f"/messages/{draft.pk}/")["Content-Security-Policy"]


def test_sent_and_taken_back(cast: casting.Cast, jody: Browser) -> None:
    draft = drafted(cast)
    sent = {**WORDS, "subject": "April leads", "when": "soon", "seen": draft.changed_at.isoformat()}
    answer = jody.post(f"/messages/{draft.pk}/sending/", sent, follow=True)
    assert "“April leads” is on its way to maya@haldenbikes.test." in answer.text
    assert f"/messages/{draft.pk}/removal/" in answer.text
    row = OutboxMessage.objects.get()
    assert row.next_at == casting.NOW + dt.timedelta(seconds=60) and row.subject == "April leads"
    answer = jody.post(f"/messages/{draft.pk}/removal/", follow=True)
    assert "Taken back. Nothing was sent." in answer.text
    assert Message.objects.get().state == MessageState.CANCELLED


def test_later_is_read_on_the_clients_clock_and_a_day_that_is_over_is_refused(
    cast: casting.Cast, jody: Browser
) -> None:
    cast.halden.zone = "America/New_York"
    cast.halden.save()
    draft = drafted(cast)
    later = {**WORDS, "when": "at", "on": "2026-11-20", "at": "09:00"}
    answer = jody.post(f"/messages/{draft.pk}/sending/", later)
    assert answer.status_code == 422 and "That moment is over." in answer.text
    jody.post(f"/messages/{draft.pk}/sending/", {**later, "on": "2027-03-14", "at": "02:30"})
    # New York's clocks skip from 02:00 to 03:00 that night: it leaves at the gap's end.
    assert OutboxMessage.objects.get().next_at == dt.datetime(2027, 3, 14, 7, 0, tzinfo=dt.UTC)


def test_a_gap_is_refused_at_its_field(cast: casting.Cast, jody: Browser) -> None:
    draft = drafted(cast)
    words = {**WORDS, "text": "By {{ request.due }}", "when": "soon"}
    answer = jody.post(f"/messages/{draft.pk}/sending/", words)
    assert answer.status_code == 422 and "still has gaps: {{ request.due }}" in answer.text
    assert not OutboxMessage.objects.exists()


def test_a_manager_reviews_changes_and_sends(cast: casting.Cast, jody: Browser) -> None:
    supervising.put_under_review(cast.jody, by=cast.keiran.actor)
    draft = drafted(cast)
    answer = jody.post(
        f"/messages/{draft.pk}/sending/", {**WORDS, "important": "on", "when": "soon"}, follow=True
    )
    assert "is with Keiran Reid" in answer.text
    review = draft.reviews.get()
    keiran = signed_in(cast.keiran)
    assert "Waiting for your look" in keiran.get("/messages/").text
    assert "Look at Jody Marsh’s mail" in keiran.get(f"/reviews/{review.pk}/").text
    assert jody.get(f"/reviews/{review.pk}/").status_code == 302
    assert jody.post(f"/reviews/{review.pk}/approval/", WORDS).status_code in (403, 409)
    answer = keiran.post(
        f"/reviews/{review.pk}/approval/",
        {**WORDS, "text": "Hello dear Maya", "comment": "Warmer."},
        follow=True,
    )
    assert "Approved. “March leads” is on its way." in answer.text
    draft.refresh_from_db()
    assert (draft.state, draft.text) == (MessageState.QUEUED, "Hello dear Maya")
    people = keiran.get("/team/reviews/").text
    assert "0 of the last 1 (0%)" in people


def test_another_teams_reviewer_sees_nothing(cast: casting.Cast) -> None:
    supervising.put_under_review(cast.jody, by=cast.keiran.actor)
    draft = writing.queue_message(drafted(cast, important=True), by=cast.jody.actor)
    ana = signed_in(casting.joined("Ana Cole", casting.Role.DIRECTOR))
    review = draft.reviews.get()
    for path in (f"/messages/{draft.pk}/", f"/messages/{draft.pk}/html/", f"/reviews/{review.pk}/"):
        assert ana.get(path).status_code == 404
    assert ana.post(f"/reviews/{review.pk}/approval/", {}).status_code == 404


def test_released_with_undo(cast: casting.Cast) -> None:
    supervising.put_under_review(cast.jody, by=cast.keiran.actor)
    keiran = signed_in(cast.keiran)
    path = f"/team/reviews/{cast.jody.pk}/release/"
    assert "Jody Marsh is released from review." in keiran.post(path, follow=True).text
    assert reviewing.supervision_of(cast.jody) is None
    keiran.post(f"{path}removal/")
    assert reviewing.supervision_of(cast.jody) is not None
    assert signed_in(cast.sam).post(path).status_code == 409


def test_the_rules_of_mail(cast: casting.Cast) -> None:
    chief = signed_in(casting.joined("Ada Min", casting.Role.ADMINISTRATOR))
    sent = {"delay_seconds": "20", "own_domains": "Northwind.test, www..x"}
    assert "no domain" in chief.post("/settings/messages/", sent).text
    chief.post("/settings/messages/", {**sent, "own_domains": "Northwind.test"})
    assert MailRules.current().allows("jody@northwind.test")
    writing.queue_message(drafted(cast), by=cast.jody.actor)
    row = OutboxMessage.objects.get()
    assert row.sender == "Jody Marsh <jody@northwind.test>"
    assert row.next_at == casting.NOW + dt.timedelta(seconds=20)


@pytest.mark.parametrize("many", [1, 12])
def test_lists_ask_as_often_for_many_as_for_one(cast: casting.Cast, jody: Browser, many: int) -> None:
    for number in range(many):
        draft = drafted(cast, subject=f"Thread {number}")
        if number % 2 == 0:
            writing.queue_message(draft, by=cast.jody.actor)
    for name, path in (("messages", "/messages/"), ("client messages", "/clients/halden-bikes/messages/")):
        jody.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert jody.get(path).status_code == 200
        pinned(name, len(asked))

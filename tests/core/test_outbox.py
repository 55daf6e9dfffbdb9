"""Mail through the outbox, against a real SMTP server."""

from __future__ import annotations

import datetime as dt
import email
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction

from steadyhand.core import clock, outbox
from steadyhand.core.models import MailState, OutboxMessage

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


class Post:
    """A mail server that answers as told; `None` hangs up in the middle."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer is None:
            server.transport.abort()
            return "421 gone"
        if answer.startswith("250"):
            self.taken.append(envelope.content)
        return answer


@contextmanager
def mail_server(settings: Any, *answers: str | None) -> Iterator[Post]:
    post = Post(*answers)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAILERS = {
        "default": {"BACKEND": "steadyhand.core.mail.OutboxBackend"},
        "transport": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5},
        },
    }
    try:
        yield post
    finally:
        controller.stop()


def post(**more: Any) -> OutboxMessage:
    return outbox.post("test", "pam@agency.test", "Hello", "The code is 4711", **more)


def state(message: OutboxMessage) -> str:
    message.refresh_from_db()
    return message.state


def test_a_message_leaves_once_and_its_text_is_forgotten(settings: Any) -> None:
    with mail_server(settings) as server:
        message = post(html="<p>4711</p>")
        assert outbox.send_waiting() == 1
        assert outbox.send_waiting() == 0
    assert state(message) == MailState.SENT
    assert (message.text, message.html) == ("", "")
    sent = email.message_from_bytes(server.taken[0])
    assert sent["Message-ID"] == message.message_id
    assert len(server.taken) == 1
    assert "4711" in server.taken[0].decode()


def test_nothing_leaves_when_its_cause_is_rolled_back(settings: Any) -> None:
    with mail_server(settings) as server:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            post()
            raise ZeroDivisionError
        assert outbox.send_waiting() == 0
    assert server.taken == []


def test_later_means_later_and_no_means_no(settings: Any) -> None:
    with mail_server(settings, "451 busy", "550 nobody here") as server:
        with time_machine.travel(NOON, tick=False) as time:
            message = post()
            outbox.send_waiting()
            assert state(message) == MailState.QUEUED
            assert message.next_at == NOON + outbox.FIRST_RETRY
            assert outbox.send_waiting() == 0
            assert message.attempts == 1
            time.shift(60)
            outbox.send_waiting()
        assert state(message) == MailState.FAILED
        assert "550 nobody here" in message.last_error
    assert server.taken == []


def test_cut_off_in_the_middle_is_uncertain_unless_repeating_does_no_harm(settings: Any) -> None:
    with mail_server(settings, None, None) as server:
        once, again = post(), post(safe_to_repeat=True)
        outbox.send_waiting()
        assert state(once) == MailState.UNCERTAIN
        assert state(again) == MailState.QUEUED
        first_id = again.message_id
        with time_machine.travel(clock.now() + dt.timedelta(hours=1)):
            outbox.send_waiting()
        assert state(once) == MailState.UNCERTAIN
        assert state(again) == MailState.SENT
    assert email.message_from_bytes(server.taken[0])["Message-ID"] == first_id


def test_no_server_at_all_is_tried_again_and_given_up_in_the_end(settings: Any) -> None:
    with mail_server(settings):
        pass
    with time_machine.travel(NOON, tick=False) as time:
        message = post()
        for _ in range(outbox.LAST_ATTEMPT):
            assert state(message) == MailState.QUEUED
            outbox.send_waiting()
            time.shift(3 * 3600)
    assert state(message) == MailState.FAILED


def test_a_killed_sender_leaves_a_visible_state(settings: Any) -> None:
    once, again = post(), post(safe_to_repeat=True)
    OutboxMessage.objects.update(
        state=MailState.SENDING, leased_until=clock.now() - dt.timedelta(seconds=1), attempts=1
    )
    outbox.settle_abandoned()
    assert state(once) == MailState.UNCERTAIN
    assert state(again) == MailState.QUEUED


def test_a_message_held_by_another_sender_is_left_alone(settings: Any) -> None:
    message = post()
    OutboxMessage.objects.update(state=MailState.SENDING, leased_until=clock.now() + outbox.LEASE)
    with mail_server(settings) as server:
        assert outbox.send_waiting() == 0
        assert not outbox.send(message.pk)
    assert server.taken == []


def test_poison_holds_up_nothing(settings: Any) -> None:
    with mail_server(settings, "250 ok", "554 too big") as server:
        bad = outbox.post("test", "pam at agency", "Bad address", "x")
        good = outbox.post("test", "jim@agency.test", "Line\r\nBcc: eve@evil.test", "x")
        large = outbox.post("test", "ola@agency.test", "Large", "x" * 1_000_000)
        last = outbox.post("test", "zoë@agency.test".replace("ë", "e"), "Ünïcode ✓", "x")
        outbox.send_waiting()
    assert [state(m) for m in (bad, good, large, last)] == ["failed", "sent", "failed", "sent"]
    assert b"\nBcc:" not in b"".join(server.taken)


def test_djangos_own_mail_goes_through_it(settings: Any) -> None:
    with mail_server(settings) as server:
        mail = EmailMultiAlternatives("Subject", "Plain", None, ["a@b.test", "c@d.test"])
        mail.attach_alternative("<b>Rich</b>", "text/html")
        assert mailers.default.send_messages([mail]) == 1
        assert server.taken == []
        assert OutboxMessage.objects.filter(html="<b>Rich</b>", text="Plain").count() == 2
        assert outbox.send_waiting() == 2
    assert len(server.taken) == 2


def test_the_log_never_shows_what_was_in_a_message(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with mail_server(settings, "550 no", None):
        post()
        post()
        outbox.send_waiting()
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("steadyhand"))
    assert "550 no" in ours
    assert "4711" not in ours

"""Mail through the outbox, against a real SMTP server."""

from __future__ import annotations

import base64
import datetime as dt
import email
import logging
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.smtp import AuthResult
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from steadyhand.core import agency, clock, mail_routes, outbox, outbox_endings, outbox_sending
from steadyhand.core.actor import Actor
from steadyhand.core.mail import OutboxBackend
from steadyhand.core.models import AttemptOutcome, Event, MailState, OutboxAttempt, OutboxMessage
from steadyhand.core.refusals import Refusal
from steadyhand.setting_values import MailServer
from tests.mail_server import Post, mail_server, running

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
PAM = Actor.system("Pam")
CALL = ("commitments.commitment", 7)


def post(**more: Any) -> OutboxMessage:
    return outbox.post("test", "pam@agency.test", "Hello", "The code is 4711", **more)


def state(message: OutboxMessage) -> str:
    message.refresh_from_db()
    return message.state


def attempts(message: OutboxMessage) -> list[tuple[str, bool]]:
    """How each attempt ended, and whether it got as far as handing over."""
    rows = message.attempt_log.order_by("number").values_list("outcome", "handing_over_at")
    return [(outcome, handed is not None) for outcome, handed in rows]


def verbs() -> list[str]:
    return list(Event.objects.filter(verb__startswith="mail.").order_by("pk").values_list("verb", flat=True))


def test_a_message_leaves_once_and_its_text_is_forgotten(settings: Any) -> None:
    with mail_server(settings) as server:
        message = post(html="<p>4711</p>")
        assert outbox.send_waiting() == 1
        assert outbox.send_waiting() == 0
    assert state(message) == MailState.SENT
    assert (message.text, message.html, bytes(message.mime)) == ("", "", b"")
    assert attempts(message) == [("sent", True)]
    assert server.ids == [message.message_id]
    assert "4711" in server.taken[0].decode()


def test_it_leaves_with_all_it_was_posted_with(settings: Any) -> None:
    with mail_server(settings) as server:
        message = post(
            sender="Jody Marsh <jody@agency.test>",
            reply_to="clients+7@agency.test",
            copies=["Jim <jim@agency.test>"],
            in_reply_to="<1@dunder.test>",
            attachments=[outbox.Attachment("notes.txt", b".\r\n..dots\r\n", "application/x-notes")],
        )
        outbox.send_waiting()
    assert server.envelopes == [("jody@agency.test", ["pam@agency.test", "jim@agency.test"])]
    sent = server.mails[0]
    assert (sent["From"], sent["Reply-To"]) == ("Jody Marsh <jody@agency.test>", "clients+7@agency.test")
    assert sent["In-Reply-To"] == "<1@dunder.test>"
    assert next(p for p in sent.walk() if p.get_filename()).get_payload(decode=True) == b".\r\n..dots\r\n"
    assert state(message) == MailState.SENT


def test_nothing_leaves_when_its_cause_is_rolled_back(settings: Any) -> None:
    with mail_server(settings) as server:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            post()
            raise ZeroDivisionError
        assert outbox.send_waiting() == 0
    assert server.taken == []


def test_one_cause_has_one_mail() -> None:
    first = post(cause="digest:7:2026-11-23")
    assert post(cause="digest:7:2026-11-23") == first
    assert post(cause="digest:7:2026-11-24") != first
    assert post() != post()


def test_it_waits_until_its_time(settings: Any) -> None:
    with mail_server(settings) as server, time_machine.travel(NOON, tick=False) as time:
        message = post(not_before=NOON + dt.timedelta(hours=1))
        assert outbox.send_waiting() == 0
        time.shift(3601)
        assert outbox.send_waiting() == 1
    assert state(message) == MailState.SENT
    assert server.mails[0]["Date"] == "Mon, 23 Nov 2026 13:00:00 +0000"


def test_a_queued_mail_can_be_cancelled_and_no_other(settings: Any) -> None:
    with mail_server(settings) as server:
        message, other = post(client_id=3), post()
        outbox.cancel(message, by=PAM)
        outbox.send_waiting()
        assert [state(message), message.text] == [MailState.CANCELLED, ""]
        with pytest.raises(Refusal, match="is sent: it cannot be cancelled"):
            outbox.cancel(other, by=PAM)
    assert server.ids == [other.message_id]
    assert verbs() == ["mail.cancelled"]


def test_later_means_later_and_no_means_no(settings: Any) -> None:
    with mail_server(settings, "451 busy", "550 nobody here") as server:
        with time_machine.travel(NOON, tick=False) as time:
            message = post()
            outbox.send_waiting()
            assert state(message) == MailState.QUEUED
            assert message.next_at == NOON + outbox_endings.FIRST_RETRY
            assert outbox.send_waiting() == 0
            assert message.attempts == 1
            time.shift(60)
            outbox.send_waiting()
        assert state(message) == MailState.FAILED
        assert "550 nobody here" in message.last_error
    assert server.taken == []
    assert attempts(message) == [("later", True), ("refused", True)]


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
    assert server.ids == [first_id]


def test_cut_off_before_the_end_mark_is_simply_tried_again(settings: Any) -> None:
    with mail_server(settings, at={("RCPT", "pam@agency.test"): None}) as server:
        message = post()
        outbox.send_waiting()
        assert state(message) == MailState.QUEUED
        assert attempts(message) == [("later", False)]
        server.at.clear()
        with time_machine.travel(clock.now() + dt.timedelta(minutes=1)):
            assert outbox.send_waiting() == 1


def test_an_uncertain_one_is_repeated_or_confirmed_by_a_person(settings: Any) -> None:
    with mail_server(settings, None, None) as server:
        lost, arrived = post(client_id=3), post(about=CALL)
        outbox.send_waiting()
        outbox.repeat(lost, by=PAM)
        outbox.confirm(arrived, by=PAM)
        assert outbox.send_waiting() == 1
    assert server.ids == [lost.message_id]
    assert [state(lost), state(arrived)] == [MailState.SENT, MailState.SENT]
    assert verbs() == ["mail.uncertain", "mail.uncertain", "mail.repeated", "mail.sent", "mail.sent"]
    with pytest.raises(Refusal, match="is sent: it is not sent again"):
        outbox.repeat(lost, by=PAM)


def test_a_failed_one_can_be_tried_again_while_its_text_is_kept(settings: Any) -> None:
    with mail_server(settings, "550 no", "550 no", "550 no"):
        mended, old, code = post(client_id=3), post(client_id=3), post()
        outbox.send_waiting()
        outbox.retry(mended, by=PAM)
        assert outbox.send_waiting() == 1
        with pytest.raises(Refusal, match="not kept any more"):
            outbox.retry(code, by=PAM)
        assert outbox_endings.forget_texts() == 0
        with time_machine.travel(clock.now() + dt.timedelta(days=15)):
            assert outbox_endings.forget_texts() == 1
        with pytest.raises(Refusal, match="not kept any more"):
            outbox.retry(old, by=PAM)


def test_the_end_is_an_event_for_the_rooms_above(settings: Any) -> None:
    with mail_server(settings, "250 ok", "250 ok", "550 no"):
        post()
        post(client_id=3)
        post(about=CALL)
        outbox.send_waiting()
    sent, failed = Event.objects.filter(verb__startswith="mail.").order_by("pk")
    assert (sent.verb, sent.client_id, sent.subject_type) == ("mail.sent", 3, "core.outboxmessage")
    assert failed.verb == "mail.failed"
    assert failed.data == {
        "about_type": CALL[0],
        "about_id": CALL[1],
        "kind": "test",
        "recipient": "pam@agency.test",
        "error": "550 no",
    }


def test_no_server_at_all_is_tried_again_and_given_up_in_the_end(settings: Any) -> None:
    with mail_server(settings):
        pass
    with time_machine.travel(NOON, tick=False) as time:
        message = post()
        for _ in range(outbox_endings.LAST_ATTEMPT):
            assert state(message) == MailState.QUEUED
            outbox.send_waiting()
            time.shift(3 * 3600)
    assert state(message) == MailState.FAILED


def test_without_a_server_mail_becomes_a_file(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_SERVER, settings.MAIL_FOLDER = None, tmp_path / "mail"
    message = post()
    assert outbox.send_waiting() == 1
    [file] = (tmp_path / "mail").glob("*.eml")
    assert email.message_from_bytes(file.read_bytes())["Message-ID"] == message.message_id


# --- killed senders


def killed(message: OutboxMessage, *, handing_over: bool) -> OutboxAttempt:
    """What a killed sender leaves behind, its lease over."""
    past = clock.now() - dt.timedelta(seconds=1)
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=MailState.SENDING, claim="killed", leased_until=past, attempts=1
    )
    return OutboxAttempt.objects.create(
        message=message, number=1, began_at=past, handing_over_at=past if handing_over else None
    )


def test_killed_before_handing_over_it_leaves_again(settings: Any) -> None:
    message = post()
    killed(message, handing_over=False)
    with mail_server(settings) as server:
        assert outbox.send_waiting() == 1
    assert server.ids == [message.message_id]
    assert attempts(message) == [("cut_off", False), ("sent", True)]


def test_killed_while_handing_over_it_is_uncertain_unless_repeating_does_no_harm() -> None:
    once, again = post(client_id=3), post(safe_to_repeat=True)
    killed(once, handing_over=True)
    killed(again, handing_over=True)
    outbox_sending.settle_abandoned()
    outbox_sending.settle_abandoned()
    assert [state(once), state(again)] == [MailState.UNCERTAIN, MailState.QUEUED]
    assert verbs() == ["mail.uncertain"]


def test_killed_after_claiming_nothing_was_tried() -> None:
    message = post()
    OutboxMessage.objects.update(
        state=MailState.SENDING, claim="killed", leased_until=clock.now() - dt.timedelta(seconds=1)
    )
    outbox_sending.settle_abandoned()
    assert (state(message), message.attempts) == (MailState.QUEUED, 0)


def test_a_mail_that_kills_its_sender_each_time_is_given_up() -> None:
    message = post()
    killed(message, handing_over=False)
    OutboxAttempt.objects.update(number=outbox_endings.LAST_ATTEMPT)
    OutboxMessage.objects.update(attempts=outbox_endings.LAST_ATTEMPT)
    outbox_sending.settle_abandoned()
    assert state(message) == MailState.FAILED


def test_a_message_held_by_another_sender_is_left_alone(settings: Any) -> None:
    post()
    OutboxMessage.objects.update(
        state=MailState.SENDING, claim="other", leased_until=clock.now() + outbox_sending.lease()
    )
    with mail_server(settings) as server:
        assert outbox.send_waiting() == 0
    assert server.taken == []


def test_a_sender_that_lost_its_lease_does_not_hand_over(settings: Any, monkeypatch: Any) -> None:
    with mail_server(settings) as server:
        message = post()
        note = outbox_sending.Sender._note_handing_over

        def too_late(sender: Any, trying: Any) -> None:
            OutboxMessage.objects.update(leased_until=clock.now() - dt.timedelta(seconds=1))
            outbox_sending.settle_abandoned()
            note(sender, trying)

        monkeypatch.setattr(outbox_sending.Sender, "_note_handing_over", too_late)
        sender = outbox_sending.Sender(lambda: False)
        sender.deliver(outbox_sending.claim(sender.claim))
        sender.close()
        assert (server.taken, sender.sent, state(message)) == ([], 0, MailState.QUEUED)
        assert attempts(message) == [("cut_off", False)]
        monkeypatch.undo()
        assert outbox.send_waiting() == 1
    assert server.ids == [message.message_id]


def test_a_late_answer_settles_what_was_only_uncertain() -> None:
    message = post()
    attempt = killed(message, handing_over=True)
    outbox_sending.settle_abandoned()
    message.refresh_from_db()
    with transaction.atomic():
        assert outbox_sending.settle(message, attempt.pk, AttemptOutcome.SENT, "")
    assert state(message) == MailState.SENT


def test_an_older_attempt_settles_nothing() -> None:
    message = post()
    attempt = killed(message, handing_over=False)
    outbox_sending.settle_abandoned()
    message.refresh_from_db()
    with transaction.atomic():
        assert not outbox_sending.settle(message, attempt.pk, AttemptOutcome.SENT, "")
    assert state(message) == MailState.QUEUED


def test_a_sender_that_is_told_to_stop_gives_back_what_it_holds(settings: Any) -> None:
    with mail_server(settings) as server:
        for _ in range(3):
            post()
        stops = iter([False, False, True, True])
        assert outbox.send_waiting(lambda: next(stops)) == 1
    assert len(server.taken) == 1
    left = OutboxMessage.objects.filter(state=MailState.QUEUED, claim="", leased_until=None, attempts=0)
    assert left.count() == 2


# --- poison, limits, routes


def test_poison_holds_up_nothing(settings: Any) -> None:
    to = "{}@agency.test".format
    at = {
        ("RCPT", to("nobody")): "550 nobody here",
        ("RCPT", to("busy")): "451 come back later",
        ("RCPT", to("closing")): "421 closing",
        ("DATA", to("large")): "552 too big",
        ("RCPT", to("dropped")): None,
        ("DATA", to("cut")): None,
    }
    with mail_server(settings, at=at) as server:
        bad = [outbox.post("test", "pam at agency", "Bad address", "x")]
        bad += [outbox.post("test", key[1], "Poison", "x" * 10) for key in at]
        OutboxMessage.objects.filter(pk=bad[-1].pk).update(subject="Two\nBcc: eve@evil.test")
        unreadable = outbox.post("test", to("unreadable"), "x", "x")
        OutboxMessage.objects.filter(pk=unreadable.pk).update(sender="nobody at all")
        large = outbox.post("test", to("jim"), "Large", "x" * 10_000_000)
        forged = outbox.post("test", to("ola"), "Line\r\nBcc: eve@evil.test", "x")
        good = [outbox.post("test", to(f"good{n}"), "Ünïcode ✓", "x") for n in range(3)]
        assert outbox.send_waiting() == 5
    assert {state(mail) for mail in (large, forged, *good)} == {"sent"}
    assert [state(m) for m in bad] == [
        "failed",
        "failed",
        "queued",
        "queued",
        "failed",
        "queued",
        "uncertain",
    ]
    assert state(unreadable) == "queued"
    assert all(mail.last_error for mail in bad)
    assert b"\nBcc:" not in b"".join(server.taken)


def test_a_copy_that_is_refused_does_not_keep_the_mail(settings: Any) -> None:
    with mail_server(settings, at={("RCPT", "gone@agency.test"): "550 gone"}) as server:
        message = post(copies=["gone@agency.test"])
        outbox.send_waiting()
    assert (state(message), len(server.taken)) == (MailState.SENT, 1)
    assert message.last_error == "Not copied to gone@agency.test: 550 gone."


def test_one_connection_carries_a_batch(settings: Any) -> None:
    with mail_server(settings, "250 ok", "550 no") as server:
        for _ in range(5):
            post()
        assert outbox.send_waiting() == 4
    assert server.connections == 1


def test_what_is_over_a_limit_waits_for_tomorrow_and_says_so(settings: Any) -> None:
    settings.MAILS_A_DAY, settings.MAILS_TO_ONE_A_DAY = 3, 2
    agency.found(by=PAM, zone="Pacific/Auckland")
    with mail_server(settings), time_machine.travel(NOON, tick=False) as time:
        to_pam = [post() for _ in range(3)]
        to_jim = [outbox.post("test", "jim@agency.test", "Hello", "x") for _ in range(2)]
        code = post(safe_to_repeat=True)
        assert outbox.send_waiting() == 4
        assert [state(mail) for mail in to_pam] == ["sent", "sent", "queued"]
        assert [state(mail) for mail in to_jim] == ["sent", "queued"]
        assert state(code) == "sent"
        assert to_pam[2].last_error == (
            "Today's limit of 2 mails to one address is reached. This one leaves on 25 November."
        )
        assert to_jim[1].last_error.startswith("Today's limit of 3 mails is reached.")
        time.move_to(dt.datetime(2026, 11, 24, 11, 1, tzinfo=dt.UTC))  # past midnight in Auckland
        assert outbox.send_waiting() == 2
    assert state(to_pam[2]) == "sent" and to_pam[2].last_error == ""


def test_another_route_leaves_by_its_own_server(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(mail_routes, "_resolvers", {})

    def mailbox(name: str) -> MailServer:
        if name == "mailbox:9":
            raise Refusal("The mailbox of Pam needs signing in again.", remedy="Connect it anew.")
        if name == "mailbox:8":
            raise TimeoutError
        return others

    with mail_server(settings) as agencys, running(own := Post()) as others:
        outbox.route("mailbox:", mailbox)
        mails = [post(route=name) for name in ("mailbox:7", "", "mailbox:9", "mailbox:8", "pigeon")]
        assert outbox.send_waiting() == 2
    assert (own.ids, agencys.ids) == ([mails[0].message_id], [mails[1].message_id])
    assert [state(mail) for mail in mails] == ["sent", "sent", "failed", "queued", "failed"]
    assert mails[2].last_error == "The mailbox of Pam needs signing in again. Connect it anew."


def test_djangos_own_mail_goes_through_it(settings: Any) -> None:
    with mail_server(settings) as server:
        mail = EmailMultiAlternatives("Subject", "Plain", None, ["a@b.test", "c@d.test"])
        mail.attach_alternative("<b>Rich</b>", "text/html")
        assert OutboxBackend().send_messages([mail]) == 1
        assert server.taken == []
        assert OutboxMessage.objects.filter(html="<b>Rich</b>", text="Plain").count() == 2
        assert outbox.send_waiting() == 2
    assert len(server.taken) == 2


# --- nothing secret in logs


def test_the_log_never_shows_what_was_in_a_message(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with mail_server(settings, "550 no", None):
        post()
        post()
        outbox.send_waiting()
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("steadyhand"))
    assert "550 no" in ours
    assert "4711" not in ours


@pytest.mark.parametrize("sign_in", [{"password": "hunter2 ✓"}, {"token": "ya29.hunter2"}])
def test_credentials_are_in_no_error_and_no_log(
    settings: Any, caplog: pytest.LogCaptureFixture, sign_in: dict[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    [secret] = sign_in.values()

    def refuse(*_: Any) -> AuthResult:
        echoed = base64.b64encode(f"\0ann\0{secret}".encode()).decode()
        return AuthResult(success=False, handled=False, message=f"535 no such login {secret} {echoed}")

    options = {"authenticator": refuse, "auth_require_tls": False}
    with running(Post(), **options) as server:
        settings.MAIL_SERVER = MailServer(server.host, server.port, "ann", security="", **sign_in)
        message = post()
        assert outbox.send_waiting() == 0
    assert state(message) == MailState.QUEUED
    told = [message.last_error, repr(settings.MAIL_SERVER), *(r.getMessage() for r in caplog.records)]
    told += [attempt.answer for attempt in message.attempt_log.all()]
    ours = "\n".join(text for text in told if "b'AUTH" not in text and "aiosmtpd" not in text)
    assert message.last_error
    assert secret not in ours
    assert base64.b64encode(secret.encode()).decode() not in ours

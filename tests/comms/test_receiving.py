"""Mail that reaches us: taken in once, put where it belongs, or kept for somebody to say."""

from __future__ import annotations

import argparse
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from steadyhand.cli import mail as cli
from steadyhand.clients import book, team
from steadyhand.clients.models import Client, Contact, Position
from steadyhand.comms.mail import addresses
from steadyhand.comms.mail.receiving import automatic, receive, triage
from steadyhand.comms.mail.receiving.bounces import clear_bounce
from steadyhand.comms.mail.writing import draft_message, queue_message
from steadyhand.comms.models import (
    Arrival,
    Attachment,
    Bounce,
    Direction,
    Fate,
    Interaction,
    Mailbox,
    Message,
    MessageState,
    Reason,
)
from steadyhand.core import agency, clock, files, outbox
from steadyhand.core.actor import Actor
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests.cast import NOW, SYSTEM
from tests.comms.mails import RECEIVING, bounce, mail

pytestmark = pytest.mark.django_db
BY = Actor.system("mail")


@dataclass(slots=True)
class World:
    jody: Member
    sam: Member
    keiran: Member
    halden: Client
    orbit: Client
    maya: Contact


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.RECEIVING_ADDRESS, settings.MEDIA_ROOT = RECEIVING, tmp_path
    settings.DEFAULT_FROM_EMAIL = "Northwind <hello@northwind.test>"
    with time_machine.travel(NOW, tick=False):
        agency.found(by=SYSTEM, name="Northwind")
        jody = members.add_member("jody@northwind.test", by=SYSTEM, name="Jody Marsh")
        sam = members.add_member("sam@northwind.test", by=SYSTEM, name="Sam Okafor", role=Role.EXECUTIVE)
        keiran = members.add_member("keiran@northwind.test", by=SYSTEM, name="Keiran Reid", role=Role.HEAD)
        halden = book.add_client("Halden Bikes", by=SYSTEM, domain="haldenbikes.test")
        orbit = book.add_client("Orbit Dental", by=SYSTEM)
        team.assign(halden, jody, Position.LEAD, by=SYSTEM)
        team.assign(orbit, sam, Position.LEAD, by=SYSTEM)
        maya = book.add_contact(halden, "Maya Lind", by=SYSTEM, email="maya@haldenbikes.test")
        yield World(jody, sam, keiran, halden, orbit, maya)


def take(raw: bytes, *to: str, mailbox: Mailbox | None = None) -> Message | None:
    return receive(raw, by=BY, envelope_to=to, mailbox=mailbox)


def taken(raw: bytes, *to: str, mailbox: Mailbox | None = None) -> Message:
    message = take(raw, *to, mailbox=mailbox)
    assert message is not None
    return message


def own_mailbox(member: Member | None) -> Mailbox:
    return Mailbox.objects.create(
        member=member, address=member.email if member else "hello@northwind.test", login="x", made_at=NOW
    )


def test_a_known_sender_is_filed_once_however_often_it_comes(world: World) -> None:
    message = taken(mail(), RECEIVING)
    assert take(mail(), RECEIVING) == message
    assert (message.client, message.contact, message.state) == (
        world.halden,
        world.maya,
        MessageState.RECEIVED,
    )
    said = Interaction.objects.get()
    assert (said.summary, said.body, said.direction) == ("The October leads", "Here they are.", Direction.IN)
    assert said.at == dt.datetime(2026, 11, 24, 8, 30, tzinfo=dt.UTC) and message.interaction == said
    assert Arrival.objects.get().fate == Fate.FILED
    assert Event.objects.filter(verb="interaction.logged").count() == 1


def test_an_answer_finds_its_thread_from_any_address(world: World) -> None:
    draft = draft_message(
        world.halden,
        by=world.jody.actor,
        member=world.jody,
        contact=world.maya,
        subject="Leads?",
        text="Please.",
        about=("commitments.commitment", 7),
    )
    sent = queue_message(draft, by=world.jody.actor)
    answer = taken(
        mail(sender="maya.private@mail.test", in_reply_to=sent.message_id, subject="Re: Leads?"), RECEIVING
    )
    assert (answer.client, answer.thread, answer.member) == (world.halden, sent.thread, world.jody)
    assert (answer.about_type, answer.about_id) == ("commitments.commitment", 7)
    later = taken(
        mail(
            sender="ola@mail.test", message_id="<m2@x>", references=f"{sent.message_id} <m1@haldenbikes.test>"
        ),
        RECEIVING,
    )
    assert later.client == world.halden and later.thread == sent.thread


def test_mail_of_ours_that_nobody_wrote_has_a_thread_too(world: World) -> None:
    minutes = outbox.post("minutes", "maya@haldenbikes.test", "Minutes", "x", client_id=world.halden.pk)
    answer = taken(mail(sender="ola@mail.test", in_reply_to=minutes.message_id), RECEIVING)
    assert answer.client == world.halden


def test_a_look_alike_subject_or_a_made_up_reference_proves_nothing(world: World) -> None:
    taken(mail(), RECEIVING)
    stranger = taken(
        mail(sender="x@y.test", subject="Re: The October leads", in_reply_to="<made@up>", message_id="<s@y>"),
        RECEIVING,
    )
    assert stranger.client is None and stranger.state == MessageState.TRIAGE


def test_our_addresses_file_whoever_writes(world: World) -> None:
    reply = addresses.reply_address(world.halden, world.jody)
    by_reply = taken(mail(sender="new@elsewhere.test", to=reply), reply)
    assert (by_reply.client, by_reply.member, by_reply.contact) == (world.halden, world.jody, None)
    box = addresses.client_dropbox(world.orbit)
    by_box = taken(mail(sender="new@elsewhere.test", message_id="<m2@x>"), box)
    assert by_box.client == world.orbit


def test_a_colleagues_copy_is_filed_as_sent_by_us(world: World) -> None:
    raw = mail(
        sender="Jody Marsh <jody@northwind.test>",
        to="maya@haldenbikes.test",
        message_id="<j1@northwind.test>",
    )
    message = taken(raw, addresses.member_dropbox(world.jody))
    assert (message.direction, message.state, message.member) == (
        Direction.OUT,
        MessageState.SENT,
        world.jody,
    )
    assert (message.client, message.contact) == (world.halden, world.maya)
    assert Interaction.objects.get().direction == Direction.OUT


def test_a_forwarded_mail_is_the_clients(world: World) -> None:
    raw = mail(
        sender="jody@northwind.test",
        to=addresses.member_dropbox(world.jody),
        subject="Fwd: The October leads",
        text="FYI\n\nFrom: Maya Lind <maya@haldenbikes.test>\nSubject: The October leads\n\nHere.",
    )
    message = taken(raw, addresses.member_dropbox(world.jody))
    assert (message.client, message.contact, message.direction) == (world.halden, world.maya, Direction.IN)


def test_of_two_clients_somebody_has_to_choose(world: World) -> None:
    book.add_contact(world.orbit, "Maya Lind", by=SYSTEM, email="maya@haldenbikes.test")
    assert taken(mail(), RECEIVING).state == MessageState.TRIAGE


def test_a_private_mailbox_gives_up_only_what_concerns_clients(world: World) -> None:
    box = own_mailbox(world.jody)
    assert taken(mail(), mailbox=box).client == world.halden
    assert take(mail(sender="aunt@family.test", message_id="<p1@x>"), mailbox=box) is None
    left = Arrival.objects.get(fate=Fate.LEFT)
    assert (left.sender, left.sender_name, left.message) == ("", "", None)
    assert take(mail(sender="shop@news.test", message_id="<p2@x>", list_id="<news>"), mailbox=box) is None
    assert not Arrival.objects.exclude(sender="").exclude(sender="maya@haldenbikes.test").exists()
    colleague = taken(mail(sender="new@haldenbikes.test", message_id="<p3@x>"), mailbox=box)
    assert colleague.state == MessageState.TRIAGE and colleague.member == world.jody
    assert not Message.objects.visible_to(world.keiran.actor).filter(pk=colleague.pk).exists()
    assert Message.objects.visible_to(world.jody.actor).filter(pk=colleague.pk).exists()
    agencys = taken(mail(sender="new@elsewhere.test", message_id="<p4@x>"), mailbox=own_mailbox(None))
    assert agencys.state == MessageState.TRIAGE
    assert Message.objects.visible_to(world.keiran.actor).filter(pk=agencys.pk).exists()
    assert not Message.objects.visible_to(world.jody.actor).filter(pk=agencys.pk).exists()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (mail(auto_submitted="auto-replied"), Reason.AUTOMATIC),
        (mail(precedence="auto_reply"), Reason.AUTOMATIC),
        (mail(x_auto_response_suppress="All"), Reason.AUTOMATIC),
        (mail(subject="Automatic reply: Leads?"), Reason.AUTOMATIC),
        (mail(return_path="<>"), Reason.AUTOMATIC),
        (mail(sender="news@shop.test", list_unsubscribe="<https://x.test>"), Reason.LIST),
        (mail(sender="news@shop.test", precedence="bulk"), Reason.LIST),
        (mail(sender="hello@northwind.test"), Reason.OURS),
        (mail(sender=RECEIVING), Reason.OURS),
        (mail(sender="no address"), Reason.BROKEN),
        (b"", Reason.BROKEN),
    ],
)
def test_what_nobody_wrote_is_dropped_with_its_reason(world: World, raw: bytes, reason: Reason) -> None:
    assert take(raw, RECEIVING) is None
    assert (Arrival.objects.get().fate, Arrival.objects.get().reason) == (Fate.DROPPED, reason)
    assert not Message.objects.exists()


def test_auto_submitted_no_is_a_persons_mail(world: World) -> None:
    assert taken(mail(auto_submitted="no"), RECEIVING).client == world.halden


def test_our_own_mail_coming_back_is_dropped(world: World) -> None:
    posted = outbox.post("message", "maya@haldenbikes.test", "Hello", "x")
    assert take(mail(message_id=posted.message_id), RECEIVING) is None
    assert Arrival.objects.get().reason == Reason.OURS


def test_two_machines_talking_end_after_an_hours_worth(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automatic, "MOST_IN_AN_HOUR", 3)
    for number in range(4):
        take(mail(message_id=f"<l{number}@x>"), RECEIVING)
    assert Message.objects.count() == 3 and Arrival.objects.filter(reason=Reason.LOOP).count() == 1


def sent_to_maya(world: World) -> Message:
    draft = draft_message(
        world.halden, by=world.jody.actor, member=world.jody, contact=world.maya, subject="Hi", text="Please."
    )
    return queue_message(draft, by=world.jody.actor)


def test_a_bounce_flags_the_contact_once_until_cleared(world: World) -> None:
    sent = sent_to_maya(world)
    assert take(bounce("maya@haldenbikes.test", sent.message_id), RECEIVING) is None
    take(bounce("maya@haldenbikes.test", sent.message_id, message_id="<b2@mx.test>"), RECEIVING)
    flag = Bounce.objects.standing().get()
    assert (flag.contact, flag.status, flag.message) == (world.maya, "5.1.1", sent)
    assert "no such person" in flag.said and Event.objects.filter(verb="contact.bounced").count() == 1
    clear_bounce(flag, by=world.jody.actor)
    assert not Bounce.objects.standing().exists() and Event.objects.filter(verb="bounce.cleared").exists()


def test_another_address_clears_the_bounce(world: World) -> None:
    take(bounce("maya@haldenbikes.test", sent_to_maya(world).message_id), RECEIVING)
    book.change_contact(world.maya, by=SYSTEM, job_title="Marketing")
    assert Bounce.objects.standing().exists()
    book.change_contact(world.maya, by=SYSTEM, email="maya.lind@haldenbikes.test")
    assert not Bounce.objects.standing().exists()


def test_a_delay_is_no_bounce_and_nobody_can_flag_whom_we_never_wrote_to(world: World) -> None:
    sent = sent_to_maya(world)
    take(bounce("maya@haldenbikes.test", sent.message_id, action="delayed", status="4.4.7"), RECEIVING)
    ola = book.add_contact(world.orbit, "Ola", by=SYSTEM, email="ola@orbit.test")
    take(bounce(ola.email, "<made@up>", message_id="<b2@mx.test>"), RECEIVING)
    assert not Bounce.objects.exists()


def test_a_server_that_writes_a_letter_is_understood(world: World) -> None:
    sent = sent_to_maya(world)
    raw = mail(
        sender="Mail Delivery Subsystem <mailer-daemon@mx.test>",
        subject="Mail delivery failed: returning message to sender",
        text=f"maya@haldenbikes.test\n  550 5.1.1 mailbox unavailable\n\nMessage-ID: {sent.message_id}\n",
    )
    assert take(raw, RECEIVING) is None
    assert Bounce.objects.get().said == "550 5.1.1 mailbox unavailable"


def test_files_are_kept_once_and_dangerous_ones_named(world: World) -> None:
    pdf = b"%PDF-1.7 the leads"
    raw = mail(
        html='<p>See <img src="https://t.test/pixel"></p>',
        files=(("leads.pdf", pdf, "application/pdf"), ("run.exe", b"MZ", "application/octet-stream")),
    )
    message = taken(raw, RECEIVING)
    kept = message.attachments.get()
    assert (kept.name, kept.size, kept.mime_type) == ("leads.pdf", len(pdf), "application/pdf")
    with files.open_file(kept.digest) as file:
        assert file.read() == pdf
    assert message.arrival.left_out == [["run.exe", "is a program"]] and message.arrival.pictures == 1
    assert "<img" not in message.html
    assert Attachment.objects.visible_to(world.jody.actor).exists()
    assert not Attachment.objects.visible_to(world.sam.actor).exists()


def waiting(world: World) -> Message:
    return taken(mail(sender="Nils Berg <nils@orbit.test>"), addresses.member_dropbox(world.sam))


def test_filing_from_the_list_logs_it_and_can_be_undone(world: World) -> None:
    message = waiting(world)
    filed = triage.file_message(message, world.orbit, by=world.sam.actor, new_contact="Nils Berg")
    assert filed.contact is not None and filed.contact.email == "nils@orbit.test"
    assert Interaction.objects.get().client == world.orbit
    back = triage.take_back_filing(filed, by=world.sam.actor)
    assert back.state == MessageState.TRIAGE and not Interaction.objects.exists()
    assert taken(mail(sender="nils@orbit.test", message_id="<n2@x>"), RECEIVING).client == world.orbit


def test_filing_is_refused_to_strangers_and_twice(world: World) -> None:
    message = waiting(world)
    with pytest.raises(Refusal, match="account team"):
        triage.file_message(message, world.halden, by=world.sam.actor)
    with pytest.raises(Refusal, match="waits for nobody"):
        triage.file_message(message, world.halden, by=world.jody.actor)
    triage.dismiss(message, by=world.sam.actor)
    with pytest.raises(Refusal, match="waits for nobody"):
        triage.file_message(message, world.orbit, by=world.sam.actor)


def test_a_sender_dismissed_for_good_is_not_heard_until_undone(world: World) -> None:
    message = waiting(world)
    triage.dismiss(message, by=world.sam.actor, always=True)
    box = addresses.member_dropbox(world.sam)
    assert take(mail(sender="nils@orbit.test", message_id="<n2@x>"), box) is None
    assert Arrival.objects.latest("pk").reason == Reason.UNWANTED
    triage.take_back_dismissal(message, by=world.sam.actor)
    assert taken(mail(sender="nils@orbit.test", message_id="<n3@x>"), box).state == MessageState.TRIAGE


def test_a_mail_from_the_future_is_from_now(world: World) -> None:
    taken(mail(date="Fri, 01 Jan 2100 00:00:00 +0000"), RECEIVING)
    assert Interaction.objects.get().at == clock.now()


def test_the_pipe_says_what_became_of_it(world: World, monkeypatch: Any, capsys: Any) -> None:
    def piped(raw: bytes) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        code = cli.run(argparse.Namespace(action="receive", to=[RECEIVING], json=False))
        return code, capsys.readouterr().out.strip()

    assert piped(mail()) == (0, "On the timeline of Halden Bikes: “The October leads”.")
    stranger = mail(sender="nils@orbit.test", message_id="<n@x>")
    assert (
        piped(stranger)
        == piped(stranger)
        == (0, "Waits to be filed: “The October leads” from nils@orbit.test.")
    )
    assert piped(b"nonsense")[1].startswith("Nothing to keep")
    monkeypatch.setattr(cli, "receive", lambda *_, **__: 1 / 0)
    assert piped(mail())[0] == 75

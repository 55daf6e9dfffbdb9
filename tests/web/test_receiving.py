"""Received mail on pages: filed, dismissed, undone; attachments for those who may see the client alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.clients.models import Contact
from steadyhand.commitments import keeping
from steadyhand.comms.mail import addresses
from steadyhand.comms.mail.providers import PROVIDERS
from steadyhand.comms.mail.receiving import receive
from steadyhand.comms.mail.writing import draft_message, queue_message
from steadyhand.comms.models import (
    Attachment,
    Bounce,
    Interaction,
    Mailbox,
    MailboxKind,
    Message,
    MessageState,
    Security,
)
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast as casting
from tests.cast import NOW, Cast, user_of
from tests.comms.fake_servers import Desk, Post, imap_server, token_endpoint
from tests.comms.mails import RECEIVING, bounce, mail

pytestmark = pytest.mark.django_db
BY = Actor.system("mail")
STRANGER = "Nils Berg <nils@bergbikes.test>"


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> Iterator[Cast]:
    settings.RECEIVING_ADDRESS, settings.MEDIA_ROOT = RECEIVING, tmp_path
    with time_machine.travel(NOW, tick=False):
        yield casting.build(planned=False)


def browser_of(member: Member, **headers: str) -> Browser:
    browser = Browser(headers=headers)
    browser.force_login(user_of(member))
    return browser


def received(raw: bytes, *to: str) -> Message:
    message = receive(raw, by=BY, envelope_to=to)
    assert message is not None
    return message


def waiting_for(member: Member, sender: str = STRANGER, **more: Any) -> Message:
    return received(mail(sender=sender, **more), addresses.member_dropbox(member))


def test_a_stranger_is_filed_made_a_contact_and_undone(world: Cast) -> None:
    message, browser = waiting_for(world.jody), browser_of(world.jody)
    page = browser.get("/messages/triage/").content.decode()
    assert "nils@bergbikes.test" in page and 'value="Nils Berg"' in page and "Nobody we know." in page
    answer = browser.post(
        f"/messages/{message.pk}/filing/", {"client": "Halden Bikes", "name": "Nils Berg"}, follow=True
    )
    assert "stands on the timeline of Halden Bikes" in answer.content.decode()
    assert Contact.objects.get(email="nils@bergbikes.test").client == world.halden
    assert "The October leads" in browser.get("/clients/halden-bikes/timeline/").content.decode()
    browser.post(f"/messages/{message.pk}/filing/removal/")
    message.refresh_from_db()
    assert message.state == MessageState.TRIAGE and not Interaction.objects.exists()


def test_a_guess_is_offered_and_a_wrong_name_is_told(world: Cast) -> None:
    message = waiting_for(world.jody, "new@haldenbikes.test")
    browser = browser_of(world.jody)
    page = browser.get("/messages/triage/").content.decode()
    assert 'value="Halden Bikes"' in page and "from the domain of Halden Bikes" in page
    for named, told in (("Nowhere", "You see no client called"), ("Lumen Legal", "You see no client called")):
        answer = browser.post(f"/messages/{message.pk}/filing/", {"client": named})
        assert answer.status_code == 422 and told in answer.content.decode()


def test_dismissed_once_or_for_good_and_undone(world: Cast) -> None:
    message, browser = waiting_for(world.jody), browser_of(world.jody)
    answer = browser.post(f"/messages/{message.pk}/dismissal/", {"always": "1"}, follow=True)
    assert "will not wait here again" in answer.content.decode()
    assert "There is none." in browser.get("/messages/triage/").content.decode()
    browser.post(f"/messages/{message.pk}/dismissal/removal/")
    assert "nils@bergbikes.test" in browser.get("/messages/triage/").content.decode()


def test_nobody_files_what_waits_for_another(world: Cast) -> None:
    message = waiting_for(world.jody)
    for member in (world.sam, world.keiran):
        browser = browser_of(member)
        assert "nils@bergbikes.test" not in browser.get("/messages/triage/").content.decode()
        assert browser.post(f"/messages/{message.pk}/filing/", {"client": "Halden Bikes"}).status_code == 404
        assert browser.post(f"/messages/{message.pk}/dismissal/").status_code == 404


def test_a_file_is_a_download_for_those_who_see_the_client(world: Cast) -> None:
    page = b"<script>alert(1)</script>"
    received(mail(files=(("page.html", page, "text/html"),)), RECEIVING)
    file = Attachment.objects.get()
    answer = browser_of(world.jody).get(f"/attachments/{file.pk}/")
    assert b"".join(answer.streaming_content) == page  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "'none'" in answer["Content-Security-Policy"]
    lone = casting.joined("Lone Ranger", world.sam.role)  # type: ignore[arg-type]
    assert browser_of(lone).get(f"/attachments/{file.pk}/").status_code == 404
    assert Browser().get(f"/attachments/{file.pk}/").status_code == 302


def test_a_bounce_stands_with_the_contacts_until_it_works_again(world: Cast) -> None:
    maya = Contact.objects.get(name="Maya Lind")
    draft = draft_message(
        world.halden, by=world.jody.actor, member=world.jody, contact=maya, subject="Hi", text="Please."
    )
    sent = queue_message(draft, by=world.jody.actor)
    assert receive(bounce(maya.email, sent.message_id), by=BY) is None
    browser = browser_of(world.jody)
    for path in ("/clients/halden-bikes/contacts/", f"/clients/halden-bikes/contacts/{maya.pk}/"):
        assert "Mail to Maya Lind does not arrive" in browser.get(path).content.decode(), path
    flag = Bounce.objects.get()
    assert browser_of(world.sam).get("/clients/halden-bikes/").status_code == 200
    browser.post(f"/bounces/{flag.pk}/clearance/")
    assert "does not arrive" not in browser.get("/clients/halden-bikes/contacts/").content.decode()


def test_the_address_for_copies_is_shown_and_made_anew(world: Cast) -> None:
    browser = browser_of(world.jody)
    address = addresses.client_dropbox(world.halden)
    assert address in browser.get("/clients/halden-bikes/messages/").content.decode()
    browser.post("/clients/halden-bikes/dropbox/renewal/")
    page = browser.get("/clients/halden-bikes/messages/").content.decode()
    assert address not in page and addresses.client_dropbox(world.halden) in page


def test_an_answer_offers_to_stop_waiting(world: Cast) -> None:
    maya = Contact.objects.get(name="Maya Lind")
    promise = keeping.promise(
        world.halden, "The leads of October", by=world.jody.actor, owner=world.jody, due_on=NOW.date()
    )
    keeping.wait_on_client(promise, by=world.jody.actor)
    draft = draft_message(
        world.halden,
        by=world.jody.actor,
        member=world.jody,
        contact=maya,
        subject="Leads?",
        text="Please.",
        about=("commitments.commitment", promise.pk),
    )
    sent = queue_message(draft, by=world.jody.actor)
    answer = received(mail(in_reply_to=sent.message_id), RECEIVING)
    page = browser_of(world.jody).get(f"/messages/{answer.pk}/").content.decode()
    assert "waits on them, and they have answered" in page


def test_a_mailbox_is_connected_tried_and_disconnected(world: Cast) -> None:
    browser = browser_of(world.jody)
    with imap_server(Post()) as post:
        given = {
            "address": "jody@northwind.test",
            "password": "hunter2-wrong",
            "imap_host": "127.0.0.1",
            "imap_port": str(post.port),
            "imap_security": "none",
            "smtp_port": "587",
            "smtp_security": "starttls",
        }
        page = browser.post("/account/mailboxes/", given, follow=True).content.decode()
        assert "does not accept the user name and password" in page and "hunter2" not in page
        page = browser.post(
            "/account/mailboxes/", given | {"password": "right"}, follow=True
        ).content.decode()
        assert "jody@northwind.test is connected." in page and "It is only read." in page
        mailbox = Mailbox.objects.get()
        page = browser.post(f"/mailboxes/{mailbox.pk}/trial/", follow=True).content.decode()
        assert "lets us in" in page
    for verb in ("trial", "removal"):
        assert browser_of(world.keiran).post(f"/mailboxes/{mailbox.pk}/{verb}/").status_code == 404
    assert (
        "is disconnected" in browser.post(f"/mailboxes/{mailbox.pk}/removal/", follow=True).content.decode()
    )


def test_a_providers_sign_in_connects_only_where_it_was_begun(
    world: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_PROVIDERS = {"google": ("app", "secret")}
    assert browser_of(world.jody).get("/account/mailboxes/microsoft/authorization/").status_code == 404
    of = PROVIDERS[MailboxKind.GOOGLE]
    with token_endpoint(Desk()) as desk, imap_server(Post(token="token-1")) as post:
        there = ("127.0.0.1", post.port, Security.NONE)
        monkeypatch.setitem(PROVIDERS, MailboxKind.GOOGLE, replace(of, token=desk.url, imap=there))
        browser = browser_of(world.jody)
        assert "Connect with Google" in browser.get("/account/mailboxes/").content.decode()
        off = browser.get("/account/mailboxes/google/authorization/")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(off["Location"]).query).items()}
        assert asked["redirect_uri"].endswith("/account/mailboxes/google/callback/")
        back = f"/account/mailboxes/google/callback/?code=c&state={asked['state']}"
        assert browser_of(world.sam).get(back).status_code == 409
        desk.answers = [(200, {"access_token": "token-1", "refresh_token": "r", "expires_in": 3600})]
        assert "is connected" in browser.get(back, follow=True).content.decode()
        assert Mailbox.objects.get().member == world.jody
        assert browser.get(back).status_code == 409, "a scanner that follows the link again connects nothing"


def test_the_agencys_mailboxes_and_what_became_of_mail(world: Cast) -> None:
    received(mail(), RECEIVING)
    receive(mail(subject="Out of office", message_id="<auto@x>"), by=BY)
    boss = casting.joined("Ada Admin", Role.ADMINISTRATOR)
    page = browser_of(boss).get("/settings/mailboxes/").content.decode()
    assert "Filed with a client" in page and "Dropped: an automatic answer" in page
    assert browser_of(world.jody).get("/settings/mailboxes/").status_code == 403


def test_more_mail_takes_no_more_queries(world: Cast) -> None:
    browser = browser_of(world.jody)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/messages/triage/").status_code == 200
        return len(queries)

    waiting_for(world.jody, files=(("a.txt", b"a", "text/plain"),))
    few = asked()
    for number in range(5):
        waiting_for(world.jody, f"n{number}@haldenbikes.test", message_id=f"<n{number}@x>")
    assert asked() == few <= 9

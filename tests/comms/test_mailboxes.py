"""Mailboxes: connected, read without being changed, sent by, disconnected; no secret anywhere."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.db import OperationalError

from steadyhand.clients import book, team
from steadyhand.clients.models import Client, Position
from steadyhand.comms.mail import imap
from steadyhand.comms.mail import providers as mail_providers
from steadyhand.comms.mail.mailboxes import (
    Server,
    check_server,
    connect_with_password,
    connect_with_tokens,
    disconnect,
    sending_mailbox,
    server_for,
)
from steadyhand.comms.mail.providers import PROVIDERS, Tokens
from steadyhand.comms.mail.writing import draft_message, queue_message
from steadyhand.comms.models import Arrival, Interaction, Mailbox, MailboxKind, Message, Security
from steadyhand.core import agency, mail_routes
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.core.secrets import seal, unseal
from steadyhand.people import members
from steadyhand.people.models import Member
from tests.cast import NOW, SYSTEM
from tests.comms.fake_servers import Desk, Post, Sink, id_token, imap_server, smtp_server, token_endpoint
from tests.comms.mails import mail

pytestmark = pytest.mark.django_db
GOOGLE = MailboxKind.GOOGLE


@pytest.fixture
def jody() -> Iterator[Member]:
    with time_machine.travel(NOW, tick=True):
        agency.found(by=SYSTEM, name="Northwind")
        yield members.add_member("jody@northwind.test", by=SYSTEM, name="Jody Marsh")


@pytest.fixture
def halden(jody: Member) -> Client:
    client = book.add_client("Halden Bikes", by=SYSTEM)
    team.assign(client, jody, Position.LEAD, by=SYSTEM)
    book.add_contact(client, "Maya Lind", by=SYSTEM, email="maya@haldenbikes.test")
    return client


@pytest.fixture
def post() -> Iterator[Post]:
    with imap_server(Post()) as post:
        yield post


def connected(jody: Member, post: Post, password: str = "right") -> Mailbox:
    return connect_with_password(
        "Jody@Northwind.test",
        by=jody.actor,
        member=jody,
        login="",
        password=password,
        imap=Server("127.0.0.1", post.port, Security.NONE),
    )


def read(mailbox: Mailbox) -> int:
    mailbox.refresh_from_db()
    return imap.read_mailbox(mailbox)


def test_only_what_comes_from_now_on_is_read_and_each_mail_once(
    halden: Client, jody: Member, post: Post
) -> None:
    post.put(mail(message_id="<old@x>"))
    mailbox = connected(jody, post)
    assert (read(mailbox), read(mailbox)) == (0, 0)
    post.put(mail())
    assert (read(mailbox), read(mailbox)) == (1, 0)
    assert Interaction.objects.get().client == halden and Arrival.objects.get().mailbox == mailbox
    mailbox.refresh_from_db()
    assert mailbox.uid_seen == 2 and mailbox.last_read_at is not None
    changing = ("STORE", "SELECT", "EXPUNGE", "COPY", "APPEND")
    assert not [line for line in post.asked if any(word in line for word in changing)]
    assert any("EXAMINE" in line for line in post.asked) and any("PEEK" in line for line in post.asked)


def test_a_folder_numbered_anew_gives_no_mail_twice(halden: Client, jody: Member, post: Post) -> None:
    mailbox = connected(jody, post)
    read(mailbox)
    post.put(mail())
    read(mailbox)
    post.mails, post.validity = {40: mail(), 41: mail(message_id="<m2@x>", text="More.")}, 8
    read(mailbox)
    assert Message.objects.count() == 2
    mailbox.refresh_from_db()
    assert (mailbox.uid_validity, mailbox.uid_seen) == (8, 41)


def test_one_bad_mail_is_stepped_over_and_a_silent_database_waited_for(
    halden: Client,
    jody: Member,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mailbox = connected(jody, post)
    read(mailbox)
    post.put(b"\xff\xfe nonsense")
    post.put(mail())
    whole = imap.receive

    def stumble(raw: bytes, **more: Any) -> Any:
        if b"nonsense" in raw:
            raise RuntimeError("odd")
        return whole(raw, **more)

    monkeypatch.setattr(imap, "receive", stumble)
    assert read(mailbox) == 2 and Message.objects.count() == 1
    post.put(mail(message_id="<m2@x>"))

    def silent(raw: bytes, **more: Any) -> Any:
        raise OperationalError("locked")

    monkeypatch.setattr(imap, "receive", silent)
    assert read(mailbox) == 0
    monkeypatch.setattr(imap, "receive", whole)
    assert read(mailbox) == 1 and Message.objects.count() == 2


def test_a_wrong_password_is_said_in_plain_words_and_once(
    jody: Member, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox = connected(jody, post, password="hunter2-wrong")
    with pytest.raises(Refusal, match="does not accept the user name and password"):
        imap.try_out(mailbox)
    read(mailbox), read(mailbox)
    mailbox.refresh_from_db()
    assert "does not accept" in mailbox.last_error and mailbox.failing_since is not None
    assert Event.objects.filter(verb="mailbox.failing").count() == 1
    stored = json.dumps(list(Event.objects.values("data")), default=str) + mailbox.last_error + caplog.text
    assert "hunter2" not in stored and "hunter2" not in mailbox.secret


def test_a_server_that_is_gone_holds_up_no_other(halden: Client, jody: Member, post: Post) -> None:
    gone = connect_with_password(
        "other@northwind.test",
        by=jody.actor,
        member=jody,
        login="",
        password="x",
        imap=Server("127.0.0.1", 1, Security.NONE),
    )
    mailbox = connected(jody, post)
    imap.read_all()
    post.put(mail())
    assert imap.read_all() == 1
    gone.refresh_from_db()
    mailbox.refresh_from_db()
    assert gone.last_error == "The mail server cannot be reached." and not mailbox.last_error


def test_nobody_connects_for_somebody_else(jody: Member, post: Post) -> None:
    sam = members.add_member("sam@northwind.test", by=SYSTEM)
    with pytest.raises(Refusal, match="look after"):
        connect_with_password(
            "jody@northwind.test", by=sam.actor, member=jody, login="", password="x", imap=Server("x", 993)
        )
    mailbox = connected(jody, post)
    assert not Mailbox.objects.visible_to(sam.actor).exists()
    with pytest.raises(Refusal, match="look after"):
        disconnect(mailbox, by=sam.actor)
    disconnect(mailbox, by=jody.actor)
    mailbox.refresh_from_db()
    assert mailbox.secret == "" and imap.read_all() == 0


@pytest.mark.parametrize(
    "server", [("127.0.0.1", 993), ("localhost", 993), ("169.254.169.254", 993), ("x", 22)]
)
def test_this_machine_is_no_mail_server(settings: Any, server: tuple[str, int]) -> None:
    settings.CONFIG = replace(settings.CONFIG, test=False)
    with pytest.raises(Refusal):
        check_server(*server)


def test_secrets_open_under_the_same_key_alone(settings: Any) -> None:
    sealed = seal({"password": "right"})
    assert unseal(sealed) == {"password": "right"} and "right" not in sealed
    settings.SECRET_KEY = "another"
    with pytest.raises(Refusal, match="another secret key"):
        unseal(sealed)


@pytest.fixture
def desk(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    settings.MAIL_PROVIDERS = {"google": ("app", "app-secret")}
    with token_endpoint(Desk()) as desk:
        monkeypatch.setitem(PROVIDERS, GOOGLE, replace(PROVIDERS[GOOGLE], token=desk.url))
        yield desk


def test_a_provider_lets_us_in_and_a_token_is_renewed_in_time(
    halden: Client, jody: Member, desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = mail_providers.provider("google")
    assert of is not None
    asked = mail_providers.begin(of, "https://x.test/back", "jody@northwind.test")
    assert "code_challenge_method=S256" in asked.url and asked.verifier not in asked.url
    first = {"access_token": "token-0", "refresh_token": "lasting", "expires_in": 3600}
    desk.answers = [(200, first | {"id_token": id_token("Jody@Northwind.test")})]
    tokens = mail_providers.finish(of, "code", asked.verifier, "https://x.test/back")
    assert desk.asked[0]["code_verifier"] == asked.verifier and desk.asked[0]["client_secret"] == "app-secret"
    mailbox = connect_with_tokens(of, tokens, by=jody.actor, member=jody)
    assert (mailbox.address, mailbox.imap_host) == ("jody@northwind.test", "imap.gmail.com")
    assert "lasting" not in mailbox.secret
    Mailbox.objects.update(imap_host="127.0.0.1", imap_port=post.port, imap_security=Security.NONE)
    desk.answers = [(200, {"access_token": "token-1", "expires_in": 3600})]
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=True):
        read(mailbox)
        post.put(mail())
        assert read(mailbox) == 1
    assert len(desk.asked) == 2 and unseal(Mailbox.objects.get().secret)["refresh"] == "lasting"


def test_a_permission_that_ended_is_said(jody: Member, desk: Desk) -> None:
    of = PROVIDERS[GOOGLE]
    mailbox = connect_with_tokens(of, Tokens("old", "gone", NOW, "j@g.test"), by=jody.actor, member=jody)
    desk.answers = [(400, {"error": "invalid_grant", "error_description": "gone"})]
    assert read(mailbox) == 0
    mailbox.refresh_from_db()
    assert mailbox.last_error.startswith("Google does not let us in any more (invalid_grant).")


def test_mail_leaves_by_the_members_own_mailbox(halden: Client, jody: Member, desk: Desk) -> None:
    tokens = Tokens("token-1", "lasting", NOW + dt.timedelta(hours=1), "jody@northwind.test")
    mailbox = connect_with_tokens(PROVIDERS[GOOGLE], tokens, by=jody.actor, member=jody)
    maya = halden.contacts.get()
    draft = draft_message(halden, by=jody.actor, member=jody, contact=maya, subject="Hi", text="Please.")
    sent = queue_message(draft, by=jody.actor)
    assert sent.outbox is not None and sent.outbox.route == mailbox.route
    assert sent.from_address == "Jody Marsh <jody@northwind.test>"
    with smtp_server(Sink()) as sink:
        Mailbox.objects.update(smtp_host="127.0.0.1", smtp_port=sink.port, smtp_security=Security.NONE)
        way = mail_routes.way_out(mailbox.route)
        way.hand_over("jody@northwind.test", [maya.email], bytes(sent.outbox.mime), lambda: None)
        way.close()
    assert sink.taken[0][0] == "jody@northwind.test" and "user=jody@northwind.test" in sink.signed_in[0]
    disconnect(mailbox, by=jody.actor)
    assert sending_mailbox(jody) is None
    with pytest.raises(Refusal, match="disconnected"):
        server_for(mailbox.route)

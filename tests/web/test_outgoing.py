"""The page of outgoing mail: who may see it, what it shows, what can be done about a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.clients import book
from steadyhand.core import agency, outbox
from steadyhand.core.models import Event, MailState, OutboxMessage
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests.cast import NOW, SYSTEM, joined
from tests.contracts.query_counts import pinned
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db
HERE = "/settings/mail/"


@pytest.fixture
def boss() -> Iterator[Browser]:
    with time_machine.travel(NOW, tick=False):
        agency.found(by=SYSTEM, name="Dunder")
        OutboxMessage.objects.all().delete()
        browser = as_(joined("David Wallace", Role.ADMINISTRATOR))
        OutboxMessage.objects.all().delete()
        yield browser


def as_(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(Member.objects.get(pk=member.pk).user, backend="steadyhand.people.sign_in.Backend")  # type: ignore[arg-type]
    return browser


def text(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def post(to: str = "maya@halden.test", **more: Any) -> OutboxMessage:
    return outbox.post("report", to, "Your report", "It is secret.", **more)


def test_an_empty_page_says_what_goes_there_and_a_manager_sees_none_of_it(boss: Browser) -> None:
    assert "No mail has left yet" in text(boss.get(HERE))
    assert "Nothing failed" in text(boss.get(f"{HERE}?state=failed"))
    mail = post()
    pam = as_(joined("Pam Beesly", Role.MANAGER))
    assert pam.get(HERE).status_code == 403
    assert pam.get(f"{HERE}{mail.pk}/").status_code == 403


def test_mail_is_listed_by_state_and_address_with_its_client(boss: Browser) -> None:
    client = book.add_client("Halden Bikes", by=SYSTEM)
    post(client_id=client.pk)
    outbox.cancel(post("ola@orbit.test"), by=SYSTEM)
    page = text(boss.get(HERE))
    assert "maya@halden.test" in page and "Halden Bikes" in page and "ola@orbit.test" in page
    assert "It is secret" not in page
    cancelled = text(boss.get(f"{HERE}?state=cancelled"))
    assert "ola@orbit.test" in cancelled and "maya@halden.test" not in cancelled
    found = text(boss.get(f"{HERE}?to=ORBIT"))
    assert "ola@orbit.test" in found and "maya@halden.test" not in found
    assert "No mail to an address with these letters" in text(boss.get(f"{HERE}?to=nobody"))


def test_older_mail_is_a_click_away(boss: Browser) -> None:
    for number in range(52):
        post(f"reader{number}@halden.test")
    first = boss.get(HERE).content.decode()
    assert "reader51@" in first and "reader1@" not in first
    older = re.search(r'href="([^"]*before=[^"]*)"', first)
    assert older and "reader1@" in boss.get(older[1].replace("&amp;", "&")).content.decode()


def test_the_page_makes_the_same_queries_however_much_mail_there_is(boss: Browser) -> None:
    for size in (3, 40):
        for number in range(size):
            client = book.add_client(f"Client {size} {number}", by=SYSTEM)
            post(client_id=client.pk)
        with CaptureQueriesContext(connection) as asked:
            boss.get(HERE)
        pinned("outgoing mail", len(asked))


def test_a_queued_mail_is_cancelled_once(boss: Browser) -> None:
    mail = post(client_id=book.add_client("Halden Bikes", by=SYSTEM).pk)
    there = f"{HERE}{mail.pk}/"
    assert "Cancel" in text(boss.get(there))
    assert "does not leave" in text(boss.post(f"{there}cancellation/", follow=True))
    assert "cannot be cancelled" in text(boss.post(f"{there}cancellation/", follow=True))
    mail.refresh_from_db()
    assert mail.state == MailState.CANCELLED
    [event] = Event.objects.filter(verb="mail.cancelled")
    assert event.actor_name == "David Wallace"


def test_what_got_stuck_is_shown_with_its_attempts_and_mended(boss: Browser, settings: Any) -> None:
    client = book.add_client("Halden Bikes", by=SYSTEM)
    with mail_server(settings, None, None, "550 no such box") as server:
        mails = [post(client_id=client.pk) for _ in range(3)]
        outbox.send_waiting()
        assert "3 to look at" in text(boss.get("/settings/"))
        lost, arrived, refused = (f"{HERE}{mail.pk}/" for mail in mails)
        assert "may have taken it" in text(boss.get(lost))
        assert "cut off while handing over" in text(boss.get(lost))
        assert "550 no such box" in text(boss.get(refused))
        boss.post(f"{lost}repetition/")
        boss.post(f"{arrived}arrival/")
        boss.post(f"{refused}retry/")
        outbox.send_waiting()
    assert server.ids == [mails[0].message_id, mails[2].message_id]
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}
    assert "to look at" not in text(boss.get("/settings/"))

"""`link issue`: what it prints opens one thing, and only what is shared."""

from __future__ import annotations

import json

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.clients import book
from steadyhand.clients.models import Contact
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Bundle
from tests import cast
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared() -> Bundle:
    """Somebody at Halden, and a bundle they were asked about."""
    cast.agency.found(by=SYSTEM, name="Northwind")
    cast.published()
    halden = book.add_client("Halden Bikes", by=SYSTEM)
    book.add_contact(halden, "Maya Lind", by=SYSTEM, email="maya@halden.test")
    return Bundle.objects.create(
        client=halden, title="Posts", due_on=cast.NOW.date(), levels=1, made_at=cast.NOW, asked_at=cast.NOW
    )


def call(*words: str) -> int:
    return _call(COMMANDS["link"], ["issue", *words])


@time_machine.travel(cast.NOW, tick=False)
def test_the_link_opens_the_item(shared: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("approval", "--contact", "Maya@halden.test") == 0
    link = capsys.readouterr().out.strip()
    answer = Browser().get(link[link.index("/portal/") :])
    assert answer["Location"] == f"/portal/approvals/{shared.pk}/"
    assert call(f"approval:{shared.pk}", "--contact", "maya@halden.test", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["item"], told["contact"]) == (f"approval:{shared.pk}", "maya@halden.test")


@time_machine.travel(cast.NOW, tick=False)
def test_what_cannot_be_opened_is_refused(shared: Bundle) -> None:
    twin = book.add_client("Orbit Dental", by=SYSTEM)
    for words, said in (
        (("secret", "--contact", "maya@halden.test"), "Links open no “secret”"),
        (("agreement", "--contact", "maya@halden.test"), "No agreement is shared with Maya Lind"),
        (("approval:999", "--contact", "maya@halden.test"), "No approval 999 is shared"),
        (("approval", "--contact", "nobody@halden.test"), "Nobody at a client has the address"),
    ):
        with pytest.raises(Refusal, match=said):
            call(*words)
    book.add_contact(twin, "Maya Lind", by=SYSTEM, email="maya@halden.test")
    with pytest.raises(Refusal, match="halden-bikes, orbit-dental"):
        call("approval", "--contact", "maya@halden.test")
    assert call("approval", "--contact", "maya@halden.test", "--client", "halden-bikes") == 0
    assert Contact.objects.count() == 2

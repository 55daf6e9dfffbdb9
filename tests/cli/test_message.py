"""`message queue`: mail to a client from a script."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine

from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.comms.models import Message
from steadyhand.core.models import OutboxMessage
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from tests import cast

pytestmark = pytest.mark.django_db

TO_MAYA = ("queue", "--client", "Halden Bikes", "--to", "maya@haldenbikes.test")


@pytest.fixture(autouse=True)
def people() -> Any:
    with time_machine.travel(cast.NOW, tick=False):
        found = cast.build(planned=False)
        members.change_member(found.jody, by=cast.SYSTEM, phone="020 7946 0001")
        yield found


def queued(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capsys.readouterr()
    assert _call(COMMANDS["message"], [*TO_MAYA, *more, "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_letter_leaves_from_the_lead_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    filled = ["--set", "request.text=the login", "--set", "request.due=Friday"]
    told = queued(capsys, "--template", "voicemail-follow-up", *filled)
    row = OutboxMessage.objects.get()
    assert (told["id"], told["message_id"], told["state"]) == (row.pk, row.message_id, "queued")
    assert row.next_at == cast.NOW
    assert "the login" in row.text and "Hello Maya" in row.text
    assert row.sender.startswith("Jody Marsh")


def test_without_json_it_says_id_and_message_id(capsys: pytest.CaptureFixture[str]) -> None:
    _call(COMMANDS["message"], [*TO_MAYA, "--subject", "Hi", "--text", "Hello"])
    row = OutboxMessage.objects.get()
    assert capsys.readouterr().out == f"{row.pk} {row.message_id}\n"


def test_a_gap_is_named_and_nothing_is_left_behind() -> None:
    with pytest.raises(Refusal, match=r"\{\{ request.text \}\}"):
        _call(COMMANDS["message"], [*TO_MAYA, "--template", "voicemail-follow-up"])
    assert not Message.objects.exists() and not OutboxMessage.objects.exists()


def test_an_hour_is_read_on_the_clients_clock(capsys: pytest.CaptureFixture[str], people: cast.Cast) -> None:
    people.halden.zone = "America/New_York"
    people.halden.save()
    told = queued(capsys, "--subject", "Hi", "--text", "Hello", "--at", "2026-12-01T09:00")
    assert told["send_at"].startswith("2026-12-01T14:00:00")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--template", "nonsense"], "no letter “nonsense”"),
        (["--subject", "Hi", "--text", "Hello", "--at", "2020-01-01T09:00"], "moment is over"),
        (["--subject", "Hi"], "mail is empty"),
        (["--copy", "nobody"], "no e-mail address"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(more: list[str], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        _call(COMMANDS["message"], [*TO_MAYA, *more])

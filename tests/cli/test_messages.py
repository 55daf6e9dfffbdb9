"""`messages`: the outbox from the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.clients import book
from steadyhand.core import agency, outbox
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert _call(COMMANDS["messages"], [*arguments, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_every_mail_is_listed_with_its_state_and_attempts(capsys: pytest.CaptureFixture[str]) -> None:
    agency.found(by=SYSTEM)
    client = book.add_client("Halden Bikes", by=SYSTEM)
    queued = outbox.post("report", "Maya <maya@halden.test>", "Your report", "Here.", client_id=client.pk)
    cancelled = outbox.post("report", "ola@halden.test", "Your report", "Here.")
    outbox.cancel(cancelled, by=SYSTEM)
    both = rows(capsys)
    assert [row["state"] for row in both] == ["queued", "cancelled"]
    assert {key: both[0][key] for key in ("id", "message_id", "to", "kind", "attempts", "client")} == {
        "id": queued.pk,
        "message_id": queued.message_id,
        "to": "maya@halden.test",
        "kind": "report",
        "attempts": 0,
        "client": client.ref,
    }
    assert [row["id"] for row in rows(capsys, "--state", "cancelled")] == [cancelled.pk]
    assert [row["id"] for row in rows(capsys, "--client", "halden bikes")] == [queued.pk]
    assert rows(capsys, "--state", "uncertain") == []

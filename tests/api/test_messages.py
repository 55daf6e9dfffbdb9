"""Mail through the API: drafted, sent, taken back, listed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from steadyhand.core.models import OutboxMessage
from tests import cast
from tests.api.conftest import script

MAIL = "/api/clients/halden-bikes/messages"
MAYA = {"to": ["maya@haldenbikes.test"], "subject": "March leads", "text": "Hello Maya"}


def post(program: Browser, path: str, data: dict[str, Any], **headers: str) -> Any:
    return program.post(path, data, content_type="application/json", headers=headers)


def test_drafted_sent_and_taken_back(people: cast.Cast) -> None:
    program = script(people.jody)
    made = post(program, MAIL, MAYA)
    assert made.status_code == 201
    draft = made.json()
    assert (draft["state"], draft["by"], draft["message_id"]) == ("draft", "jody@northwind.test", None)
    sent = post(program, f"{MAIL}/{draft['id']}/sending", {}).json()
    assert sent["state"] == "queued" and sent["message_id"] == OutboxMessage.objects.get().message_id
    assert program.delete(f"{MAIL}/{draft['id']}/sending").json()["state"] == "cancelled"
    assert [row["id"] for row in program.get(MAIL).json()["items"]] == [draft["id"]]


def test_the_same_key_drafts_once(people: cast.Cast) -> None:
    program = script(people.jody)
    answers = [post(program, MAIL, MAYA, **{"Idempotency-Key": "one"}).json()["id"] for _ in range(2)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"to": ["nobody"]}, "to"),
        ({"template": "nonsense"}, "template"),
        ({"copies": ["a@b.test\r\nBcc: c@d.test"]}, "copies"),
    ],
)
def test_what_cannot_be_says_which_field(people: cast.Cast, data: dict[str, Any], field: str) -> None:
    refused = post(script(people.jody), MAIL, MAYA | data)
    assert refused.status_code == 422 and refused.json()["field"] == field


def test_pages_and_other_teams(people: cast.Cast) -> None:
    program = script(people.jody)
    ids = [post(program, MAIL, MAYA).json()["id"] for _ in range(3)]
    first = program.get(f"{MAIL}?limit=2").json()
    rest = program.get(f"{MAIL}?limit=2&after={first['next']}").json()
    assert [row["id"] for row in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    assert program.get("/api/clients/lumen-legal/messages").status_code == 404
    assert program.get(f"/api/clients/orbit-dental/messages/{ids[0]}").status_code == 404

"""Everything done to a commitment, each once."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.commitments.models import Commitment
from steadyhand.core.models import Event, IdempotentReply
from tests import cast
from tests.api.conftest import script

KEY = "halden-bikes-1.call.2026-W48.1"


def send(program: Browser, act: str, data: dict[str, Any], **headers: str) -> Any:
    return program.post(
        f"/api/commitments/{KEY}/{act}", data, content_type="application/json", headers=headers
    )


def take_back(program: Browser, act: str) -> Any:
    return program.delete(f"/api/commitments/{KEY}/{act}")


@pytest.mark.parametrize(
    ("act", "data", "shows", "verbs"),
    [
        ("completion", {"note": "Rang them"}, ("state", "done"), ("done", "reopened")),
        ("waiver", {"reason": "On holiday"}, ("state", "waived"), ("waived", "unwaived")),
        ("move", {"day": "2026-11-26", "time": "10:00"}, ("due", "2026-11-26T10:00"), ("moved", "unmoved")),
        (
            "handover",
            {"to": "sam@northwind.test"},
            ("owner", "sam@northwind.test"),
            ("handed_over", "taken_back"),
        ),
        ("wait", {"note": "Asked Maya"}, ("state", "open"), ("waiting", "waiting_ended")),
    ],
)
def test_done_and_taken_back(
    people: cast.Cast, act: str, data: dict[str, Any], shows: tuple[str, str], verbs: tuple[str, str]
) -> None:
    program = script(people.jody)
    before = program.get(f"/api/commitments/{KEY}").json()
    made = send(program, act, data)
    assert made.status_code == 201, made.content
    assert made.json()[shows[0]] == shows[1]
    undone = take_back(program, act)
    assert undone.status_code == 200 and undone.json() == before
    row = Commitment.objects.by_key(KEY).get()
    told = Event.objects.filter(subject_type="commitments.commitment", subject_id=row.pk).order_by("pk")
    assert [event.verb for event in told] == [f"commitment.{verb}" for verb in verbs]
    again = take_back(program, act)
    assert again.status_code == 422 and again.json()["error"]


def test_refusals_are_the_verbs_own(people: cast.Cast) -> None:
    program = script(people.jody)
    past = send(program, "move", {"day": "2026-11-01"})
    assert (past.status_code, past.json()["field"]) == (422, "to_day")
    assert "is over" in past.json()["error"]
    assert send(program, "waiver", {"reason": " "}).json()["field"] == "reason"
    assert send(program, "waiver", {}).status_code == 400
    later = send(program, "completion", {"at": "2026-12-24T10:00:00Z"})
    assert (later.status_code, later.json()["field"]) == (422, "at")
    assert send(script(people.keiran), "handover", {"to": "jody@northwind.test"}).status_code == 422


def test_somebody_elses_client_is_not_there(people: cast.Cast) -> None:
    key = Commitment.objects.filter(client=people.orbit).preloaded()[0].key
    answered = script(people.sam).post(
        f"/api/commitments/{key}/completion", {}, content_type="application/json"
    )
    assert answered.status_code == 404


def test_a_key_makes_it_happen_once(people: cast.Cast) -> None:
    program = script(people.jody)
    first = send(program, "completion", {"note": "Rang"}, **{"Idempotency-Key": "k-1"})
    again = send(program, "completion", {"note": "Rang"}, **{"Idempotency-Key": "k-1"})
    assert (again.status_code, again.content) == (first.status_code, first.content) and first.content
    assert again["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert Event.objects.filter(verb="commitment.done").count() == 1
    other = send(program, "completion", {"note": "Else"}, **{"Idempotency-Key": "k-1"})
    assert other.status_code == 422 and "another request" in other.json()["error"]
    sams = send(script(people.sam), "completion", {"note": "Rang"}, **{"Idempotency-Key": "k-1"})
    assert sams.status_code == 422 and "is done" in sams.json()["error"]


def test_a_refusal_is_not_kept(people: cast.Cast) -> None:
    program = script(people.jody)
    assert send(program, "move", {"day": "2026-11-01"}, **{"Idempotency-Key": "k-2"}).status_code == 422
    assert not IdempotentReply.objects.exists()
    assert send(program, "move", {"day": "2026-11-26"}, **{"Idempotency-Key": "k-2"}).status_code == 201


def test_a_key_lasts_a_day(people: cast.Cast) -> None:
    program = script(people.jody)
    send(program, "completion", {}, **{"Idempotency-Key": "k-3"})
    with time_machine.travel("2026-11-25T09:01Z", tick=False):
        again = send(program, "completion", {}, **{"Idempotency-Key": "k-3"})
    assert again.status_code == 422 and "is done" in again.json()["error"]

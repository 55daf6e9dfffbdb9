"""Writing down through the API what was said: once, by whom one may, and never half."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client as Browser

from steadyhand.api import idempotency
from steadyhand.clients.models import Access, Level
from steadyhand.commitments import keeping
from steadyhand.comms.models import Interaction
from steadyhand.core.models import Event, IdempotentReply
from tests import cast
from tests.api.conftest import script

PATH = "/api/clients/halden-bikes/interactions"
CALL = {"channel": "call", "summary": "About March", "contact": "MAYA@haldenbikes.test", "minutes": 25}


def sent(program: Browser, body: dict[str, Any], path: str = PATH, **headers: str) -> HttpResponse:
    return program.post(path, body, content_type="application/json", headers=headers)  # type: ignore[return-value]


def test_what_was_said_is_written_down_with_its_event(people: cast.Cast) -> None:
    answered = sent(script(people.jody), CALL)
    assert answered.status_code == 201
    row = Interaction.objects.get()
    assert answered.json() == {  # type: ignore[attr-defined]
        "id": f"i{row.pk}",
        "client": "halden-bikes",
        "at": "2026-11-24T09:00:00+00:00",
        "channel": "call",
        "direction": "",
        "summary": "About March",
        "by": "Jody Marsh",
        "contact": "Maya Lind",
        "minutes": 25,
    }
    assert (row.member, row.client) == (people.jody, people.halden)
    event = Event.objects.get(verb="interaction.logged")
    assert (event.actor_id, event.subject_id, event.client_id) == (people.jody.pk, row.pk, people.halden.pk)


def test_it_keeps_a_promise_and_striking_it_out_owes_it_again(people: cast.Cast) -> None:
    program = script(people.jody)
    promise = keeping.promise(
        people.halden, "Ring Maya", by=people.jody.actor, owner=people.jody, due_on=cast.NOW.date()
    )
    number = sent(program, CALL | {"keeps": promise.key}).json()["id"][1:]  # type: ignore[attr-defined]
    promise.refresh_from_db()
    assert promise.state == "done"
    assert program.delete(f"{PATH}/{number}").status_code == 204
    promise.refresh_from_db()
    assert promise.state == "open" and not Interaction.objects.exists()
    assert program.delete(f"{PATH}/{number}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"channel": "smoke"}, 400, "channel"),
        ({"minutes": 0}, 400, "minutes"),
        ({"summary": " "}, 422, "summary"),
        ({"contact": "nobody@x.test"}, 422, "contact"),
        ({"at": "2026-11-25T10:00:00Z"}, 422, "on"),
        ({"at": "2026-11-20T10:00:00"}, 422, "at"),
        ({"keeps": "no.such.promise.1"}, 422, "keeps"),
    ],
)
def test_what_cannot_be_so_is_refused_and_nothing_written(
    people: cast.Cast, wrong: dict[str, Any], status: int, field: str
) -> None:
    answered = sent(script(people.jody), CALL | wrong)
    assert (answered.status_code, answered.json()["field"]) == (status, field)  # type: ignore[attr-defined]
    assert not Interaction.objects.exists() and not Event.objects.filter(verb="interaction.logged").exists()


def test_who_may(people: cast.Cast) -> None:
    assert sent(script(people.jody, "read"), CALL).status_code == 403
    assert sent(script(people.sam), CALL, "/api/clients/orbit-dental/interactions").status_code == 404
    Access.objects.create(client=people.orbit, member=people.sam, level=Level.LOOK)
    refused = sent(
        script(people.sam), {"channel": "note", "summary": "x"}, "/api/clients/orbit-dental/interactions"
    )
    assert refused.status_code == 403
    assert not Interaction.objects.exists()


def test_once_for_each_key_and_answered_the_same(people: cast.Cast) -> None:
    program, key = script(people.jody), str(uuid4())
    first = sent(program, CALL, **{"Idempotency-Key": key})
    again = sent(program, CALL, **{"Idempotency-Key": key})
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Interaction.objects.count() == 1
    assert sent(program, CALL | {"summary": "Else"}, **{"Idempotency-Key": key}).status_code == 422
    with time_machine.travel(cast.NOW + dt.timedelta(hours=25), tick=False):
        late = sent(program, CALL, **{"Idempotency-Key": key})
    assert late.status_code == 201 and late.content != first.content
    assert Interaction.objects.count() == 2 and IdempotentReply.objects.count() == 1


def test_two_at_the_same_moment_are_done_once(people: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked before the first had kept its answer."""
    program, key = script(people.jody), str(uuid4())
    first = sent(program, CALL, **{"Idempotency-Key": key})
    looks = iter([None])
    known = idempotency.KNOWN

    class Blind:
        def one(self, **values: Any) -> IdempotentReply | None:
            return next(looks) if looks.__length_hint__() else known.one(**values)

    monkeypatch.setattr(idempotency, "KNOWN", Blind())
    second = sent(program, CALL, **{"Idempotency-Key": key})
    assert (second.status_code, second.content) == (201, first.content)
    assert Interaction.objects.count() == 1


def test_old_answers_are_cleared_away(people: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "CLEARED_EVERY", 1)
    program = script(people.jody)
    sent(program, CALL, **{"Idempotency-Key": "a"})
    with time_machine.travel(cast.NOW + dt.timedelta(hours=25), tick=False):
        sent(program, CALL, **{"Idempotency-Key": "b"})
    assert list(IdempotentReply.objects.values_list("key", flat=True)) == ["b"]

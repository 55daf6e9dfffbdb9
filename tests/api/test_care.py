"""Flags, ratings and calls for scripts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from steadyhand.care.models import Rating
from steadyhand.comms.calls.holding import begin_call, end_call
from steadyhand.comms.calls.notes import save_note
from tests.api.conftest import script
from tests.api.test_interactions import sent

pytestmark = pytest.mark.django_db

HERE = "/api/clients/halden-bikes"


def read(asker: Any, path: str) -> Any:
    answer = asker.get(f"{HERE}/{path}")
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_raised_and_read(people: Any) -> None:
    jody = script(people.jody)
    made = sent(jody, {"text": "Sign-off takes too long"}, f"{HERE}/flags")
    assert made.status_code == 201 and made.json()["raised_by"] == "Jody Marsh"
    assert [row["text"] for row in read(jody, "flags")] == ["Sign-off takes too long"]
    assert read(jody, "flags?state=settled") == []


def test_rated_and_refused(people: Any) -> None:
    jody = script(people.jody)
    made = sent(jody, {"scores": {"results": 4, "strategy": 5}}, f"{HERE}/ratings")
    assert made.status_code == 201 and Rating.objects.count() == 2
    assert {row["question"]: row["score"] for row in read(jody, "ratings")} == {"results": 4, "strategy": 5}
    assert sent(jody, {"scores": {"results": 9}}, f"{HERE}/ratings").status_code == 422


def test_calls_with_their_notes(people: Any) -> None:
    call = begin_call(people.halden, by=people.jody.actor, member=people.jody)
    save_note(call, "rapport", "Lisbon", by=people.jody.actor)
    end_call(call, by=people.jody.actor, minutes=20, summary="Leads are back")
    (row,) = read(script(people.jody), "calls")
    assert (row["minutes"], row["summary"], row["notes"]) == (20, "Leads are back", {"rapport": "Lisbon"})

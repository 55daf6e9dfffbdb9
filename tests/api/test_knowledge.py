"""Personal details, discovery and expectations by the API."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client as Browser

from steadyhand.api.knowledge_schemas import AnswerRow, DetailRow, ExpectationRow
from steadyhand.clients import book
from steadyhand.clients.discovery import questions
from steadyhand.clients.models import Discovery, ExpectationSaid, PersonalDetail
from steadyhand.clients.personal import note_detail
from tests import cast
from tests.api.conftest import script

HERE = "/api/clients/halden-bikes/"


def send(program: Browser, what: str, data: dict[str, Any], **headers: str) -> Any:
    return program.post(f"{HERE}{what}", json.dumps(data), content_type="application/json", headers=headers)


def test_details_are_noted_read_and_retired_by_the_team(people: cast.Cast) -> None:
    jody, maya = script(people.jody), people.halden.contacts.get(name="Maya Lind")
    made = send(jody, "details", {"contact": maya.pk, "kind": "birthday", "day": 3, "month": 12})
    assert made.status_code == 201, made.content
    assert jody.get(f"{HERE}details").json() == [made.json()]
    assert set(made.json()) == set(DetailRow.model_fields)
    assert script(people.sam).get("/api/clients/orbit-dental/details").status_code == 404
    wrong = send(jody, "details", {"contact": maya.pk, "kind": "birthday", "day": 31, "month": 2})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "day")
    assert send(jody, "details", {"contact": 0, "text": "x"}).json()["field"] == "contact"
    reader = script(people.jody, "read")
    assert (
        reader.get(f"{HERE}details").json()
        and send(reader, "details", {"contact": maya.pk, "text": "x"}).status_code == 403
    )
    assert jody.delete(f"{HERE}details/{made.json()['id']}").status_code == 204
    assert not PersonalDetail.objects.standing().exists()
    assert jody.delete(f"{HERE}details/{made.json()['id']}").status_code == 422


def test_answers_are_kept_once_and_taken_back(people: cast.Cast) -> None:
    jody, key = script(people.jody), questions()[2].key
    before = jody.get(f"{HERE}discovery").json()
    assert [row["question"] for row in before] == [question.key for question in questions()]
    assert all(set(row) == set(AnswerRow.model_fields) and row["answer"] is None for row in before)
    data = {"question": key, "answer": "Maya"}
    first = send(jody, "discovery", data, **{"Idempotency-Key": "k-1"})
    again = send(jody, "discovery", data, **{"Idempotency-Key": "k-1"})
    assert first.status_code == 201 and again.content == first.content
    assert Discovery.objects.count() == 1 and first.json()["by"] == "Jody Marsh"
    assert send(jody, "discovery", {"question": "shoe-size", "answer": "9"}).status_code == 422
    assert jody.delete(f"{HERE}discovery/{first.json()['id']}").status_code == 204
    assert jody.get(f"{HERE}discovery").json() == before


def test_expectations_are_counted(people: cast.Cast) -> None:
    jody = script(people.jody)
    before = jody.get(f"{HERE}expectations").json()
    assert all(set(row) == set(ExpectationRow.model_fields) and row["due"] for row in before)
    key = before[0]["expectation"]
    made = send(jody, "expectations", {"expectation": key}).json()
    assert (made["times"], made["due"], made["last"]) == (1, False, "2026-11-24T09:00:00+00:00")
    early = send(jody, "expectations", {"expectation": key, "at": "2026-12-24T09:00:00Z"})
    assert (early.status_code, early.json()["field"]) == (422, "at")
    assert jody.delete(f"{HERE}expectations/{made['last_id']}").status_code == 204
    assert jody.get(f"{HERE}expectations").json() == before
    assert not ExpectationSaid.objects.standing().exists()


def test_details_are_not_for_those_who_merely_see_every_client(people: cast.Cast) -> None:
    keiran, fern = script(people.keiran), people.fernhill
    contact = book.add_contact(fern, "Nora Fern", by=cast.SYSTEM)
    detail = note_detail(contact, "family", "Twins", by=cast.SYSTEM)
    here = "/api/clients/fernhill-schools/details"
    assert keiran.get(here).json() == []
    assert keiran.delete(f"{here}/{detail.pk}").status_code == 422
    data = json.dumps({"contact": contact.pk, "text": "x"})
    assert "for its account team" in keiran.post(here, data, content_type="application/json").json()["error"]
    assert PersonalDetail.objects.standing().get() == detail

"""Who is let in, what errors look like, and that answers are what the document says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from steadyhand.api import schemas
from steadyhand.exchange.models import ImportRun
from steadyhand.people import members
from steadyhand.people.roles import Role
from steadyhand.people.tokens import tokens_of
from tests import cast
from tests.api.conftest import script

WEEK = "/api/commitments?from=2026-11-23&to=2026-11-29"
DONE = "/api/commitments/halden-bikes-1.call.2026-W48.1/completion"


def refusal(response: Any, status: int) -> dict[str, str]:
    assert response.status_code == status, response.content
    told: dict[str, str] = response.json()
    assert set(told) == {"error", "remedy", "field"} and told["error"].endswith((".", "!", "?"))
    return told


@pytest.mark.parametrize("path", ["/api/clients", WEEK, "/api/today", "/api/playbook", "/api/members"])
def test_nobody_is_let_in_unknown(people: cast.Cast, path: str) -> None:
    refused = Browser().get(path)
    refusal(refused, 401)
    assert refused["WWW-Authenticate"] == "Bearer"
    refusal(Browser(headers={"Authorization": "Bearer nonsense"}).get(path), 401)


def test_a_wrong_token_is_not_saved_by_a_session(people: cast.Cast) -> None:
    browser = Browser(headers={"Authorization": "Bearer nonsense"})
    browser.force_login(cast.user_of(people.jody))
    refusal(browser.get("/api/clients"), 401)


def test_a_session_needs_its_csrf_token_to_write(people: cast.Cast) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.user_of(people.jody))
    assert browser.get(WEEK).status_code == 200
    refusal(browser.post(DONE, {}, content_type="application/json"), 403)
    browser.cookies["csrftoken"] = "a" * 32
    sent = browser.post(DONE, {}, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert sent.status_code == 201


def test_a_reading_token_reads_only(people: cast.Cast) -> None:
    reader = script(people.jody, "read")
    assert reader.get(WEEK).status_code == 200
    told = refusal(reader.post(DONE, {}, content_type="application/json"), 403)
    assert "write" in told["remedy"]


def test_a_token_dies_with_its_membership(people: cast.Cast) -> None:
    program = script(people.sam)
    assert program.get("/api/clients").status_code == 200
    members.leave(people.sam, by=cast.SYSTEM)
    refusal(program.get("/api/clients"), 401)
    assert not tokens_of(people.sam).exists()


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/api/commitments?from=yesterday&to=2026-11-29", 400, "from"),
        ("/api/commitments?to=2026-11-29", 400, "from"),
        ("/api/commitments?from=2026-11-29&to=2026-11-23", 422, "to"),
        (f"{WEEK}&owner=ghost@northwind.test", 422, "owner"),
        (f"{WEEK}&after=rubbish", 422, "after"),
        (f"{WEEK}&state=lost", 400, "state"),
        (f"{WEEK}&client=lumen-legal", 404, ""),
        ("/api/clients?sort=colour", 422, "sort"),
        ("/api/clients?stage=merged", 422, "stage"),
        ("/api/clients?after=@@@", 422, "after"),
        ("/api/clients?limit=5000", 400, "limit"),
        ("/api/clients/lumen-legal", 404, ""),
        ("/api/clients/halden-bikes/timeline?after=x~e1", 422, "after"),
        ("/api/commitments/rubbish", 404, ""),
        ("/api/imports/4711", 404, ""),
    ],
)
def test_bad_requests_get_a_sentence(people: cast.Cast, path: str, status: int, field: str) -> None:
    assert refusal(script(people.jody).get(path), status)["field"] == field


def test_the_document_is_openapi_3_1_and_declares_its_errors(client: Browser) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for operation in methods.values():
            assert {"400", "401", "403", "404", "409", "422"} <= set(operation["responses"])
    page = client.get("/api/docs/")
    assert page.status_code == 200 and "/api/clients/{ref}/timeline" in page.text
    assert "<script>" not in page.text and "style=" not in page.text


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/api/clients", schemas.ClientPage),
        ("/api/clients/halden-bikes", schemas.ClientFull),
        ("/api/clients/halden-bikes/timeline", schemas.Timeline),
        ("/api/clients/halden-bikes/plan", schemas.Plan),
        (WEEK, schemas.CommitmentPage),
        ("/api/commitments/halden-bikes-1.call.2026-W48.1", schemas.CommitmentRow),
        ("/api/today", schemas.Today),
        ("/api/playbook", schemas.Playbook),
    ],
)
def test_answers_are_what_the_document_says(people: cast.Cast, path: str, shape: Any) -> None:
    found = script(people.jody).get(path).json()
    shape.model_config = {**shape.model_config, "extra": "forbid"}
    assert shape.model_validate(found)
    assert set(found) == set(shape.model_fields)


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/api/clients/halden-bikes/contacts", schemas.ContactRow),
        ("/api/clients/halden-bikes/engagements", schemas.EngagementRow),
        ("/api/playbook/versions", schemas.VersionRow),
        ("/api/members", schemas.MemberRow),
    ],
)
def test_lists_are_what_the_document_says(people: cast.Cast, path: str, shape: Any) -> None:
    rows = script(people.jody).get(path).json()
    assert rows and all(set(row) == set(shape.model_fields) and shape.model_validate(row) for row in rows)


def test_what_has_not_changed_is_not_sent_again(people: cast.Cast) -> None:
    program = script(people.jody)
    first = program.get("/api/clients/halden-bikes")
    again = program.get("/api/clients/halden-bikes", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_import_is_seen_by_whoever_may_import(people: cast.Cast) -> None:
    run = ImportRun.objects.create(
        source="hubspot",
        batch="0b7c2f0e-6d53-4d58-9f6b-64c3f7a4b1aa",
        by_member_id=people.keiran.pk,
        by_name="Keiran",
        made_at=cast.NOW,
        total=12,
        done=5,
    )
    ops = cast.joined("Olu Ade", Role.HEAD_OF_OPERATIONS)
    found = script(ops).get(f"/api/imports/{run.pk}").json()
    assert (found["done"], found["total"], found["state"]) == (5, 12, "uploaded")
    assert set(found) == set(schemas.ImportStatus.model_fields)
    refusal(script(people.jody).get(f"/api/imports/{run.pk}"), 404)

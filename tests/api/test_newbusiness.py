"""`/api/leads`: who may become a client, and adding one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from steadyhand.clients.models import Stage
from steadyhand.newbusiness import leads
from steadyhand.newbusiness.models import Lead
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.api.conftest import script
from tests.api.test_reads import pages

FENNEL = {"name": "Fennel Foods", "source": "Fair", "value": "2400.00", "services": ["SEO"]}


@pytest.fixture
def callum(people: cast.Cast) -> Member:
    return cast.joined("Callum Price", Role.NEW_BUSINESS)


def post(member: Member, sent: dict[str, Any], scope: str = "write", key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return script(member, scope).post("/api/leads", sent, content_type="application/json", headers=headers)


def test_a_lead_is_added_once(people: cast.Cast, callum: Member) -> None:
    first = post(callum, FENNEL, key="k1")
    assert first.status_code == 201
    lead = Lead.objects.get()
    assert (lead.client.stage, lead.value, lead.owner) == (Stage.PROSPECT, Decimal(2400), callum)
    body = first.json()
    assert (body["id"], body["client"], body["gaps"]) == (lead.pk, "fennel-foods", [])
    assert post(callum, FENNEL, key="k1").json() == body
    assert post(callum, FENNEL).status_code == 422
    assert post(callum, FENNEL | {"owner": "nobody@northwind.test"}).json()["field"] == "owner"
    assert post(callum, FENNEL | {"value": "-1"}).status_code == 400
    assert post(people.jody, FENNEL).status_code == 403
    assert post(callum, FENNEL, "read").status_code == 403
    assert Lead.objects.count() == 1


def test_every_lead_once_page_by_page(people: cast.Cast, callum: Member) -> None:
    made = [
        leads.add_lead(f"Lead {n}", by=callum.actor, owner=callum, source="Fair", value=Decimal(100))
        for n in range(5)
    ]
    leads.lose_lead(made[1], "Too dear", by=callum.actor)
    found = pages(script(callum, "read"), "/api/leads?limit=2")
    assert [row["id"] for row in found] == [lead.pk for lead in reversed(made)]
    lost = script(callum, "read").get("/api/leads?stage=lost").json()["items"]
    assert [(row["id"], row["closed_because"]) for row in lost] == [(made[1].pk, "Too dear")]
    assert script(callum, "read").get("/api/leads?stage=odd").json()["items"] == []
    jody = script(people.jody, "read")
    assert jody.get("/api/leads").json()["items"] == []
    assert jody.get(f"/api/leads/{made[0].pk}").status_code == 404
    assert script(callum, "read").get(f"/api/leads/{made[0].pk}").json()["name"] == "Lead 0"

"""Lists, keys and what one sees."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.clients import book
from steadyhand.clients.models import Access, Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.models import ClientPlan
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel, Interaction
from steadyhand.core.models import Event
from tests import cast
from tests.api.conftest import script


def pages(program: Browser, path: str) -> list[dict[str, Any]]:
    """Every page of a list, one after the other."""
    found: list[dict[str, Any]] = []
    joint = "&" if "?" in path else "?"
    after = ""
    while True:
        answered = program.get(f"{path}{joint}after={after}" if after else path)
        assert answered.status_code == 200, answered.content
        page = answered.json()
        found += page["items"]
        after = (page["next"] or "").replace("+", "%2B")
        if not after:
            return found


@pytest.mark.parametrize("sort", ["name", "-name", "tier", "-spend", "since"])
def test_every_client_once_whatever_the_order(people: cast.Cast, sort: str) -> None:
    for number in range(11):
        client = book.add_client(f"Twin {number % 3}", by=cast.SYSTEM)
        if number % 2:
            ClientPlan.objects.filter(client=client).delete()
    program = script(people.keiran)
    refs = [row["ref"] for row in pages(program, f"/api/clients?sort={sort}&limit=3")]
    assert sorted(refs) == sorted(Client.objects.live().values_list("ref", flat=True))
    whole = program.get(f"/api/clients?sort={sort}&limit=200").json()["items"]
    assert refs == [row["ref"] for row in whole]


def test_clients_one_looks_for(people: cast.Cast) -> None:
    program = script(people.keiran)

    def found(query: str) -> set[str]:
        return {row["name"] for row in program.get(f"/api/clients?{query}").json()["items"]}

    assert found("q=BIKE") == {"Halden Bikes"}
    assert found("q=haldenbikes.test") == {"Halden Bikes"}
    assert found("lead=Sam@northwind.test") == {"Lumen Legal"}
    tier = ClientPlan.objects.get(client=people.halden).tier
    assert "Halden Bikes" in found(f"tier={tier}")
    assert found("stage=ended") == set()
    first = program.get("/api/clients?sort=-spend").json()["items"][0]
    assert (first["name"], first["monthly_spend"], first["lead"]) == (
        "Halden Bikes",
        "3000.00",
        "jody@northwind.test",
    )


def test_what_one_does_not_see_is_not_there(people: cast.Cast) -> None:
    sam = script(people.sam)
    everything = "".join(
        json.dumps(sam.get(path).json())
        for path in (
            "/api/clients?stage=all",
            "/api/commitments?from=2026-11-01&to=2027-02-28&limit=500",
            "/api/today",
        )
    )
    assert "Halden Bikes" in everything and "Orbit" not in everything
    for part in ("", "/contacts", "/engagements", "/timeline", "/plan"):
        assert sam.get(f"/api/clients/orbit-dental{part}").status_code == 404
    assert sam.get("/api/commitments/orbit-dental-1.call.2026-11.1").status_code == 404


def test_commitments_are_the_command_lines_own(people: cast.Cast, capsys: pytest.CaptureFixture[str]) -> None:
    rows = pages(script(people.keiran), "/api/commitments?from=2026-11-23&to=2026-12-20&limit=7")
    capsys.readouterr()
    _call(COMMANDS["commitments"], ["--from", "2026-11-23", "--to", "2026-12-20", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert sorted(rows, key=lambda row: row["id"]) == sorted(listed, key=lambda row: row["id"])
    assert len(rows) > 7


def test_a_timeline_is_one_stream_that_pages_by_key(people: cast.Cast) -> None:
    moments = [cast.NOW - dt.timedelta(hours=n // 2) for n in range(30)]
    Interaction.objects.bulk_create(
        Interaction(
            client=people.halden, at=at, channel=Channel.CALL, summary=f"Call {n}", made_at=at, source="t"
        )
        for n, at in enumerate(moments)
    )
    program = script(people.jody)
    stream = pages(program, "/api/clients/halden-bikes/timeline?limit=4")
    ids = [row["id"] for row in stream]
    assert len(set(ids)) == len(ids)
    assert sum(row["kind"] == "interaction" for row in stream) == 30
    events = Event.objects.filter(client_id=people.halden.pk)
    assert sum(row["kind"] == "event" for row in stream) == events.count() > 3
    times = [row["at"] for row in stream]
    assert times == sorted(times, reverse=True)


def test_a_merged_clients_past_is_in_the_timeline_of_the_one_it_became(people: cast.Cast) -> None:
    book.merge_clients(people.halden, people.fernhill, by=cast.SYSTEM)
    program = script(people.keiran)
    assert program.get("/api/clients/fernhill-schools").status_code == 404
    verbs = [row["verb"] for row in pages(program, "/api/clients/fernhill-schools/timeline")]
    assert verbs.count("client.added") == 2


def test_today_is_overdue_due_and_waiting(people: cast.Cast) -> None:
    made = [
        keeping.promise(people.halden, title, by=people.jody.actor, owner=people.jody, due_on=cast.NOW.date())
        for title in ("Due", "Waits")
    ]
    keeping.wait_on_client(made[1], by=people.jody.actor)
    found = script(people.jody).get("/api/today").json()
    assert (found["date"], found["zone"]) == ("2026-11-24", "Europe/London")
    assert "Due" in [row["title"] for row in found["today"]]
    assert [row["title"] for row in found["waiting"]] == ["Waits"]
    assert found["overdue"] == []


def test_as_many_queries_in_a_large_book(people: cast.Cast) -> None:
    program = script(people.jody)
    paths = (
        "/api/clients",
        "/api/clients/halden-bikes",
        "/api/clients/halden-bikes/timeline",
        "/api/today",
        "/api/commitments?from=2026-11-23&to=2026-12-20",
    )
    program.get("/api/members")  # the token's first use is written down
    counts: list[list[int]] = []
    for size in (20, 400):
        made = Client.objects.bulk_create(
            Client(ref=f"c{size}-{n}", name=f"Client {n}", made_at=cast.NOW) for n in range(size)
        )
        Access.objects.bulk_create(Access(member=people.jody, client=client) for client in made)
        counts.append([])
        for path in paths:
            with CaptureQueriesContext(connection) as asked:
                assert program.get(path).status_code == 200
            counts[-1].append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] == [3, 6, 5, 5, 3]


def test_a_timeline_answers_what_is_asked_for(people: cast.Cast) -> None:
    maya = Contact.objects.get(name="Maya Lind")
    for channel, summary in ((Channel.CALL, "Leads in Málaga"), (Channel.NOTE, "Leads worry us")):
        log_interaction(
            people.halden, channel, by=people.jody.actor, at=cast.NOW, contact=maya, summary=summary
        )
    program = script(people.jody)

    def found(query: str) -> list[str]:
        page = program.get(f"/api/clients/halden-bikes/timeline?{query}").json()
        assert page["capped"] is False
        return sorted(row.get("summary") or row["verb"] for row in page["items"])

    assert found("q=malaga") == ["Leads in Málaga"]
    assert found("q=LEADS") == ["Leads in Málaga", "Leads worry us"]
    assert found("q=leads+w&visible=internal") == ["Leads worry us"]
    assert found("visible=client") == ["Leads in Málaga", "engagement.begun"]
    assert found("channel=call") == ["Leads in Málaga"]
    assert found("person=MAYA@haldenbikes.test&kind=people") == ["contact.added"]
    assert found("person=jody@northwind.test&q=leads&channel=note") == []  # they wrote it down, had no part
    assert found("kind=money") == ["engagement.begun"]
    internal = program.get("/api/clients/halden-bikes/timeline?channel=note").json()["items"][0]
    assert (internal["visible"], internal["kind"]) == ("internal", "interaction")
    for query, field in (("kind=x", "kind"), ("channel=x", "channel"), ("visible=x", "visible")):
        answered = program.get(f"/api/clients/halden-bikes/timeline?{query}")
        assert (answered.status_code, answered.json()["field"]) == (422, field)
    unknown = program.get("/api/clients/halden-bikes/timeline?person=nobody@x.test")
    assert (unknown.status_code, unknown.json()["field"]) == (422, "person")

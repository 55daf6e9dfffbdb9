"""Handovers, goals and their words for programs."""

from __future__ import annotations

from steadyhand.onboarding.goals import hear_success
from steadyhand.people.roles import Role
from tests import cast
from tests.api.conftest import script
from tests.onboarding.test_winning import prospect, won


def test_a_path_and_the_list_of_those_under_way(people: cast.Cast) -> None:
    ana = cast.joined("Ana Costa", Role.NEW_BUSINESS)
    won(prospect()[0], ana, people.jody)
    program = script(people.jody, "read")
    found = program.get("/api/clients/brightwater-spa/handover").json()
    assert (found["won_by"], found["lead"]) == (ana.email, people.jody.email)
    steps = {step["step"]: step for step in found["steps"]}
    assert steps["answer"] | {"since": ""} == {
        "step": "answer",
        "title": "Answer the good news",
        "done_at": None,
        "owner": ana.email,
        "due": "2026-11-24",
        "waits_on": "us",
        "who": "Ana Costa",
        "since": "",
        "late": False,
        "note": "draft",
    }
    assert found["clock"][0]["lap"] == "Won to introduced"
    assert program.get("/api/handovers").json() == [found]
    assert script(people.sam, "read").get("/api/handovers").json() == []
    assert program.get("/api/clients/halden-bikes/handover").status_code == 404


def test_a_vague_goal_is_refused_with_its_letters(people: cast.Cast) -> None:
    program = script(people.jody)
    refused = program.post("/api/clients/halden-bikes/goals", {"text": "Grow"}, "application/json")
    assert refused.status_code == 422 and "Measurable" in refused.json()["error"]
    sent = {"text": "Grow", "override": "Maya insists."}
    assert program.post("/api/clients/halden-bikes/goals", sent, "application/json").status_code == 201
    assert [row["text"] for row in program.get("/api/clients/halden-bikes/goals").json()] == ["Grow"]
    reader = script(people.jody, "read")
    assert reader.post("/api/clients/halden-bikes/goals", sent, "application/json").status_code == 403


def test_their_words_the_latest_first(people: cast.Cast) -> None:
    hear_success(people.halden, "A full order book.", by=people.jody.actor)
    program = script(people.jody)
    program.post("/api/clients/halden-bikes/success", {"words": "Half from trade."}, "application/json")
    rows = program.get("/api/clients/halden-bikes/success").json()
    assert [row["words"] for row in rows] == ["Half from trade.", "A full order book."]

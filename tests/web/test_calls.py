"""The page of a call: begun, written in by two, captured from, ended, opened again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.db.models import Model
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.care.models import Flag, Rating, RatingSkip
from steadyhand.clients.discovery import questions
from steadyhand.clients.expectations import library
from steadyhand.clients.models import Contact, Discovery, ExpectationSaid, PersonalDetail
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Action, Call, CallNote, Interaction, Message, OpenQuestion
from steadyhand.growth.models import Opportunity
from steadyhand.people.roles import Role
from tests.cast import NOW, Cast, build, joined, user_of
from tests.contracts.query_counts import pinned

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}
JSON = {"Accept": "application/json", "HX-Request": "true"}


@pytest.fixture
def cast() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


@pytest.fixture
def jody(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(user_of(cast.jody))
    return browser


@pytest.fixture
def call(cast: Cast, jody: Browser) -> Call:
    row = keeping.promise(
        cast.halden,
        "Weekly call",
        by=cast.jody.actor,
        owner=cast.jody,
        due_on=NOW.date(),
        due_time=dt.time(10),
        kind=Kind.CALL,
        minutes=30,
    )
    answer = jody.post("/calls/", {"commitment": row.pk})
    found = Call.objects.select_related("client", "contact").get()
    assert answer.url == f"/calls/{found.pk}/"
    return found


def test_begun_from_a_promise_with_whom_we_speak_to(call: Call, jody: Browser) -> None:
    assert call.contact is not None and call.contact.name == "Maya Lind"
    page = jody.get(f"/calls/{call.pk}/").content.decode()
    for said in (
        "Catch up",
        "The wider business",
        "Five ratings",
        "Results",
        "Ask",
        "Say",
        "Know",
        "End call",
    ):
        assert said in page


def test_notes_are_merged_and_read_back(call: Call, jody: Browser) -> None:
    url = f"/calls/{call.pk}/notes/"
    first = jody.post(url, {"part": "rapport", "text": "Lisbon", "revision": 0, "base": ""}, headers=JSON)
    assert first.json() == {"text": "Lisbon", "revision": 1}
    jody.post(url, {"part": "rapport", "text": "Leads", "revision": 0, "base": "", "page": "b"}, headers=JSON)
    assert jody.get(url).json()["parts"]["rapport"] == {"text": "Leads Lisbon", "revision": 2}
    plain = jody.post(url, {"part": "strategy", "text": "Right", "revision": "x"})
    assert plain.url == f"/calls/{call.pk}/#part-strategy"
    assert CallNote.objects.get(part="strategy").text == "Right"


CAPTURES: list[tuple[str, dict[str, str], type[Model]]] = [
    ("actions", {"text": "send the deck @sam fri"}, Action),
    ("questions", {"text": "why did leads dip?"}, OpenQuestion),
    ("flags", {"text": "Sign-off takes too long"}, Flag),
    ("opportunities", {"text": "A shop in Leeds", "kind": "cross_sell"}, Opportunity),
    ("details", {"text": "3 Dec", "kind": "birthday", "contact": ""}, PersonalDetail),
    ("details", {"text": "back from Lisbon", "kind": "other", "contact": ""}, PersonalDetail),
    ("ratings", {"score_results": "2", "score_strategy": "5", "comment": "slow"}, Rating),
    ("ratings", {"reason": "They had to run"}, RatingSkip),
    ("answers", {"question": "", "text": "Ola does"}, Discovery),
    ("said", {"expectation": ""}, ExpectationSaid),
]


def test_captured_shown_and_taken_away(cast: Cast, call: Call, jody: Browser) -> None:
    first = {"question": questions()[0].key, "expectation": library()[0].key, "contact": str(call.contact_id)}
    for what, data, model in CAPTURES:
        sent = {name: value or first[name] for name, value in data.items()}
        answer = jody.post(f"/calls/{call.pk}/{what}/", sent, headers=HX)
        assert answer.status_code == 204, answer.content
        made = model._default_manager.latest("pk")
        assert "call-captured" in answer["HX-Trigger"]
        for part in ("captured", "ratings", "ask", "say", "know"):
            shown = jody.get(f"/calls/{call.pk}/", headers=HX | {"HX-Target": part})
            assert f'id="{part}"' in shown.content.decode()
        undone = jody.post(f"/calls/{call.pk}/{what}/{made.pk}/removal/", headers=HX)
        assert undone.status_code == 204, undone.content


def test_shorthand_says_whose_and_when(cast: Cast, call: Call, jody: Browser) -> None:
    jody.post(f"/calls/{call.pk}/actions/", {"text": "send the deck @sam fri", "owner": str(cast.jody.pk)})
    jody.post(f"/calls/{call.pk}/actions/", {"text": "@maya sends logins", "due_on": "2026-12-01"})
    jody.post(f"/calls/{call.pk}/actions/", {"text": "Book the room", "owner": "them"})
    ours, theirs, chosen = Action.objects.order_by("pk")
    assert (ours.text, ours.owner, ours.due_on) == ("send the deck", cast.sam, dt.date(2026, 11, 27))
    assert theirs.theirs and theirs.owner is None and theirs.due_on == dt.date(2026, 12, 1)
    assert chosen.theirs
    refused = jody.post(f"/calls/{call.pk}/actions/", {"text": "call @bob"}, headers=HX)
    assert refused.status_code == 409 and "Nobody here is called" in refused.content.decode()


def test_ended_with_a_draft_and_opened_again(cast: Cast, call: Call, jody: Browser) -> None:
    jody.post(f"/calls/{call.pk}/actions/", {"text": "send the deck"})
    action = Action.objects.get()
    assert "send the deck" in jody.get(f"/calls/{call.pk}/ending/").content.decode()
    sent = {
        "minutes": "25",
        "summary": "Leads are back",
        "follow_up": "on",
        f"owner_{action.pk}": str(cast.sam.pk),
        f"due_{action.pk}": "2026-11-27",
    }
    past = jody.post(f"/calls/{call.pk}/ending/", sent | {f"due_{action.pk}": "2026-11-02"})
    assert past.status_code == 422 and "is over" in past.content.decode()
    assert Call.objects.get().is_open
    for _ in range(2):
        jody.post(f"/calls/{call.pk}/ending/", sent)
    assert Interaction.objects.get().minutes == 25
    promised = Commitment.objects.get(about_type="comms.action")
    assert (promised.owner, promised.due_on) == (cast.sam, dt.date(2026, 11, 27))
    draft = Message.objects.get()
    assert "Sam: send the deck, by Friday 27 November 2026" in draft.text and "{{" not in draft.text
    over = jody.get(f"/calls/{call.pk}/").content.decode()
    assert "Open the follow-up draft" in over and "Leads are back" in over
    jody.post(f"/calls/{call.pk}/ending/removal/")
    assert Call.objects.get().is_open and not Interaction.objects.exists()
    promised.refresh_from_db()
    assert promised.state == State.WITHDRAWN


def test_a_finished_call_takes_no_more_notes(call: Call, jody: Browser) -> None:
    jody.post(f"/calls/{call.pk}/ending/", {"minutes": "5"})
    late = jody.post(f"/calls/{call.pk}/notes/", {"part": "rapport", "text": "late"}, headers=JSON)
    assert late.status_code == 409 and "ended meanwhile" in late.content.decode()
    assert jody.post(f"/calls/{call.pk}/flags/", {"text": "late"}, headers=HX).status_code == 409
    assert jody.get(f"/calls/{call.pk}/ending/").status_code == 302


def test_somebody_else_picks_up_and_a_recording_is_attached(call: Call, jody: Browser) -> None:
    ola = Contact.objects.get(name="Ola Brandt")
    jody.post(f"/calls/{call.pk}/contact/", {"contact": ola.pk})
    call.refresh_from_db()
    assert call.contact == ola
    refused = jody.post(f"/calls/{call.pk}/recording/", {"recording": "https://r.test/1"}, headers=HX)
    assert "who agreed" in refused.content.decode()
    jody.post(f"/calls/{call.pk}/recording/", {"recording": "https://r.test/1", "consent": "Ola"})
    call.refresh_from_db()
    assert call.recording == "https://r.test/1"


def test_the_page_makes_the_same_queries_however_much_is_captured(
    cast: Cast, call: Call, jody: Browser
) -> None:
    for number in range(6):
        for what in ("actions", "questions", "flags", "opportunities"):
            jody.post(f"/calls/{call.pk}/{what}/", {"text": f"{what} {number}"})
        if number in (0, 5):
            with CaptureQueriesContext(connection) as queries:
                assert jody.get(f"/calls/{call.pk}/").status_code == 200
            pinned("call", len(queries))
            with CaptureQueriesContext(connection) as queries:
                assert jody.get("/flags/").status_code == 200
            pinned("flags", len(queries))


def test_dropped_and_back(call: Call, jody: Browser) -> None:
    assert jody.post(f"/calls/{call.pk}/dropping/").url == "/clients/halden-bikes/"
    assert "opened by mistake" in jody.get(f"/calls/{call.pk}/").content.decode()
    jody.post(f"/calls/{call.pk}/dropping/removal/")
    assert Call.objects.get().is_open


def test_another_team_does_not_see_it(cast: Cast, call: Call) -> None:
    nils = Browser()
    nils.force_login(user_of(joined("Nils Berg", Role.EXECUTIVE)))
    for path in ("", "notes/", "ending/"):
        assert nils.get(f"/calls/{call.pk}/{path}").status_code == 404
    assert nils.post("/calls/", {"client": "halden-bikes"}).status_code == 404

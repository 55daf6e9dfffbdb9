"""One promise on the page: acts, their undo, refusals, who may, and why it is here."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client as Browser

from steadyhand.clients import team
from steadyhand.clients.models import Position
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.core.models import Event
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast as casting
from tests.cast import NOW, SYSTEM, Cast, user_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
ACTS = ("completion", "moves", "handover", "waiver", "wait")


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield casting.build()


@pytest.fixture
def row(world: Cast) -> Commitment:
    return keeping.promise(world.orbit, "Answer Priya", by=world.jody.actor, owner=world.jody, due_on=TODAY)


def browser_of(member: Member, **headers: str) -> Browser:
    browser = Browser(headers=headers)
    browser.force_login(user_of(member))
    return browser


def htmx_of(member: Member, target: str = "") -> Browser:
    return browser_of(member, **{"HX-Request": "true"} | ({"HX-Target": target} if target else {}))


def values(world: Cast, act: str) -> dict[str, str]:
    return {
        "moves": {"to_day": "2026-11-27", "time": "15:00"},
        "handover": {"to": str(world.sam.pk)},
        "waiver": {"reason": "They asked us not to"},
    }.get(act, {})


def triggered(answer: HttpResponse) -> dict[str, dict[str, str]]:
    return json.loads(answer["HX-Trigger"])


@pytest.mark.parametrize("act", ACTS)
def test_an_act_and_its_undo_by_htmx(world: Cast, row: Commitment, act: str) -> None:
    url = f"/commitments/{row.pk}/{act}/"
    before = Commitment.objects.values().get(pk=row.pk)
    events = Event.objects.count()
    answer = htmx_of(world.jody).post(url, values(world, act))
    assert answer.status_code == 204
    said = triggered(answer)
    assert said["toast"]["undo"] == url
    assert said["toast"]["method"] == "delete"
    assert {"promises-changed", "close-dialog"} <= set(said)
    assert Event.objects.count() == events + 1
    after = Commitment.objects.values().get(pk=row.pk)
    assert after != before
    undone = htmx_of(world.jody).delete(url)
    assert undone.status_code == 204
    assert "promises-changed" in triggered(undone)
    assert Event.objects.count() == events + 2
    now = Commitment.objects.values().get(pk=row.pk)
    kept = ("state", "owner_id", "due_on", "due_time", "due_at", "moved_from", "waiting_since", "period_ends")
    assert {name: now[name] for name in kept} == {name: before[name] for name in kept}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_without_javascript_goes_back_and_says_so(world: Cast, row: Commitment, act: str) -> None:
    browser = browser_of(world.jody)
    url = f"/commitments/{row.pk}/{act}/"
    assert browser.get(url).status_code == 200
    answer = browser.post(url, values(world, act) | {"next": "/?tab=week"}, follow=True)
    assert answer.redirect_chain == [("/?tab=week", 302)]
    assert "Answer Priya" in answer.content.decode().partition('id="toasts"')[2]


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_it_never_goes_back_to_another_site(world: Cast, row: Commitment, to: str) -> None:
    answer = browser_of(world.jody).post(f"/commitments/{row.pk}/completion/", {"next": to})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("act", ACTS)
def test_somebody_elses_client_is_not_there(world: Cast, row: Commitment, act: str) -> None:
    url = f"/commitments/{row.pk}/{act}/"
    stranger = browser_of(world.sam)
    for answer in (stranger.get(url), stranger.post(url, values(world, act)), stranger.delete(url)):
        assert answer.status_code == 404
    for page in ("", "why/"):
        assert stranger.get(f"/commitments/{row.pk}/{page}").status_code == 404
    assert Commitment.objects.get(pk=row.pk).state == State.OPEN


def test_who_only_reads_the_client_reads_the_promise_and_is_refused_the_act(
    world: Cast, row: Commitment
) -> None:
    reader = casting.joined("Rita Desk", Role.DELIVERABLE_MANAGER)
    team.assign(world.orbit, reader, Position.DELIVERY, by=SYSTEM)
    page = browser_of(reader).get(f"/commitments/{row.pk}/")
    assert page.status_code == 200
    assert b"completion/" not in page.content
    refused = htmx_of(reader).post(f"/commitments/{row.pk}/completion/")
    assert refused.status_code == 409
    assert "not on that account team" in refused.content.decode()
    assert refused["Content-Type"].startswith("text/plain")


def test_a_role_that_keeps_no_promises_is_told_so(world: Cast, row: Commitment) -> None:
    money = casting.joined("Fay Books", Role.FINANCE)
    assert browser_of(money).post(f"/commitments/{row.pk}/completion/").status_code == 403
    assert browser_of(money).get("/commitments/new/").status_code == 403


def test_a_waiver_without_a_reason_is_asked_again(world: Cast, row: Commitment) -> None:
    answer = htmx_of(world.jody, "sheet").post(f"/commitments/{row.pk}/waiver/", {"reason": " "})
    assert answer.status_code == 422
    assert b"act_reason_error" in answer.content
    assert b"<html" not in answer.content


def test_a_taken_hour_is_refused_at_the_field(world: Cast, row: Commitment) -> None:
    for title in ("first", "second"):
        keeping.promise(
            world.orbit,
            title,
            by=SYSTEM,
            owner=world.jody,
            due_on=dt.date(2026, 11, 27),
            due_time=dt.time(15) if title == "first" else None,
            kind=Kind.MEETING,
            minutes=60,
        )
    second = Commitment.objects.get(title="second")
    answer = htmx_of(world.jody, "sheet").post(
        f"/commitments/{second.pk}/moves/", {"to_day": "2026-11-27", "time": "15:30"}
    )
    assert answer.status_code == 422
    assert "from 15:00 to 16:00" in answer.content.decode()
    assert Commitment.objects.get(pk=second.pk).due_time is None


def test_done_twice_from_a_row_is_a_sentence(world: Cast, row: Commitment) -> None:
    browser = htmx_of(world.jody)
    browser.post(f"/commitments/{row.pk}/completion/")
    answer = browser.post(f"/commitments/{row.pk}/completion/")
    assert answer.status_code == 409
    assert "is done and cannot be marked as done" in answer.content.decode()


def test_nothing_to_undo_is_a_sentence_too(world: Cast, row: Commitment) -> None:
    for act in ACTS:
        assert htmx_of(world.jody).delete(f"/commitments/{row.pk}/{act}/").status_code == 409


def test_why_a_planned_promise_is_here(world: Cast) -> None:
    weekly = Commitment.objects.filter(client=world.halden, rule="call").first()
    assert weekly is not None
    keeping.move(weekly, weekly.due_on + dt.timedelta(days=1), by=world.jody.actor, reason="Maya is away")
    drawer = htmx_of(world.jody).get(f"/commitments/{weekly.pk}/why/").content.decode()
    assert "they spend £3,000 a month" in drawer
    assert 'href="/playbook/versions/framework/1/"' in drawer
    assert "Maya is away" in drawer


def test_why_a_promise_somebody_made_is_here(world: Cast, row: Commitment) -> None:
    page = browser_of(world.jody).get(f"/commitments/{row.pk}/").content.decode()
    assert "Jody Marsh promised it on Tue 24 Nov" in page


def test_a_promise_the_plan_would_not_ask_for_again_says_so(world: Cast) -> None:
    weekly = Commitment.objects.filter(client=world.halden, rule="call").first()
    assert weekly is not None
    Commitment.objects.filter(pk=weekly.pk).update(rule="sponsor-call", engagement=None, period="x")
    page = browser_of(world.jody).get(f"/commitments/{weekly.pk}/").content.decode()
    assert "would not ask again" in page


def test_the_whole_history_is_on_the_page(world: Cast, row: Commitment) -> None:
    keeping.move(row, dt.date(2026, 11, 27), by=world.jody.actor, reason="Priya is ill")
    keeping.hand_over(row, world.sam, by=world.keiran.actor)
    keeping.complete(row, by=world.sam.actor, note="rang her")
    page = browser_of(world.jody).get(f"/commitments/{row.pk}/").content.decode()
    told = [
        "Sam Okafor marked it as done",
        "rang her",
        "Keiran Reid handed it over to Sam Okafor",
        "Jody Marsh moved it from Tue 24 Nov to Fri 27 Nov",
        "Priya is ill",
        "Jody Marsh promised it",
    ]
    places = [page.rindex(words) for words in told]
    assert places == sorted(places)


def test_promising_something(world: Cast) -> None:
    browser = browser_of(world.jody)
    assert "Halden Bikes" in browser.get("/commitments/new/?client=halden-bikes").content.decode()
    form = {
        "title": "Send the figures",
        "client": "halden bikes",
        "due_on": "2026-11-26",
        "due_time": "",
        "kind": "action",
        "owner": str(world.sam.pk),
        "internal": "on",
    }
    answer = browser.post("/commitments/", form, follow=True)
    made = Commitment.objects.get(title="Send the figures")
    assert (made.client, made.owner, made.kind, made.internal) == (world.halden, world.sam, "action", True)
    assert "Promised: “Send the figures” by Thu 26 Nov" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"client": "Lumen Legal"}, "You see no client called"),
        ({"client": "nobody"}, "You see no client called"),
        ({"due_on": "2026-11-20"}, "is over"),
        ({"title": ""}, "required"),
    ],
)
def test_a_promise_that_cannot_be_made(world: Cast, wrong: dict[str, str], sentence: str) -> None:
    form = {"title": "Send", "due_on": "2026-11-26", "kind": "follow_up", "owner": str(world.jody.pk)} | wrong
    answer = browser_of(world.jody).post("/commitments/", form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Commitment.objects.filter(title="Send").exists()


def test_two_clients_of_one_name_are_told_apart(world: Cast) -> None:
    casting.retained("Orbit Dental", 500, lead=world.jody)
    browser = browser_of(world.jody)
    form = {"title": "Send", "due_on": "2026-11-26", "kind": "follow_up", "owner": str(world.jody.pk)}
    answer = browser.post("/commitments/", form | {"client": "Orbit Dental"}).content.decode()
    assert "orbit-dental-2" in answer
    browser.post("/commitments/", form | {"client": "orbit-dental-2"})
    made = Commitment.objects.select_related("client").get(title="Send")
    assert made.client is not None and made.client.ref == "orbit-dental-2"


def test_other_methods_are_refused(world: Cast, row: Commitment) -> None:
    browser = browser_of(world.jody)
    for url in (f"/commitments/{row.pk}/", f"/commitments/{row.pk}/why/"):
        assert browser.post(url).status_code == 405
    assert browser.put(f"/commitments/{row.pk}/completion/").status_code == 405
    assert browser.delete("/commitments/").status_code == 405


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_undone_without_javascript(world: Cast, row: Commitment, act: str) -> None:
    browser = browser_of(world.jody)
    before = (row.state, row.owner_id, row.due_on, row.waiting_since)
    page = browser.post(f"/commitments/{row.pk}/{act}/", values(world, act), follow=True).content.decode()
    undo = f"/commitments/{row.pk}/{act}/removal/"
    assert f'action="{undo}"' in page.partition('id="toasts"')[2]
    assert browser.get(undo).status_code == 405
    assert browser_of(casting.joined("Vera Lind", Role.MANAGER)).post(undo).status_code == 404
    answer = browser.post(undo, {"next": "/?tab=week"}, follow=True)
    assert answer.redirect_chain == [("/?tab=week", 302)]
    row.refresh_from_db()
    assert (row.state, row.owner_id, row.due_on, row.waiting_since) == before

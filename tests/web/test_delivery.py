"""Set-up, deliverables, glossary, introductions and strategies in the browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book, engagements, team
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Client, Contact, EngagementKind, Position
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.models import Message
from steadyhand.delivery import network, strategies
from steadyhand.delivery.deliverables import promise_deliverable
from steadyhand.delivery.glossary import hear_term
from steadyhand.delivery.introductions import note_need
from steadyhand.delivery.models import (
    Deliverable,
    Introduction,
    Showing,
    SignOff,
    Strategy,
    Task,
    Term,
    Timeline,
)
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(cast.user_of(member))
    return browser


def page(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def won(lead: Member, name: str = "Zinnia", starts_on: dt.date = TODAY) -> Client:
    client = book.add_client(name, by=SYSTEM)
    engagements.begin_engagement(
        client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        amount=Decimal(2000),
        currency="GBP",
        starts_on=starts_on,
        services=[ServiceLine("SEO"), ServiceLine("Paid search")],
    )
    team.assign(client, lead, Position.LEAD, by=SYSTEM)
    return client


def test_what_lacks_something_is_asked_for_in_one_click_and_seen_by_the_head(northwind: Cast) -> None:
    won(northwind.jody, starts_on=TODAY - dt.timedelta(days=9))
    won(northwind.sam, "Thistle")
    jody = browser_of(northwind.jody)
    shown = page(jody, "/set-up/")
    assert "Zinnia" in shown and "Thistle" not in shown
    assert "Day 10" in shown and "2 late" in shown and "no kickoff planned" in shown
    jody.post("/set-up/chasing/")
    asked = Commitment.objects.filter(about_type="delivery.servicesetup")
    assert {row.owner for row in asked} == {northwind.jody} and asked.count() == 2
    assert "Ask for all" not in page(jody, "/set-up/")
    shown = page(browser_of(northwind.keiran), "/set-up/")
    assert "Zinnia" in shown and "Thistle" in shown and "asked Jody Marsh" in shown
    assert "Thistle" not in page(jody, "/set-up/?of=mine")


def test_a_kickoff_later_than_the_fifth_day_is_warned_of(northwind: Cast) -> None:
    client = won(northwind.jody)
    plan_meeting(
        client,
        "Kickoff",
        by=SYSTEM,
        day=TODAY + dt.timedelta(days=6),
        time=dt.time(10),
        led_by=northwind.jody,
        agenda_key="client-kickoff",
    )
    assert "day 7, later than the fifth" in page(browser_of(northwind.jody), f"/clients/{client.ref}/set-up/")


def test_a_service_is_set_up_from_the_clients_page(northwind: Cast) -> None:
    ben = cast.joined("Ben Ash", Role.DELIVERABLE_MANAGER)
    client = won(northwind.jody)
    seo = client.setups.all()[0]
    browser, here = browser_of(northwind.jody), f"/set-up/{seo.pk}"
    refused = browser.post(f"{here}/plan/", {"manager": ben.pk, "starts_on": "2026-12-20", "reason": ""})
    assert refused.status_code == 422 and "Start it by then" in refused.content.decode()
    browser.post(f"{here}/plan/", {"manager": ben.pk, "starts_on": "2026-11-26", "reason": ""})
    browser.post(f"{here}/tasks/", {"title": "Read the statistics", "due_on": "2026-11-25"})
    task = Task.objects.get()
    browser.post(f"/tasks/{task.pk}/completion/")
    browser.post(f"{here}/contacts/", {"note": "Ben begins on Thursday"})
    shown = page(browser, f"/clients/{client.ref}/set-up/")
    assert "1 of 1 done" in shown and "Ben begins on Thursday" in shown and "to be confirmed" in shown
    assert "to be confirmed" in page(browser_of(ben), f"/clients/{client.ref}/set-up/")
    browser.post(f"{here}/confirmation/")
    seo.refresh_from_db()
    assert seo.confirmed_by == "Jody Marsh"
    browser.post(f"{here}/confirmation/removal/")
    browser.post(f"/tasks/{task.pk}/completion/removal/")
    browser.post(f"/tasks/{task.pk}/removal/")
    assert not Task.objects.exists()
    assert browser.get(f"{here}/").url.endswith(f"/clients/{client.ref}/set-up/#setup-{seo.pk}")  # type: ignore[attr-defined]


def test_a_timeline_is_asked_given_and_promised(northwind: Cast) -> None:
    ben = cast.joined("Ben Ash", Role.DELIVERABLE_MANAGER)
    jody = browser_of(northwind.jody)
    assert (
        jody.post("/timelines/new/", {"client": "Halden Bikes"}).url == "/timelines/new/?client=halden-bikes"
    )  # type: ignore[attr-defined]
    sent = {"title": "SEO audit", "asked_of": ben.pk, "ready_on": "", "note": ""}
    jody.post("/timelines/new/?client=halden-bikes", sent)
    row = Timeline.objects.get()
    assert "Waiting for a timeline" in page(jody, "/deliverables/")
    browser_of(ben).post(f"/timelines/{row.pk}/", {"ready_on": "2026-12-09", "note": ""})
    form = page(jody, f"/deliverables/new/?client=halden-bikes&timeline={row.pk}")
    assert "SEO audit: 9 Dec 2026, said Ben Ash" in form
    sent = {"title": "SEO audit", "timeline": row.pk, "due_on": "2026-12-08", "reason": ""}
    refused = jody.post("/deliverables/new/?client=halden-bikes", sent)
    assert refused.status_code == 422 and "not before" in refused.content.decode()
    jody.post("/deliverables/new/?client=halden-bikes", sent | {"due_on": "2026-12-10"})
    made = Deliverable.objects.get()
    here = f"/deliverables/{made.pk}/"
    assert "internal" in page(jody, here) and "It rests on the word of Ben Ash" in page(jody, here)
    jody.post(f"{here}sharing/")
    jody.post(f"{here}moves/", {"to_day": "2026-12-14", "reason": "No access yet."})
    shown = page(jody, here)
    assert "No access yet." in shown and "the client sees it" in shown
    jody.post(f"{here}sharing/removal/")
    jody.post(f"{here}delivery/", {"on": "2026-11-24", "note": ""})
    assert "they have it since" in page(jody, "/deliverables/?state=delivered")
    jody.post(f"{here}delivery/removal/")
    jody.post(f"{here}dropping/", {"reason": "They sold the shop."})
    assert "They sold the shop." in page(jody, "/deliverables/?state=dropped")
    jody.post(f"{here}restoration/")
    made.refresh_from_db()
    assert made.dropped_at is None and made.commitment and made.commitment.state == State.OPEN


def test_how_often_the_first_date_was_kept(northwind: Cast) -> None:
    with time_machine.travel(NOW - dt.timedelta(days=30), tick=False):
        for number in range(3):
            promise_deliverable(
                northwind.halden,
                f"Report {number}",
                due_on=TODAY - dt.timedelta(days=20),
                by=northwind.jody.actor,
                reason="As every month.",
            )
        done = Deliverable.objects.all()[0]
        browser = browser_of(northwind.jody)
        browser.post(
            f"/deliverables/{done.pk}/delivery/", {"on": str(TODAY - dt.timedelta(days=30)), "note": ""}
        )
    shown = page(browser_of(northwind.jody), "/clients/halden-bikes/delivery/")
    assert "1 of 3 due in the last three months" in shown


def test_a_word_is_asked_and_explained(northwind: Cast) -> None:
    keiran, jody = browser_of(northwind.keiran), browser_of(northwind.jody)
    keiran.post("/glossary/channels/seo/lead/", {"member": northwind.sam.pk})
    jody.post("/glossary/new/", {"word": "crawl budget", "channel": "seo", "client": "Orbit Dental"})
    term = Term.objects.get()
    assert term.asked_of == northwind.sam and term.client == northwind.orbit
    sam = browser_of(northwind.sam)
    assert "crawl budget" in page(sam, "/glossary/")
    sam.post(f"/glossary/{term.pk}/", {"explanation": "What they bother to read.", "channel": "seo"})
    found = page(jody, "/glossary/?q=bother")
    assert "crawl budget" in found and "Paid search" not in found.split("<main")[1]
    assert "3 to 4 weeks from access" in page(jody, "/glossary/?q=audit")
    assert jody.post("/glossary/channels/seo/lead/", {"member": ""}).status_code == 403
    jody.post(f"/glossary/{term.pk}/removal/")
    assert "crawl budget" not in page(jody, "/glossary/?q=bother").split("placeholder")[1]


def test_a_word_heard_at_a_client_one_does_not_see_is_not_there(northwind: Cast) -> None:
    term = hear_term("Orbit's own word", by=northwind.jody.actor, client=northwind.orbit)
    sam = browser_of(northwind.sam)
    assert "own word" not in page(sam, "/glossary/") and sam.get(f"/glossary/{term.pk}/").status_code == 404


def test_an_introduction_from_need_to_outcome(northwind: Cast) -> None:
    jody = browser_of(northwind.jody)
    jody.post("/network/new/", {"name": "Press & Fold", "trade": "Printing"})
    partner = network.Partner.objects.get()
    jody.post("/introductions/new/?client=halden-bikes", {"need": "Catalogues printed"})
    row = Introduction.objects.get()
    jody.post(f"/introductions/{row.pk}/making/", {"partner": partner.pk})
    assert "Asking</a> is promised" in page(jody, f"/introductions/{row.pk}/")
    jody.post(f"/introductions/{row.pk}/outcome/", {"outcome": "working", "note": "Two years."})
    assert "they work together" in page(jody, "/introductions/?state=closed")
    assert "Halden Bikes" in page(jody, f"/network/{partner.pk}/")
    jody.post(f"/network/{partner.pk}/", {"name": "Press & Fold", "trade": "Print"})
    jody.post(f"/network/{partner.pk}/retirement/")
    assert "no longer recommend" in page(jody, f"/network/{partner.pk}/")
    jody.post(f"/network/{partner.pk}/restoration/")
    other = note_need(northwind.halden, "A lawyer", by=northwind.jody.actor)
    jody.post(f"/introductions/{other.pk}/dropping/", {"reason": "They found one."})
    assert "They found one." in page(jody, f"/introductions/{other.pk}/")


def test_a_strategy_is_written_shown_tested_and_presented(northwind: Cast) -> None:
    jody, here = browser_of(northwind.jody), "/clients/halden-bikes/strategy/"
    assert "Write the strategy" in page(jody, here)
    sent = {"text": "Win the commuters.", "business": "Two shops by 2028.", "owner": northwind.jody.pk}
    jody.post(f"{here}text/", sent)
    jody.post(f"{here}versions/1/showing/", {"showing": "first_view"})
    jody.post(f"{here}text/", sent | {"text": "Win the families."})
    changed = page(jody, f"{here}versions/2/")
    assert "<del>commuters</del><ins>families</ins>" in changed
    jody.post(f"{here}versions/2/presenting/")
    jody.post(f"{here}review/", {"on": "2027-02-01"})
    jody.post(f"{here}tests/", {"still_right": "no", "note": "", "next_on": ""})
    jody.post(f"{here}tests/", {"still_right": "yes", "note": "Holds.", "next_on": "2027-03-01"})
    shown = page(jody, here)
    assert "Still right: Holds." in shown and "Presented to everybody" in shown and "internal" in shown
    strategy = Strategy.objects.get()
    assert strategy.review_on == dt.date(2027, 3, 1)
    assert jody.get(f"/strategies/{strategy.pk}/").url == here  # type: ignore[attr-defined]
    assert browser_of(northwind.sam).get("/clients/orbit-dental/strategy/").status_code == 404


def test_who_writes_at_the_same_time_sees_both(northwind: Cast) -> None:
    first = strategies.write_strategy(northwind.halden, "Mine.", by=northwind.jody.actor)
    with time_machine.travel(NOW + dt.timedelta(minutes=5), tick=False):
        strategies.write_strategy(northwind.halden, "Theirs.", by=northwind.sam.actor)
        answer = browser_of(northwind.jody).post(
            "/clients/halden-bikes/strategy/text/",
            {"text": "Mine, better.", "owner": northwind.jody.pk, "seen": first.changed_at.isoformat()},
        )
    said = answer.content.decode()
    assert answer.status_code == 422 and "Theirs." in said and "Mine, better." in said


def test_the_client_reads_comments_and_signs_off_by_a_link(northwind: Cast) -> None:
    maya = Contact.objects.get(name="Maya Lind")
    version = strategies.write_strategy(northwind.halden, "Win the commuters.", by=northwind.jody.actor)
    staff = browser_of(northwind.jody)
    visitor = Browser()
    pk = version.strategy_id
    path = issue_link(maya, "strategy", pk, by=northwind.jody.actor)[1]
    assert visitor.get(path, follow=True).status_code == 404, "nothing is shared yet"
    strategies.show_version(version, Showing.FIRST_VIEW, by=northwind.jody.actor)
    answer = visitor.get(path, follow=True)
    assert answer.redirect_chain[-1][0] == f"/portal/strategies/{pk}/"
    assert "Win the commuters." in answer.content.decode() and b"Sign off version" not in answer.content
    assert len(answer.content) < 100_000
    visitor.post(f"/portal/strategies/{pk}/comments/", {"version": 1, "text": "And the racers?"})
    refused = visitor.post(f"/portal/strategies/{pk}/sign-off/", {"version": 1})
    assert refused.status_code == 422 and "This is a first view" in refused.content.decode()
    assert "And the racers?" in page(staff, "/clients/halden-bikes/strategy/")
    staff.post("/clients/halden-bikes/strategy/versions/1/showing/", {"showing": "final"})
    assert "Sign off version 1 as Maya Lind" in page(visitor, f"/portal/strategies/{pk}/")
    visitor.post(f"/portal/strategies/{pk}/sign-off/", {"version": 1})
    assert SignOff.objects.get().contact == maya
    assert "Signed off by Maya Lind" in page(visitor, f"/portal/strategies/{pk}/")
    made = staff.post("/clients/halden-bikes/strategy/links/", {"contact": maya.pk}).content.decode()
    assert "http://testserver/portal/open/" in made
    written = staff.post("/clients/halden-bikes/strategy/links/", {"contact": maya.pk, "letter": "1"})
    mail = Message.objects.get(state="draft", about_type="delivery.strategy", about_id=pk)
    assert written["Location"] == f"/messages/{mail.pk}/"
    assert mail.subject == "Our strategy for Halden Bikes", "it is signed off already"
    assert "/portal/open/" in mail.text
    stranger = Browser()
    assert stranger.get(f"/portal/strategies/{pk}/").status_code == 404

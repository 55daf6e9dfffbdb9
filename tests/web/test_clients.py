"""The list of clients, the page of one, and what one does there: works, refuses, role, other team."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.clients import book, team
from steadyhand.clients.models import Assignment, Client, Engagement, Position, Stage
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel
from steadyhand.core.models import Event
from steadyhand.people.models import Member, SavedView
from tests.cast import NOW, SYSTEM, Cast, build, retained, user_of

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield build()


@pytest.fixture
def planning(django_capture_on_commit_callbacks):
    """Let what happens after a commit happen, as it does outside of tests."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def as_(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(user_of(member))
    return browser


def text(answer: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


def undo_of(answer: object) -> str:
    """The address in the Undo of the page one came to."""
    found = re.findall(r'class="act" action="([^"]*undoing/[^"]+)"', answer.content.decode())  # type: ignore[attr-defined]
    assert found, "no undo on the page"
    return found[-1]


# --- the list


def test_the_list_shows_what_one_may_see(cast: Cast):
    page = text(as_(cast.keiran).get("/clients/"))
    for name in ("Halden Bikes", "Orbit Dental", "Lumen Legal", "Fernhill Schools", "£3,000", "4 clients"):
        assert name in page
    page = text(as_(cast.sam).get("/clients/"))
    assert "Halden Bikes" in page and "Lumen Legal" in page
    assert "Orbit Dental" not in page and "2 clients" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=hald", ["Halden Bikes"]),
        ("q=haldenbikes.test", ["Halden Bikes"]),
        ("tier=4", ["Lumen Legal", "Orbit Dental", "Quarry Tools"]),
        ("lead=none", ["Quarry Tools"]),
        ("service=paid+search", ["Lumen Legal"]),
        ("stage=ended", ["Gone Ltd"]),
        ("country=DE", []),
        ("plan=bespoke", []),
        ("plan=needs_rate", ["Quarry Tools"]),
        ("sort=spend", ["Halden Bikes", "Lumen Legal", "Orbit Dental", "Fernhill Schools", "Quarry Tools"]),
        ("sort=-name", ["Quarry Tools", "Orbit Dental", "Lumen Legal", "Halden Bikes", "Fernhill Schools"]),
        ("q=%00%27&tier=x&sort=nonsense&after=rubbish", []),
    ],
)
def test_search_filters_and_order(cast: Cast, query: str, names: list[str]):
    retained("Quarry Tools", 100, lead=None, currency="CHF")
    gone = retained("Gone Ltd", 500, lead=cast.jody)
    book.end_client(gone, on=TODAY, reason="Sold", by=SYSTEM)
    plan_book()
    page = as_(cast.keiran).get(f"/clients/?{query}")
    assert re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)', page.content.decode()) == names


@pytest.mark.parametrize("sort", ["name", "-name", "spend", "-spend", "tier", "since", "-since"])
def test_pages_by_key_show_every_client_once(cast: Cast, sort: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("steadyhand.desk.client_list.PAGE", 2)
    book.add_client("Zeta", by=SYSTEM)  # nothing planned, no day it began
    book.add_client("Zeta", by=SYSTEM)
    browser, address, seen = as_(cast.keiran), f"/clients/?sort={sort}", []
    for _ in range(10):
        page = browser.get(address).content.decode()
        seen += re.findall(r'<th scope="row"><a href="([^"]+)"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if not older:
            break
        address = older.group(1).replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 6


def test_an_empty_list_says_what_goes_there(cast: Cast):
    Client.objects.all().delete()
    assert "Bring them from HubSpot" in text(as_(cast.keiran).get("/clients/"))
    assert "account team you are on" in text(as_(cast.sam).get("/clients/"))
    assert "No client fits" in text(as_(cast.keiran).get("/clients/?q=nobody"))


def test_the_same_number_of_queries_with_more_clients(cast: Cast):
    browser = as_(cast.keiran)
    browser.get("/clients/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/clients/")
    for number in range(20):
        retained(f"Client {number}", 1000 + number, lead=cast.jody)
    with CaptureQueriesContext(connection) as many:
        browser.get("/clients/")
    assert len(few) == len(many)
    assert len(many) <= 14


def test_picked_clients_are_handed_over_in_one_go_and_back(cast: Cast):
    browser = as_(cast.keiran)
    picked = [cast.orbit.pk, cast.fernhill.pk]
    answer = browser.post(
        "/clients/team/", {"pick": picked, "member": cast.sam.pk, "position": "lead", "query": "tier=4"}
    )
    assert answer["Location"] == "/clients/?tier=4"
    leads = Assignment.objects.filter(client__in=picked, position=Position.LEAD, until=None)
    assert set(leads.values_list("member", flat=True)) == {cast.sam.pk}
    assert Event.objects.filter(verb="client.team_changed").latest("id").batch is not None
    page = browser.get("/clients/")
    assert "Sam Okafor now leads 2 clients." in text(page)
    browser.post(undo_of(page))
    leads = Assignment.objects.filter(client__in=picked, position=Position.LEAD, until=None)
    assert set(leads.values_list("member", flat=True)) == {cast.jody.pk}


def test_a_bulk_act_needs_clients_somebody_and_the_role(cast: Cast):
    browser = as_(cast.keiran)
    answer = browser.post("/clients/team/", {"member": cast.sam.pk, "position": "lead"})
    assert "No client is picked" in text(answer)
    answer = browser.post("/clients/team/", {"pick": [cast.orbit.pk], "position": "lead"})
    assert "Nobody is chosen" in text(answer)
    data = {"pick": [cast.orbit.pk], "member": cast.sam.pk, "position": "lead"}
    assert as_(cast.jody).post("/clients/team/", data).status_code == 403
    assert not Assignment.objects.filter(client=cast.orbit, member=cast.sam).exists()


# --- saved views


def test_a_view_is_kept_shared_opened_and_forgotten(cast: Cast):
    browser = as_(cast.keiran)
    browser.post("/views/clients/", {"name": "Small", "query": "tier=4", "shared": "1", "opens": "1"})
    assert browser.get("/clients/")["Location"] == "/clients/?tier=4"
    page = text(browser.get("/clients/?tier=4"))
    assert "Small" in page and "not saved" not in page
    assert "not saved as a view" in text(browser.get("/clients/?tier=2"))
    jody = as_(cast.jody)
    assert "Small" in text(jody.get("/clients/"))
    view = SavedView.objects.get()
    assert "belongs to Keiran" in text(jody.post(f"/views/clients/{view.pk}/removal/"))
    browser.post(f"/views/clients/{view.pk}/removal/")
    assert not SavedView.objects.exists()


def test_a_private_view_is_nobody_elses(cast: Cast):
    as_(cast.keiran).post("/views/clients/", {"name": "Canary", "query": "tier=4"})
    jody = as_(cast.jody)
    assert "Canary" not in text(jody.get("/clients/"))
    assert jody.post(f"/views/clients/{SavedView.objects.get().pk}/removal/").status_code == 404


# --- one client


def test_the_page_of_a_client(cast: Cast):
    log_interaction(
        cast.halden,
        Channel.CALL,
        by=SYSTEM,
        at=NOW - dt.timedelta(days=1),
        minutes=25,
        summary="October leads",
    )
    page = text(as_(cast.jody).get("/clients/halden-bikes/"))
    for words in (
        "retainer £3,000 a month",
        "with us since March 2024",
        "Weekly call",
        "Jody Marsh lead",
        "Keiran Reid executive sponsor",
        "Maya Lind",
        "Call, 25 min",
        "October leads",
        "Call time in November",
        "25 m of",
        "Band £1,500 to £3,000",
        "Read the brief",
    ):
        assert words in page, words


def test_somebody_elses_client_is_not_there(cast: Cast):
    browser = as_(cast.sam)
    for part in ("", "timeline/", "details/", "contacts/", "engagements/new/"):
        assert browser.get(f"/clients/orbit-dental/{part}").status_code == 404, part
    pk = cast.orbit.engagements.get().pk
    assert browser.post(f"/clients/orbit-dental/engagements/{pk}/spend/", {"amount": "1"}).status_code == 404


def test_who_only_delivers_reads_and_changes_nothing(cast: Cast):
    team.assign(cast.orbit, cast.sam, Position.DELIVERY, by=SYSTEM)
    browser = as_(cast.sam)
    assert browser.get("/clients/orbit-dental/").status_code == 200
    answer = browser.post("/clients/orbit-dental/contacts/", {"name": "Priya"})
    assert "to read only" in text(answer)
    assert not cast.orbit.contacts.exists()


def test_calls_beyond_the_allowance_are_said(cast: Cast):
    log_interaction(cast.halden, Channel.CALL, by=SYSTEM, at=NOW, minutes=118, summary="Long one")
    assert "exceed what their spend buys" in text(as_(cast.jody).get("/clients/halden-bikes/"))


def test_a_client_without_a_rate_says_so(cast: Cast):
    retained("Quarry Tools", 100, lead=cast.jody, currency="CHF")
    plan_book()
    page = as_(cast.jody).get("/clients/quarry-tools/")
    assert "no rate for it" in text(page) and "Ask an administrator" in text(page)


# --- changing it


def test_adding_a_client_leads_on_to_what_they_buy_and_plans_it(cast: Cast, planning):
    browser = as_(cast.jody)
    new = {
        "name": "Quarry Tools",
        "domain": "",
        "lead": cast.jody.pk,
        "country": "GB",
        "zone": "Europe/London",
    }
    answer = browser.post("/clients/new/", new)
    assert answer["Location"] == "/clients/quarry-tools/engagements/new/"
    bought = {"kind": "retainer", "amount": "£2,000", "currency": "GBP", "starts_on": "2026-11-01"}
    with planning():
        answer = browser.post(answer["Location"], bought | {"services": "SEO\nPaid search\nSEO"})
    assert answer["Location"] == "/clients/quarry-tools/plan/"
    engagement = Engagement.objects.get(client__ref="quarry-tools")
    assert [s.name for s in engagement.services.all()] == ["SEO", "Paid search"]
    assert Commitment.objects.filter(client=engagement.client, rule="call").exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": " "}, "required"),
        ({"domain": "haldenbikes.test"}, "Halden Bikes already has the domain"),
        ({"zone": "Mars/Olympus"}, "valid choice"),
    ],
)
def test_a_client_that_cannot_be_is_refused_at_its_field(cast: Cast, changed: dict[str, str], says: str):
    new = {"name": "Quarry", "domain": "", "lead": "", "country": "GB", "zone": "Europe/London"} | changed
    answer = as_(cast.jody).post("/clients/new/", new)
    assert answer.status_code == 422 and says in text(answer)
    assert not Client.objects.filter(name="Quarry").exists()


def details(client: Client, **changed: str) -> dict[str, str]:
    names = ("name", "domain", "industry", "phone", "website", "country", "subdivision", "zone")
    more = ("lift", "propensity", "business", "goals")
    return {name: str(getattr(client, name)) for name in names + more} | {"since": "2024-03-01"} | changed


def test_details_change_and_are_taken_back(cast: Cast):
    browser = as_(cast.jody)
    browser.post("/clients/halden-bikes/details/", details(cast.halden, industry="Cycling", goals="Grow"))
    cast.halden.refresh_from_db()
    assert (cast.halden.industry, cast.halden.goals) == ("Cycling", "Grow")
    browser.post(undo_of(browser.get("/clients/halden-bikes/details/")))
    cast.halden.refresh_from_db()
    assert (cast.halden.industry, cast.halden.goals) == ("", "")


def test_contacts_are_added_changed_and_leave(cast: Cast):
    browser, here = as_(cast.jody), "/clients/halden-bikes/contacts/"
    assert browser.post(here, {"name": "Finn", "email": "finn@haldenbikes.test"}).status_code == 302
    assert browser.post(here, {"name": "F", "email": "finn@haldenbikes.test"}).status_code == 422
    finn = cast.halden.contacts.get(name="Finn")
    browser.post(f"{here}{finn.pk}/", {"name": "Finn H", "email": "finn@haldenbikes.test", "decides": "on"})
    finn.refresh_from_db()
    assert (finn.name, finn.decides) == ("Finn H", True)
    browser.post(f"{here}{finn.pk}/departure/")
    finn.refresh_from_db()
    assert finn.left_on == TODAY
    browser.post(undo_of(browser.get(here)))
    finn.refresh_from_db()
    assert finn.left_on is None
    priya = book.add_contact(cast.lumen, "Priya", by=SYSTEM)
    assert browser.get(f"{here}{priya.pk}/").status_code == 404


def test_an_engagement_changes_and_the_plan_follows_and_back(cast: Cast, planning):
    engagement = cast.halden.engagements.get()
    browser, here = as_(cast.jody), f"/clients/halden-bikes/engagements/{engagement.pk}/"
    open_calls = Commitment.objects.filter(client=cast.halden, rule="call", state="open")
    weekly = open_calls.count()

    def calls_after(address: str, **data: str) -> int:
        with planning():
            browser.post(address, data)
        return open_calls.count()

    assert calls_after(f"{here}spend/", amount="900", currency="GBP", reason="Cut") < weekly
    assert calls_after(undo_of(browser.get(here))) == weekly
    assert calls_after(f"{here}pause/", from_day="2026-11-25") == 0
    assert "paused from" in text(browser.get(here))
    assert calls_after(f"{here}resumption/") == weekly
    assert 0 < calls_after(f"{here}end/", on="2026-12-10") < weekly
    browser.post(f"{here}services/", {"service": "Content"})
    assert engagement.services.filter(name="Content").exists()


@pytest.mark.parametrize(
    ("what", "data", "says"),
    [
        ("spend", {"amount": "-5", "currency": "GBP"}, "below zero"),
        ("spend", {"amount": "lots", "currency": "GBP"}, "not an amount"),
        ("dates", {"title": "SEO", "starts_on": "2026-01-01", "end": "2025-01-01"}, "before it starts"),
        ("pause", {"from_day": "2026-12-01", "to_day": "2026-11-01"}, "ends before"),
        ("end", {"on": "2020-01-01"}, "before it starts"),
        ("services", {"service": "SEO"}, "already contains"),
    ],
)
def test_what_an_engagement_cannot_be_is_said_at_its_field(cast: Cast, what: str, data: dict, says: str):
    here = f"/clients/halden-bikes/engagements/{cast.halden.engagements.get().pk}/"
    before = Event.objects.count()
    answer = as_(cast.jody).post(f"{here}{what}/", data)
    assert answer.status_code == 422 and says in text(answer)
    assert Event.objects.count() == before


def test_the_account_team_changes_on_the_page(cast: Cast):
    browser = as_(cast.keiran)
    browser.post("/clients/orbit-dental/team/", {"member": cast.sam.pk, "position": "support"})
    assert as_(cast.sam).get("/clients/orbit-dental/").status_code == 200
    place = Assignment.objects.get(client=cast.orbit, member=cast.sam, until=None)
    browser.post(f"/clients/orbit-dental/team/{place.pk}/removal/")
    assert as_(cast.sam).get("/clients/orbit-dental/").status_code == 404
    browser.post(undo_of(browser.get("/clients/orbit-dental/")))
    assert as_(cast.sam).get("/clients/orbit-dental/").status_code == 200
    assert as_(cast.jody).post("/clients/orbit-dental/team/", {"member": cast.sam.pk}).status_code == 403


def test_a_client_leaves_after_being_asked_once(cast: Cast, planning):
    browser = as_(cast.keiran)
    assert "cannot be taken back" in text(browser.get("/clients/halden-bikes/ending/"))
    answer = browser.post("/clients/halden-bikes/ending/", {"on": "2026-11-24", "reason": ""})
    assert answer.status_code == 422
    with planning():
        browser.post("/clients/halden-bikes/ending/", {"on": "2026-11-24", "reason": "Sold"})
    cast.halden.refresh_from_db()
    assert cast.halden.stage == Stage.ENDED
    assert not Commitment.objects.filter(client=cast.halden, state="open", due_on__gt=TODAY).exists()
    assert as_(cast.jody).get("/clients/halden-bikes/").status_code == 404
    assert "Left us on" in text(browser.get("/clients/halden-bikes/"))
    assert as_(cast.jody).get("/clients/orbit-dental/ending/").status_code == 403


def test_two_clients_merge_after_their_name_is_typed(cast: Cast):
    browser, here = as_(cast.keiran), "/clients/halden-bikes/merge/"
    assert "Orbit Dental" in text(browser.get(f"{here}?q=orb"))
    assert "Promises still open" in text(browser.get(f"{here}?with=orbit-dental"))
    assert browser.post(here, {"with": "orbit-dental", "typed": "Orbit"}).status_code == 422
    browser.post(here, {"with": "orbit-dental", "typed": "orbit  dental"})
    assert browser.get("/clients/orbit-dental/")["Location"] == "/clients/halden-bikes/"
    assert cast.halden.engagements.count() == 2
    assert "Orbit Dental is the same client" in text(browser.get("/clients/halden-bikes/timeline/"))
    assert as_(cast.jody).get(here).status_code == 403
    book.merge_clients(cast.fernhill, cast.halden, by=SYSTEM)
    for member in (cast.keiran, cast.jody):
        assert as_(member).get("/clients/orbit-dental/")["Location"] == "/clients/fernhill-schools/"
        assert as_(member).get("/clients/orbit-dental/plan/").status_code == 404
    assert as_(cast.jody).get("/clients/nobody/").status_code == 404


def test_a_prospect_has_a_simple_page_and_becomes_a_client_by_buying(cast: Cast):
    book.add_client("Maybe Ltd", by=SYSTEM, stage=Stage.PROSPECT)
    browser = as_(cast.keiran)
    assert "Not a client yet" in text(browser.get("/clients/maybe-ltd/"))
    assert "Maybe Ltd" not in text(browser.get("/clients/"))
    bought = {"kind": "retainer", "amount": "2000", "currency": "GBP", "starts_on": "2026-11-01"}
    browser.post("/clients/maybe-ltd/engagements/new/", bought)
    assert Client.objects.get(ref="maybe-ltd").stage == Stage.LIVE
    assert "Maybe Ltd" in text(browser.get("/clients/"))


def test_names_that_are_addresses_of_ours_are_not_given_away(cast: Cast):
    assert book.add_client("New", by=SYSTEM).ref == "new-2"

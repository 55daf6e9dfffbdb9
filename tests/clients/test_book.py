"""The book of clients: adding, changing, ending, merging; contacts."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from steadyhand.clients import book, team
from steadyhand.clients.briefs import asks_to_read, read_brief, unread_brief
from steadyhand.clients.models import Access, Client, Position, Stage
from steadyhand.core.models import Event
from steadyhand.core.refusals import Conflict, Refusal
from tests.cast import NOW, SYSTEM, Cast, build

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


def events_since(count: int) -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))[count:]


def test_a_client_starts_with_the_agencys_place_and_its_own_address(cast: Cast):
    client = book.add_client("  Halden Bikes ", by=SYSTEM)
    assert (client.name, client.ref) == ("Halden Bikes", "halden-bikes-2")
    assert (client.country, client.zone, client.stage) == ("GB", "Europe/London", Stage.LIVE)


@pytest.mark.parametrize(
    ("name", "domain", "field"),
    [("  ", "", "name"), ("X", "not a domain", "domain"), ("X", "www.haldenbikes.test", "domain")],
)
def test_what_cannot_be_a_client_is_refused_at_its_field(cast: Cast, name: str, domain: str, field: str):
    before = Client.objects.count()
    with pytest.raises(Refusal) as refused:
        book.add_client(name, by=SYSTEM, domain=domain)
    assert refused.value.field == field
    assert refused.value.remedy or field == "name"
    assert Client.objects.count() == before


def test_whose_a_taken_domain_is_reads_only_who_sees_them(cast: Cast):
    with pytest.raises(Refusal, match="Halden Bikes already has the domain"):
        book.add_client("Another", by=cast.sam.actor, domain="haldenbikes.test")
    book.change_client(cast.orbit, by=SYSTEM, domain="orbit.test")
    with pytest.raises(Refusal, match="A client you do not see already has") as refused:
        book.change_client(cast.halden, by=cast.sam.actor, domain="orbit.test")
    assert "Orbit Dental" not in str(refused.value) and refused.value.field == "domain"


def test_changing_says_what_from_and_what_to_once(cast: Cast):
    before = Event.objects.count()
    book.change_client(cast.halden, by=SYSTEM, industry="Cycling", zone="Europe/Berlin")
    assert events_since(before) == ["client.changed"]
    assert Event.objects.latest("id").data["changed"]["zone"] == ["Europe/London", "Europe/Berlin"]
    book.change_client(cast.halden, by=SYSTEM, industry="Cycling")
    assert events_since(before) == ["client.changed"]


@pytest.mark.parametrize(("field", "value"), [("zone", "Mars/Olympus"), ("country", "Q"), ("stage", "ended")])
def test_a_change_that_cannot_be_is_refused(cast: Cast, field: str, value: str):
    with pytest.raises(Refusal):
        book.change_client(cast.halden, by=SYSTEM, **{field: value})


def test_ending_stops_engagements_team_and_sight_and_keeps_the_history(cast: Cast):
    before = Event.objects.count()
    book.end_client(cast.halden, on=TODAY, reason="Bought by a rival", by=SYSTEM)
    cast.halden.refresh_from_db()
    assert (cast.halden.stage, cast.halden.end_reason) == (Stage.ENDED, "Bought by a rival")
    assert cast.halden.engagements.get().ends_on == TODAY
    assert not Access.objects.filter(client=cast.halden).exists()
    assert not cast.halden.team.filter(until=None).exists()
    assert events_since(before) == ["client.ended"]
    assert Event.objects.filter(client_id=cast.halden.pk).count() > 1


def test_ending_wants_a_reason_a_day_that_is_here_and_a_live_client(cast: Cast):
    with pytest.raises(Refusal, match="why"):
        book.end_client(cast.halden, on=TODAY, reason=" ", by=SYSTEM)
    with pytest.raises(Refusal, match="still to come"):
        book.end_client(cast.halden, on=TODAY + dt.timedelta(days=1), reason="Sold", by=SYSTEM)
    book.end_client(cast.halden, on=TODAY, reason="Sold", by=SYSTEM)
    with pytest.raises(Refusal, match="not a live client"):
        book.end_client(cast.halden, on=TODAY, reason="Sold", by=SYSTEM)


def test_two_that_are_one_become_one(cast: Cast):
    book.add_contact(cast.orbit, "Maya L", by=SYSTEM, email="maya@haldenbikes.test")
    book.add_contact(cast.orbit, "Priya", by=SYSTEM, email="priya@orbit.test")
    before = Event.objects.count()
    keep = book.merge_clients(cast.halden, cast.lumen, by=SYSTEM)
    assert events_since(before) == ["client.merged"]
    assert {e.title for e in keep.engagements.all()} == {"SEO", "Paid search, SEO"}
    keep = book.merge_clients(keep, cast.orbit, by=SYSTEM)
    cast.orbit.refresh_from_db()
    assert (cast.orbit.stage, cast.orbit.merged_into) == (Stage.MERGED, keep)
    assert keep.contacts.filter(email="maya@haldenbikes.test").count() == 1
    assert keep.contacts.filter(name="Maya L").get().notes == "Also maya@haldenbikes.test"
    assert keep.contacts.filter(email="priya@orbit.test").exists()
    assert keep.engagements.count() == 3


def test_a_merge_leaves_one_lead_and_nobody_out_of_sight(cast: Cast):
    keep = book.merge_clients(cast.orbit, cast.lumen, by=SYSTEM)
    running = {(a.position, a.member_id) for a in keep.team.filter(until=None)}
    assert running == {(Position.LEAD, cast.jody.pk), (Position.SUPPORT, cast.sam.pk)}
    assert set(keep.accesses.values_list("member_id", flat=True)) == {cast.jody.pk, cast.sam.pk}
    assert not cast.lumen.accesses.exists()


def test_a_domain_goes_along_in_a_merge(cast: Cast):
    keep = book.merge_clients(cast.orbit, cast.halden, by=SYSTEM)
    assert keep.domain == "haldenbikes.test"


def test_what_cannot_be_merged_is_refused(cast: Cast):
    with pytest.raises(Refusal, match="into itself"):
        book.merge_clients(cast.orbit, cast.orbit, by=SYSTEM)
    book.end_client(cast.lumen, on=TODAY, reason="Sold", by=SYSTEM)
    with pytest.raises(Refusal, match="Keep Orbit"):
        book.merge_clients(cast.lumen, cast.orbit, by=SYSTEM)
    book.merge_clients(cast.orbit, cast.lumen, by=SYSTEM)
    with pytest.raises(Refusal, match="already been merged"):
        book.merge_clients(cast.orbit, cast.lumen, by=SYSTEM)


def test_contacts_one_for_each_address(cast: Cast):
    before = Event.objects.count()
    finn = book.add_contact(cast.halden, "Finn", by=SYSTEM, email=" Finn@HaldenBikes.test ")
    assert finn.email == "finn@haldenbikes.test"
    for name, email in (("", ""), ("Finn", "nobody"), ("Finn", "MAYA@haldenbikes.test")):
        with pytest.raises(Refusal):
            book.add_contact(cast.halden, name, by=SYSTEM, email=email)
    with pytest.raises(Refusal, match="already a contact"):
        book.change_contact(finn, by=SYSTEM, email="maya@haldenbikes.test")
    book.change_contact(finn, by=SYSTEM, left_on=TODAY)
    book.change_contact(finn, by=SYSTEM, left_on=TODAY)
    assert events_since(before) == ["contact.added", "contact.changed"]


def test_two_people_in_one_plan_do_not_overwrite_each_other(cast: Cast):
    seen = cast.halden.plan_revision
    book.lock_plan(cast.halden, seen)
    with pytest.raises(Conflict, match="Somebody else"):
        book.lock_plan(cast.halden, seen)


def test_the_brief_is_asked_of_whoever_joins_until_they_say_it_is_read(cast: Cast):
    assert asks_to_read(cast.orbit, cast.jody)
    assert not asks_to_read(cast.orbit, cast.keiran)
    before = Event.objects.count()
    read_brief(cast.orbit, cast.jody, by=cast.jody.actor)
    assert not asks_to_read(cast.orbit, cast.jody)
    unread_brief(cast.orbit, cast.jody, by=cast.jody.actor)
    assert asks_to_read(cast.orbit, cast.jody)
    assert events_since(before) == ["client.brief_read", "client.brief_unread"]
    with pytest.raises(Refusal, match="Only the reader"):
        read_brief(cast.orbit, cast.jody, by=cast.sam.actor)


def test_who_joins_again_is_asked_again(cast: Cast):
    read_brief(cast.orbit, cast.jody, by=cast.jody.actor)
    with time_machine.travel(NOW + dt.timedelta(days=3), tick=False):
        for assignment in cast.orbit.team.filter(until=None):
            team.unassign(assignment, by=SYSTEM)
        team.assign(cast.orbit, cast.jody, Position.LEAD, by=SYSTEM)
        assert asks_to_read(cast.orbit, cast.jody)

"""A book of clients in our own headings: what a row becomes, and what the second import changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from steadyhand.clients import book, engagements
from steadyhand.clients.models import Client, Engagement, Position, Stage
from steadyhand.core.models import Agency, Event, OutboxMessage
from steadyhand.people import members
from steadyhand.people.models import Member, MemberState
from tests.exchange.makers import HALDEN, SYSTEM, checked, imported, lines, reasons, write

pytestmark = pytest.mark.usefixtures("northwind")


def test_a_row_becomes_a_client_with_lead_and_engagement(tmp_path: Path) -> None:
    imported(write(tmp_path / "book.csv", [HALDEN]))
    client = Client.objects.get()
    assert (client.name, client.domain, client.zone) == ("Halden Bikes", "halden.example", "Europe/London")
    engagement = client.engagements.get()
    assert (engagement.kind, engagement.amount, engagement.currency) == ("retainer", Decimal(2400), "GBP")
    assert (engagement.starts_on, engagement.ends_on) == (dt.date(2026, 3, 1), None)
    assert [service.name for service in engagement.services.all()] == ["SEO"]
    assert client.team.get(position=Position.LEAD).member.email == "jody@agency.example"


def test_an_unknown_owner_becomes_a_member_who_is_not_invited_and_nothing_is_mailed(tmp_path: Path) -> None:
    imported(write(tmp_path / "book.csv", [HALDEN]))
    assert Member.objects.get().state == MemberState.NOT_INVITED
    assert not OutboxMessage.objects.exists()


def test_the_check_writes_nothing(tmp_path: Path) -> None:
    run = checked(write(tmp_path / "book.csv", [HALDEN]))
    assert run.counts == {"clients.create": 1}
    assert not Client.objects.exists() and not Member.objects.exists()


def test_several_rows_of_one_client_are_its_engagements(tmp_path: Path) -> None:
    project = HALDEN | {"engagement kind": "project", "service": "Website", "end": "2026-09-30"}
    imported(write(tmp_path / "book.csv", [HALDEN, project]))
    client = Client.objects.get()
    assert sorted(client.engagements.values_list("kind", flat=True)) == ["project", "retainer"]


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "book.csv", [HALDEN, HALDEN | {"service": "PPC"}])
    imported(path)
    before = Event.objects.exclude(verb__startswith="import.").count()
    assert lines(imported(path)) == {"unchanged": [2, 3]}
    assert Event.objects.exclude(verb__startswith="import.").count() == before


def test_a_second_import_changes_only_what_changed(tmp_path: Path) -> None:
    other = HALDEN | {"client": "Orbit", "domain": "orbit.example"}
    imported(write(tmp_path / "book.csv", [HALDEN, other]))
    run = imported(write(tmp_path / "book.csv", [HALDEN | {"amount": "3000", "end": "2027-03-31"}, other]))
    assert lines(run) == {"update": [2], "unchanged": [3]}
    engagement = Engagement.objects.get(client__name="Halden Bikes")
    assert (engagement.amount, engagement.ends_on) == (Decimal(3000), dt.date(2027, 3, 31))
    assert engagement.spend_changes.get().before == Decimal(2400)


def test_what_somebody_corrected_here_survives_the_next_import(tmp_path: Path) -> None:
    path = write(tmp_path / "book.csv", [HALDEN])
    imported(path)
    engagements.change_spend(Engagement.objects.get(), Decimal(2600), by=SYSTEM)
    assert lines(imported(path)) == {"unchanged": [2]}
    assert Engagement.objects.get().amount == Decimal(2600)


def test_a_change_between_check_and_import_is_not_overwritten(tmp_path: Path) -> None:
    from steadyhand.exchange.applying import apply

    imported(write(tmp_path / "book.csv", [HALDEN]))
    run = checked(write(tmp_path / "book.csv", [HALDEN | {"amount": "3000"}]))
    engagements.change_spend(Engagement.objects.get(), Decimal(2600), by=SYSTEM)
    apply(run)
    assert "since the check" in reasons(run)[2]
    assert Engagement.objects.get().amount == Decimal(2600)


def test_a_client_whom_the_book_has_without_a_domain_is_found_by_name(tmp_path: Path) -> None:
    there = book.add_client("halden bikes", by=SYSTEM)
    imported(write(tmp_path / "book.csv", [HALDEN]))
    client = Client.objects.get()
    assert client.pk == there.pk and client.domain == "halden.example"


def test_two_names_for_one_domain_skip_the_second_and_name_the_first_line(tmp_path: Path) -> None:
    run = imported(write(tmp_path / "book.csv", [HALDEN, HALDEN | {"client": "Rogue Ltd"}]))
    assert "Line 2 gives the domain halden.example to Halden Bikes" in reasons(run)[3]
    assert Client.objects.count() == 1


def test_one_engagement_stated_twice_is_imported_once(tmp_path: Path) -> None:
    run = imported(write(tmp_path / "book.csv", [HALDEN, HALDEN | {"amount": "9"}]))
    assert "Line 2 has the same engagement" in reasons(run)[3]
    assert Engagement.objects.get().amount == Decimal(2400)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"end": "2026-01-01"}, "before it starts on 01 Mar 2026"),
        ({"amount": "-5"}, "below zero"),
        ({"amount": "=2*3"}, "formula"),
        ({"amount": "many"}, "not an amount"),
        ({"amount": ""}, "“amount” is empty"),
        ({"start": ""}, "“start” is empty"),
        ({"start": "31/02/2026"}, "not a day in the calendar"),
        ({"engagement kind": "barter"}, "Write project or retainer"),
        ({"zone": "Mars/Base"}, "not a time zone"),
        ({"currency": "XXZ"}, "not a currency"),
        ({"country": "Nowhere"}, "not a country"),
        ({"owner e-mail": "Jody"}, "not an e-mail address"),
        ({"domain": "not a domain"}, "not a domain"),
        ({"client": ""}, "no name"),
        ({"amount": "€500"}, "The amount is in EUR"),
    ],
)
def test_a_row_that_cannot_be_right_is_skipped_whole(
    tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    run = imported(write(tmp_path / "book.csv", [HALDEN | wrong]))
    assert said in reasons(run)[2]
    assert not Client.objects.exists() and not Member.objects.exists()


def test_an_owner_who_left_leaves_the_client_without_lead_and_says_so(tmp_path: Path) -> None:
    jody = members.add_member("jody@agency.example", by=SYSTEM)
    members.leave(jody, by=SYSTEM)
    run = imported(write(tmp_path / "book.csv", [HALDEN]))
    assert "has left the agency" in run.rows.get().reason
    assert not Client.objects.get().team.exists()


def test_the_zone_is_the_agencys_at_home_and_the_countrys_abroad(tmp_path: Path) -> None:
    rows = [
        HALDEN | {"client": name, "domain": f"{name}.example", "country": country, "zone": zone}
        for name, country, zone in (
            ("home", "", ""),
            ("berlin", "Germany", ""),
            ("york", "US", ""),
            ("coast", "US", "America/Los_Angeles"),
        )
    ]
    imported(write(tmp_path / "book.csv", rows))
    assert dict(Client.objects.values_list("name", "zone")) == {
        "home": "Europe/London",
        "berlin": "Europe/Berlin",
        "york": "America/New_York",
        "coast": "America/Los_Angeles",
    }


def test_a_formula_in_a_name_stays_text(tmp_path: Path) -> None:
    imported(write(tmp_path / "book.csv", [HALDEN | {"client": "=HYPERLINK(1)"}]))
    assert Client.objects.get().name == "=HYPERLINK(1)"


def test_a_client_who_ended_gets_no_new_engagement(tmp_path: Path) -> None:
    client = book.add_client("Halden Bikes", by=SYSTEM, domain="halden.example")
    Client.objects.filter(pk=client.pk).update(stage=Stage.ENDED)
    run = imported(write(tmp_path / "book.csv", [HALDEN]))
    assert "has ended" in reasons(run)[2]


def test_somebody_who_sees_few_clients_cannot_change_the_others(tmp_path: Path, northwind: Agency) -> None:
    imported(write(tmp_path / "book.csv", [HALDEN]))
    seller = members.add_member("seller@agency.example", by=SYSTEM, role="new_business")
    run = imported(write(tmp_path / "book.csv", [HALDEN | {"amount": "1"}]), by=seller.actor)
    assert "with colleagues of yours" in reasons(run)[2]
    assert Engagement.objects.get().amount == Decimal(2400)


def test_columns_are_read_in_any_order_and_the_days_by_the_whole_column(tmp_path: Path) -> None:
    rows = [
        HALDEN | {"client": "a", "domain": "", "start": "03/04/2026"},
        HALDEN | {"client": "b", "domain": "", "start": "04/13/2026"},
    ]
    run = imported(write(tmp_path / "book.csv", rows, list(HALDEN)[::-1]))
    assert Engagement.objects.get(client__name="a").starts_on == dt.date(2026, 3, 4)
    assert any("month first, because line 3" in notice for notice in run.notices)

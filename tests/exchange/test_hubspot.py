"""A HubSpot portal: which company a row belongs to, what a won deal becomes, what is left out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from steadyhand.clients import book, team
from steadyhand.clients.models import Client, Contact, Engagement, Position, Stage
from steadyhand.comms.models import Interaction
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.applying import apply
from steadyhand.exchange.models import ExternalRef, ImportRun
from steadyhand.exchange.undoing import undo
from steadyhand.people import members
from steadyhand.people.models import Member
from tests.exchange.makers import SYSTEM, portal, reasons, write

pytestmark = pytest.mark.usefixtures("northwind")
type Cells = dict[str, str]


def company(number: int, **cells: str) -> Cells:
    return {
        "Company ID": f"COMP-{number}",
        "Company Name": f"Company {number}",
        "Company Domain Name": f"c{number}.example",
        "Country": "Germany",
        "State/Region": "UT",
        "Company Owner": "pam@agency.example",
    } | cells


def contact(number: int, **cells: str) -> Cells:
    return {
        "Contact ID": f"CONT-{number}",
        "First Name": "Maya",
        "Last Name": f"N{number}",
        "Email": f"maya{number}@c{number}.example",
        "Job Title": "CMO",
        "Associated Company Domain": f"c{number}.example",
    } | cells


def deal(number: int, **cells: str) -> Cells:
    return {
        "Deal ID": f"DEAL-{number}",
        "Deal Name": f"Deal {number}",
        "Deal Stage": "Closed Won",
        "Amount": "24000.50",
        "Close Date": "2025-01-09",
        "Associated Company Domain": f"c{number}.example",
        "Associated Contact Email": f"maya{number}@c{number}.example",
    } | cells


def activity(number: int, **cells: str) -> Cells:
    return {
        "Activity ID": f"ACT-{number}",
        "Activity Type": "Call",
        "Activity Date": "2025-03-04",
        "Activity Owner": "kevin@agency.example",
        "Notes/Description": "Talked about leads.",
        "Call/Meeting Title/Subject": "",
        "Call Outcome": "Connected",
        "Associated Contact Email": f"maya{number}@c{number}.example",
    } | cells


def laid_out(folder: Path, **tables: list[Cells]) -> Path:
    for name, rows in tables.items():
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        write(folder / f"{name}.csv", rows, headings)
    return folder


def run_of(folder: Path, *, amount: str = "monthly", **tables: list[Cells]) -> ImportRun:
    return apply(portal(laid_out(folder, **tables), amount=amount))


def skipped(run: ImportRun, kind: str) -> dict[int, str]:
    return dict(run.rows.filter(kind=kind, action="skip").values_list("line", "reason"))


def test_companies_with_a_won_deal_are_live_the_others_prospects(tmp_path: Path) -> None:
    run = run_of(tmp_path, companies=[company(1), company(2)], deals=[deal(1)])
    assert any(notice.startswith("1 of the companies have no won deal") for notice in run.notices)
    assert dict(Client.objects.values_list("name", "stage")) == {
        "Company 1": Stage.LIVE,
        "Company 2": Stage.PROSPECT,
    }


def test_a_prospect_becomes_live_when_a_later_file_wins_a_deal(tmp_path: Path) -> None:
    open_deal = deal(1, **{"Deal Stage": "Contract Sent"})
    run_of(tmp_path, companies=[company(1)], deals=[open_deal])
    assert Client.objects.get().stage == Stage.PROSPECT
    run_of(tmp_path, companies=[company(1)], deals=[deal(1)])
    assert Client.objects.get().stage == Stage.LIVE


@pytest.mark.parametrize(
    ("basis", "kind", "amount"),
    [
        ("monthly", "retainer", "24000.50"),
        ("yearly", "retainer", "2000.04"),
        ("project", "project", "24000.50"),
    ],
)
def test_the_person_says_what_an_amount_is(tmp_path: Path, basis: str, kind: str, amount: str) -> None:
    run_of(tmp_path, amount=basis, companies=[company(1)], deals=[deal(1)])
    engagement = Engagement.objects.get()
    assert (engagement.kind, engagement.amount) == (kind, Decimal(amount))
    assert (engagement.title, engagement.starts_on) == ("Deal 1", dt.date(2025, 1, 9))
    assert (engagement.ends_on, engagement.currency) == (None, "GBP")


def test_deals_that_are_not_won_are_left_out_and_need_no_mending(tmp_path: Path) -> None:
    run = run_of(tmp_path, companies=[company(1)], deals=[deal(1, **{"Deal Stage": "Closed Lost"})])
    assert skipped(run, "deals") == {2: "Not won (Closed Lost)."}
    assert not run.rows.get(kind="deals").mendable


def test_a_deal_finds_its_client_by_domain_else_by_the_contacts_address(tmp_path: Path) -> None:
    by_mail = deal(2, **{"Associated Company Domain": "", "Associated Contact Email": "maya1@c1.example"})
    lost = deal(3, **{"Associated Company Domain": "", "Associated Contact Email": "x@nowhere.example"})
    run = run_of(tmp_path, companies=[company(1)], contacts=[contact(1)], deals=[deal(1), by_mail, lost])
    assert Client.objects.get().engagements.count() == 2
    assert "x@nowhere.example belongs to no client" in skipped(run, "deals")[4]


def test_contacts_go_by_company_domain_then_by_their_own_and_never_by_free_mail(tmp_path: Path) -> None:
    none = {"Associated Company Domain": ""}
    rows = [
        contact(1, Email="m@elsewhere.example"),
        contact(2, **none, Email="jo@c1.example"),
        contact(3, **none, Email="jo@gmail.com"),
        contact(4, **none, Email=""),
    ]
    gmail = company(2, **{"Company Domain Name": "gmail.com"})
    run = run_of(tmp_path, companies=[company(1), gmail], contacts=rows)
    assert sorted(Contact.objects.values_list("client__name", "email")) == [
        ("Company 1", "jo@c1.example"),
        ("Company 1", "m@elsewhere.example"),
    ]
    assert sorted(skipped(run, "contacts")) == [4, 5]
    assert Client.objects.get(name="Company 2").domain == ""


def test_owners_become_leads_and_countries_give_zones_whatever_the_region_says(tmp_path: Path) -> None:
    run_of(tmp_path, companies=[company(1), company(2, Country="Cocos (Keeling) Islands")])
    clients = {client.name: client for client in Client.objects.all()}
    assert clients["Company 1"].zone == "Europe/Berlin"
    assert clients["Company 2"].zone == "Indian/Cocos"
    assert clients["Company 1"].team.get(position=Position.LEAD).member.email == "pam@agency.example"


def test_an_unknown_country_is_said_and_the_agencys_taken(tmp_path: Path) -> None:
    run = run_of(tmp_path, companies=[company(1, Country="Atlantis")])
    assert Client.objects.get().country == "GB"
    assert "“Atlantis” is not a country we know." in run.rows.get().reason


def test_one_domain_for_two_companies_skips_the_second(tmp_path: Path) -> None:
    rows = [company(1), company(2, **{"Company Domain Name": "c1.example"})]
    run = run_of(tmp_path, companies=rows)
    assert "Line 2 gives the domain c1.example to Company 1" in skipped(run, "companies")[3]


def test_companies_without_a_domain_are_told_apart_by_their_id(tmp_path: Path) -> None:
    none = {"Company Domain Name": ""}
    run_of(tmp_path, companies=[company(1, **none), company(2, **none)])
    run = run_of(tmp_path, companies=[company(1, **none, **{"Company Name": "Renamed"}), company(2, **none)])
    assert run.counts == {"companies.update": 1, "companies.unchanged": 1}
    assert sorted(Client.objects.values_list("name", flat=True)) == ["Company 2", "Renamed"]


def test_activities_become_interactions_and_tasks_are_left_out(tmp_path: Path) -> None:
    rows = [
        activity(1),
        activity(1, **{"Activity ID": "ACT-2", "Activity Type": "Email"}),
        activity(1, **{"Activity ID": "ACT-3", "Activity Type": "Task"}),
        activity(9),
    ]
    run = run_of(tmp_path, companies=[company(1)], contacts=[contact(1)], activities=rows)
    call, mail = Interaction.objects.order_by("id")
    assert (call.channel, mail.channel) == ("call", "email")
    assert (call.summary, call.outcome) == ("Talked about leads.", "Connected")
    assert call.at.date() == dt.date(2025, 3, 4)
    assert call.contact is not None and call.contact.email == "maya1@c1.example"
    assert call.member is not None and call.member.email == "kevin@agency.example"
    assert sorted(skipped(run, "activities")) == [4, 5]


def test_calls_carry_how_long_they_took_and_who_began_them(tmp_path: Path) -> None:
    def call(number: int, milliseconds: str, direction: str) -> Cells:
        own = {"Activity ID": f"ACT-{number}", "Call Duration": milliseconds, "Call Direction": direction}
        return activity(1, **own)

    rows = [call(1, "1500000", "OUTBOUND"), call(2, "20000", "Inbound"), call(3, "", ""), call(4, "?", "up")]
    run = run_of(tmp_path, companies=[company(1)], contacts=[contact(1)], activities=rows)
    said = list(Interaction.objects.order_by("id").values_list("minutes", "direction"))
    assert said == [(25, "out"), (1, "in"), (None, ""), (None, "")]
    assert any("is read in milliseconds, because they go up to 1,500,000" in note for note in run.notices)
    remark = run.rows.get(kind="activities", line=5).reason
    assert "“?” does not say how long it took." in remark and "“up” is neither" in remark


def test_the_same_portal_again_changes_nothing(tmp_path: Path) -> None:
    tables = {
        "companies": [company(1), company(2)],
        "contacts": [contact(1), contact(2)],
        "deals": [deal(1), deal(2, **{"Associated Company Domain": "c1.example"})],
        "activities": [activity(1), activity(2)],
    }
    run_of(tmp_path, **tables)
    assert {key.split(".")[1] for key in run_of(tmp_path, **tables).counts} == {"unchanged"}
    tables["deals"][0]["Amount"] = "100"
    run = run_of(tmp_path, **tables)
    assert [row.kind for row in run.rows.filter(action="update")] == ["deals"]


def test_amounts_must_be_explained_and_not_differently_the_next_time(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="Say what the amount of a deal is"):
        run_of(tmp_path, amount="", companies=[company(1)], deals=[deal(1)])
    run_of(tmp_path, companies=[company(1)], deals=[deal(1)])
    run = run_of(tmp_path, amount="project", companies=[company(1)], deals=[deal(1)])
    assert "imported as a retainer" in skipped(run, "deals")[2]


def test_a_merged_client_keeps_what_hubspot_calls_both(tmp_path: Path) -> None:
    run_of(tmp_path, companies=[company(1), company(2)], contacts=[contact(2)], activities=[activity(2)])
    keep, husk = Client.objects.get(name="Company 1"), Client.objects.get(name="Company 2")
    book.merge_clients(keep, husk, by=SYSTEM)
    assert set(ExternalRef.objects.filter(kind="client").values_list("subject_id", flat=True)) == {keep.pk}
    assert Interaction.objects.get().client == keep


def test_a_portal_can_be_undone(tmp_path: Path) -> None:
    tables = {"companies": [company(1)], "contacts": [contact(1)], "deals": [deal(1)]}
    run = run_of(tmp_path, **tables, activities=[activity(1)])
    undo(run, by=SYSTEM)
    for model in (Client, Contact, Engagement, Interaction, Member, ExternalRef):
        assert not model.objects.exists(), model


def test_undoing_a_won_deal_makes_a_prospect_again(tmp_path: Path) -> None:
    run_of(tmp_path, companies=[company(1)])
    run = run_of(tmp_path, companies=[company(1)], deals=[deal(1)])
    undo(run, by=SYSTEM)
    client = Client.objects.get()
    assert client.stage == Stage.PROSPECT and not client.engagements.exists()


def test_somebody_who_sees_few_clients_cannot_change_a_contact_of_the_others(tmp_path: Path) -> None:
    """Not by saying, in a file, that a contact known at a colleague's client is at one of theirs."""
    everything, few = tmp_path / "everything", tmp_path / "few"
    everything.mkdir()
    few.mkdir()
    run_of(everything, companies=[company(1), company(2)], contacts=[contact(1)])
    seller = members.add_member("seller@agency.example", by=SYSTEM, role="new_business")
    team.assign(Client.objects.get(name="Company 2"), seller, Position.SUPPORT, by=SYSTEM)
    moved = contact(1, **{"Last Name": "Changed", "Associated Company Domain": "c2.example"})
    run = portal(laid_out(few, contacts=[moved]), by=seller.actor)
    assert "with colleagues of yours" in reasons(run)[2]
    apply(run)
    assert Contact.objects.get().name == "Maya N1"

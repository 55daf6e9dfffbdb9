"""Reports: drafted from the ledger on time, frozen, written on, approved where asked, sent once (R4, R5)."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment, Completion
from steadyhand.commitments.planning import plan_book
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Event, OutboxMessage
from steadyhand.core.recurrence import Period
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.reporting.metrics import store
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import Reading, Report, ReportKind, ReportState
from steadyhand.reporting.reports import approving, drafting, opening, sending, slides, writing
from steadyhand.reporting.reports.composing import Line, composed
from steadyhand.reporting.reports.periods import covered, named, parse, until
from steadyhand.reporting.reports.readings import recipients, set_reading, set_rules
from tests import cast
from tests.cast import NOW, SYSTEM, Cast
from tests.reporting.reporting_world import measure

pytestmark = pytest.mark.django_db

OCTOBER = parse("2026-10")
YEAR_OF_MONTHS = {"revenue": (500.0, 400.0, 450.0), "new_customers": (2.0, 1.0, 1.0)}


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def planned(northwind: Cast) -> Cast:
    plan_book()
    return northwind


@pytest.fixture(autouse=True)
def paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paper is set in a process of its own; what it says is looked at in one test."""
    monkeypatch.setattr(sending, "report_pdf", lambda report, reading: f"%PDF-1.7 {reading}".encode())


def actor_of(contact: Contact) -> Actor:
    return Actor(ActorKind.CONTACT, contact.pk, contact.name)


def drafted(client: Client, by: Actor = SYSTEM) -> Report:
    measure(client)
    return drafting.draft_for(client, OCTOBER, by=by)


@pytest.mark.parametrize(
    ("key", "due_on", "about"),
    [
        ("2026-11", dt.date(2026, 11, 30), "November 2026"),
        ("2026-12", dt.date(2026, 12, 4), "November 2026"),
        ("2026-W47", dt.date(2026, 11, 20), "16 to 22 November 2026"),
        ("2026-W48", dt.date(2026, 11, 23), "16 to 22 November 2026"),
        ("2026-Q4", dt.date(2026, 12, 31), "October to December 2026"),
        ("once", dt.date(2027, 1, 29), "2 November 2026 to 29 January 2027"),
    ],
)
def test_a_report_is_about_the_period_that_ends_nearest_its_day(
    key: str, due_on: dt.date, about: str
) -> None:
    period = covered(key, due_on, begins=dt.date(2026, 11, 2))
    assert named(period.start, period.end) == about


def test_only_days_that_are_over_are_reported_on() -> None:
    november = parse("2026-11")
    assert until(november, dt.date(2026, 11, 28)).end == dt.date(2026, 11, 27)
    assert until(november, dt.date(2026, 12, 3)) == november
    week = parse("2026-W48")
    assert until(week, week.start) == Period("2026-W48", dt.date(2026, 11, 16), dt.date(2026, 11, 22))
    friday = until(week, dt.date(2026, 11, 27))
    assert (friday.start, friday.end) == (dt.date(2026, 11, 20), dt.date(2026, 11, 26)), "every weekday once"
    with pytest.raises(Refusal, match="no week"):
        parse("2026-W99")


def test_what_is_due_soon_is_drafted_once(northwind: Cast, planned: Cast) -> None:
    assert drafting.draft_due() == 0, "the last working day of November is a week away"
    with time_machine.travel(dt.datetime(2026, 11, 28, 6, tzinfo=dt.UTC), tick=False):
        heard: list[tuple[int, int]] = []
        made = drafting.draft_due(lambda number, of: heard.append((number, of)))
        assert made == len(heard) >= 3
        assert drafting.draft_due() == 0
    report = Report.objects.get(client=northwind.halden)
    assert report.title == "Report for 1 to 27 November 2026"
    assert report.commitment is not None and report.commitment.rule == "report"
    assert report.owner == report.commitment.owner == northwind.sam
    assert Event.objects.filter(verb="report.drafted").count() == made


def test_a_paid_search_report_keeps_the_promise_of_its_rule(northwind: Cast, planned: Cast) -> None:
    measure(northwind.lumen)
    owed = Commitment.objects.filter(client=northwind.lumen, rule="paid-search-report").order_by("due_at")[0]
    report = drafting.draft_report(owed, by=SYSTEM)
    assert (report.kind, report.commitment) == (ReportKind.PAID_SEARCH, owed)
    assert drafting.draft_report(owed, by=northwind.sam.actor) == report


def sessions_of(report: Report) -> Line:
    return next(one for one in composed(report, Reading.DETAIL).lines if one.key == "sessions")


def test_figures_are_frozen_at_the_cut_off(northwind: Cast) -> None:
    report = drafted(northwind.halden)
    sessions = sessions_of(report)
    assert (sessions.label, sessions.shown, sessions.month) == ("Sessions", "12,400", "up 38%")
    assert sessions.month_was == "9,000" and sessions.year_was == "9,920"
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        measure(northwind.halden, {"sessions": (999, 1, 1)})
        report.refresh_from_db()
        assert sessions_of(report).shown == "12,400"
        anew = drafting.take_anew(report, by=SYSTEM)
    assert sessions_of(anew).shown == "30,969"
    assert anew.cut_off > report.cut_off


def test_sentences_come_from_the_data_and_are_nobodys_until_accepted(northwind: Cast) -> None:
    report = drafted(northwind.halden)
    texts = [one.text for one in report.suggestions.all()]
    assert "Sessions rose 38% on September 2026, to 12,400, and rose 25% on October 2025." in texts
    assert report.commentary == ""
    assert texts[0] not in str(composed(report, Reading.DETAIL).as_json())
    first, second = report.suggestions.all()[:2]
    writing.accept_suggestion(first, by=northwind.jody.actor)
    writing.drop_suggestion(second, by=northwind.jody.actor)
    report.refresh_from_db()
    first.refresh_from_db()
    assert report.commentary == first.text and first.accepted_by == "Jody Marsh"
    with pytest.raises(Refusal, match="dealt with"):
        writing.accept_suggestion(second, by=northwind.jody.actor)


def test_two_writers_do_not_overwrite_each_other(northwind: Cast) -> None:
    report = drafted(northwind.halden)
    writing.write_report(report, by=northwind.jody.actor, commentary="A good month.", seen=report.revision)
    with pytest.raises(Conflict, match="changed by somebody else"):
        writing.write_report(report, by=northwind.sam.actor, commentary="A bad month.", seen=report.revision)


def test_sent_once_to_each_reader_in_their_reading(northwind: Cast) -> None:
    report = drafted(northwind.halden)
    owed = report.commitment
    assert owed is not None
    writing.write_report(
        report,
        by=northwind.jody.actor,
        commentary="A good month.",
        decision="More for search?",
        notes="Ola is cross",
    )
    sent = sending.send_report(report, by=northwind.jody.actor)
    with pytest.raises(Refusal, match="was sent on 24 November 2026 by Jody Marsh"):
        sending.send_report(report, by=northwind.jody.actor)
    mails = {mail.recipient: mail for mail in OutboxMessage.objects.filter(kind="report")}
    assert set(mails) == {"maya@haldenbikes.test", "ola@haldenbikes.test"}
    maya, ola = mails["maya@haldenbikes.test"].text, mails["ola@haldenbikes.test"].text
    assert "Sessions: 12,400, up 38% on September 2026, up 25% on October 2025" in maya
    assert "Sessions" not in ola and "Revenue: £15,500" in ola
    assert all("More for search?" in text and "Ola is cross" not in text for text in (maya, ola))
    assert "/portal/open/" in maya and sending.NO_SECRET not in maya + mails["ola@haldenbikes.test"].html
    assert b"application/pdf" in bytes(mails["maya@haldenbikes.test"].mime)
    assert {one.reading for one in sent.recipients.all()} == {"detail", "short"}
    owed.refresh_from_db()
    assert owed.state == State.DONE
    assert Completion.objects.get(commitment=owed).evidence_type == drafting.ABOUT
    with pytest.raises(Refusal, match="was sent"):
        writing.write_report(report, by=northwind.jody.actor, commentary="Oh.")


def test_a_short_reading_has_revenue_growth_cash_and_the_return(northwind: Cast) -> None:
    set_rules(northwind.halden, by=SYSTEM, expected_return=Decimal("3.50"))
    seen = composed(drafted(northwind.halden), Reading.SHORT)
    assert [(one["label"], one["shown"]) for one in seen.headline] == [
        ("Revenue", "£15,500"),
        ("Growth", "up 11%"),
        ("Cash", "£11,260"),
    ]
    assert seen.lines == [] and seen.slices == []
    assert seen.returned == ("£3.66 came back for each £1 spent. £3.50 was expected by now: ahead.")


def test_nobody_who_reads_is_a_refusal_with_a_remedy(northwind: Cast) -> None:
    report = drafted(northwind.orbit)
    with pytest.raises(Refusal, match="Nobody at Orbit Dental reads reports"):
        sending.send_report(report, by=northwind.jody.actor)


def test_how_a_contact_reads_is_on_the_contact(northwind: Cast) -> None:
    ola = Contact.objects.get(name="Ola Brandt")
    assert [one.reading for one in recipients(northwind.halden)] == [Reading.DETAIL, Reading.SHORT]
    set_reading(ola, Reading.NONE, by=northwind.jody.actor)
    assert [one.contact.name for one in recipients(northwind.halden)] == ["Maya Lind"]


def test_the_lead_approves_where_the_client_asks_for_it(northwind: Cast) -> None:
    set_rules(northwind.halden, by=northwind.jody.actor, asks_approval=True)
    report = drafted(northwind.halden)
    with pytest.raises(Refusal, match="approved by the account lead first"):
        sending.send_report(report, by=northwind.sam.actor)
    approving.ask_approval(report, by=northwind.sam.actor)
    asked = Commitment.objects.get(about_type=drafting.ABOUT, closes_with=approving.EVIDENCE)
    assert asked.owner == northwind.jody and asked.internal
    with pytest.raises(Refusal, match="Jody Marsh approves"):
        approving.approve(report, by=northwind.sam.actor)
    approving.approve(report, by=northwind.jody.actor)
    asked.refresh_from_db()
    assert asked.state == State.DONE
    report.refresh_from_db()
    writing.write_report(report, by=northwind.sam.actor, commentary="One more thing.")
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT, "an approval is of the words that were read"
    approving.approve(report, by=northwind.jody.actor)
    assert sending.send_report(report, by=northwind.sam.actor).is_sent


def test_the_first_opening_is_seen_and_only_the_first(northwind: Cast) -> None:
    report = sending.send_report(drafted(northwind.halden), by=northwind.jody.actor)
    maya = Contact.objects.get(name="Maya Lind")
    opening.note_opening(report, maya, by=actor_of(maya))
    opening.note_opening(report, maya, by=actor_of(maya))
    assert Event.objects.filter(verb="report.opened").count() == 1
    assert opening.reading_for(report, maya) == Reading.DETAIL


def test_strangers_neither_see_nor_act(northwind: Cast) -> None:
    report = drafted(northwind.orbit)
    assert not Report.objects.visible_to(northwind.sam.actor).filter(pk=report.pk).exists()
    with pytest.raises(keeping.NotYours):
        writing.write_report(report, by=northwind.sam.actor, commentary="Hm.")
    maya = Contact.objects.get(name="Maya Lind")
    assert not Report.objects.shared_with(maya).exists()


def test_the_weekly_report_of_what_was_done_is_drafted_on_its_day(northwind: Cast, planned: Cast) -> None:
    set_rules(northwind.halden, by=northwind.jody.actor, activity_weekday=4)
    assert drafting.draft_activities() == 0, "it is Tuesday"
    call = Commitment.objects.filter(client=northwind.halden, rule="call").order_by("due_at")[0]
    keeping.complete(call, by=northwind.jody.actor)
    with time_machine.travel(dt.datetime(2026, 11, 27, 8, tzinfo=dt.UTC), tick=False):
        assert (drafting.draft_activities(), drafting.draft_activities()) == (1, 0)
    week = Report.objects.get(kind=ReportKind.ACTIVITY)
    seen = composed(week, Reading.DETAIL)
    assert seen.title == "What we did, 23 to 29 November 2026"
    assert [row["words"] for row in seen.activity["done"]] == ["Call with Northwind"]
    assert any("Report from Northwind" in row["words"] for row in seen.activity["next"])
    assert writing.answers_for(week) == northwind.jody


def test_a_renewal_pack_has_few_figures_and_says_why(northwind: Cast) -> None:
    measure(northwind.halden, YEAR_OF_MONTHS)
    earned = {month: 100.0 * month for month in (4, 5, 6, 7)} | {8: 650.0}
    rows = [Observation("csv", "revenue", dt.date(2026, month, 1), value) for month, value in earned.items()]
    store.write(northwind.halden.pk, rows, at=NOW)
    pack = drafting.draft_for(northwind.halden, parse("2026"), by=SYSTEM, kind=ReportKind.RENEWAL)
    seen = composed(pack, Reading.DETAIL)
    assert [one["label"] for one in seen.headline] == [
        "Revenue, year to date",
        "New customers, year to date",
    ]
    to_date, quarters = seen.renewal["tables"]
    assert to_date["head"] == ["Figure", "January to October 2026", "January to October 2025", "Change"]
    assert to_date["rows"][0] == ["Revenue", "£30,350", "£13,950", "up 118%"]
    assert quarters["head"] == ["Figure", "Q1", "Q2", "Q3", "Q4 so far"]
    assert "Revenue rose in 5 of the last 6 months." in seen.renewal["words"]
    with pytest.raises(Refusal, match="says no why"):
        writing.write_renewal(pack, by=northwind.jody.actor, next_steps=[("E-mail", "")])
    steps = [("E-mail", "would bring first-time buyers back: new customers")]
    writing.write_renewal(
        pack, by=northwind.jody.actor, next_steps=steps, ours=Decimal(24), others=Decimal("11.5")
    )
    pack.refresh_from_db()
    told = composed(pack, Reading.DETAIL).renewal
    assert told["words"][-1] == "Of the leads we brought, 24% became customers; of others, 11.5%."
    assert told["next"][0]["what"] == "E-mail"
    deck = slides.slides_of(pack)
    assert deck.startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(deck)) as packed:
        text = "".join(packed.read(name).decode() for name in packed.namelist() if "slides/slide" in name)
    assert "£30,350" in text and "E-mail" in text

"""The pages of reports: staff read and send, the client reads and answers; the same figures everywhere."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Contact
from steadyhand.commitments.ageing import stamp_missed
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.core.models import OutboxMessage
from steadyhand.people.models import Member
from steadyhand.reporting.models import LeadQuality, Reading, Report, ReportKind
from steadyhand.reporting.reports import drafting, sending
from steadyhand.reporting.reports.lead_quality import ABOUT
from steadyhand.reporting.reports.paper import report_pdf
from steadyhand.reporting.reports.periods import parse
from tests import cast
from tests.cast import NOW, SYSTEM, Cast, user_of
from tests.reporting.reporting_world import measure, sketched

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture(autouse=True)
def charts_in_a_stroke(monkeypatch: pytest.MonkeyPatch) -> None:
    sketched(monkeypatch)


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(user_of(member))
    return browser


def drafted(northwind: Cast, kind: ReportKind = ReportKind.FIGURES) -> Report:
    measure(northwind.halden)
    return drafting.draft_for(northwind.halden, parse("2026-10"), by=SYSTEM, kind=kind)


def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "report_pdf", lambda report, reading: b"%PDF-1.7 paper")


def opened_by(contact: Contact, report: Report) -> Browser:
    browser = Browser()
    browser.get(issue_link(contact, "report", report.pk, by=SYSTEM)[1])
    return browser


def text_of(answer: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.content.decode())).split())  # type: ignore[attr-defined]


def test_figures_are_the_same_on_page_paper_mail_and_the_clients_page(
    northwind: Cast, tmp_path: Path
) -> None:
    report = drafted(northwind)
    staff = browser_of(northwind.jody)
    assert "Sessions 12,400 up 38% was 9,000 up 25% was 9,920" in text_of(staff.get(f"/reports/{report.pk}/"))
    assert staff.post(f"/reports/{report.pk}/sending/").status_code == 302
    paper = tmp_path / "report.pdf"
    answer = staff.get(f"/reports/{report.pk}/pdf/")
    paper.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    said = subprocess.run(
        ["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert re.search(r"Sessions\s+12,400\s+up 38%\s+was 9,000\s+up 25%\s+was 9,920", said)
    mail = OutboxMessage.objects.get(recipient="maya@haldenbikes.test").text
    assert "Sessions: 12,400, up 38% on September 2026, up 25% on October 2025" in mail
    maya = Contact.objects.get(name="Maya Lind")
    theirs = text_of(opened_by(maya, report).get(f"/portal/reports/{report.pk}/"))
    assert "Sessions 12,400 up 38% was 9,000 up 25% was 9,920" in theirs
    assert "Source: Upload; days of Europe/London" in theirs


def test_a_double_click_sends_once(northwind: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    quickly(monkeypatch)
    report, staff = drafted(northwind), browser_of(northwind.jody)
    for _ in range(2):
        staff.post(f"/reports/{report.pk}/sending/")
    assert OutboxMessage.objects.filter(kind="report").count() == 2
    page = text_of(staff.get(f"/reports/{report.pk}/"))
    assert "Sent" in page and "not opened yet" in page and "Send it" not in page


def test_the_words_and_suggestions_on_the_page(northwind: Cast) -> None:
    report, staff = drafted(northwind), browser_of(northwind.jody)
    first = report.suggestions.all()[0]
    assert first.text in html.unescape(staff.get(f"/reports/{report.pk}/").content.decode())
    staff.post(f"/reports/{report.pk}/suggestions/{first.pk}/acceptance/")
    report.refresh_from_db()
    words = {"revision": report.revision, "commentary": "All well.", "decision": "More?", "notes": "Hush."}
    assert staff.post(f"/reports/{report.pk}/text/", words).status_code == 302
    again = staff.post(f"/reports/{report.pk}/text/", words | {"commentary": "Lost?"})
    assert again.status_code == 422 and "Lost?" in again.content.decode()
    report.refresh_from_db()
    assert (report.commentary, report.notes) == ("All well.", "Hush.")


def test_a_client_sees_what_was_sent_and_no_draft_of_it(
    northwind: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    quickly(monkeypatch)
    report = drafted(northwind)
    Report.objects.filter(pk=report.pk).update(notes="Ola is cross")
    maya = Contact.objects.get(name="Maya Lind")
    browser = opened_by(maya, report)
    assert browser.get(f"/portal/reports/{report.pk}/").status_code == 404
    sending.send_report(report, by=northwind.jody.actor)
    page = browser.get(f"/portal/reports/{report.pk}/").content.decode()
    assert "Ola is cross" not in page and "suggested" not in page
    assert report.openings.get().contact == maya
    short = text_of(browser.get(f"/portal/reports/{report.pk}/?reading=short"))
    assert "Revenue £15,500" in short and "Sessions" not in short
    assert "opened by Maya Lind" in text_of(browser_of(northwind.jody).get("/reports/?part=sent"))


def test_looking_as_the_client_is_no_opening(northwind: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    quickly(monkeypatch)
    report = sending.send_report(drafted(northwind), by=northwind.jody.actor)
    staff, maya = browser_of(northwind.jody), Contact.objects.get(name="Maya Lind")
    staff.post(f"/clients/halden-bikes/contacts/{maya.pk}/looking/")
    assert staff.get(f"/portal/reports/{report.pk}/").status_code == 200
    assert not report.openings.exists()


def test_lead_quality_is_one_click_and_a_gap_advises_a_crm(
    northwind: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    quickly(monkeypatch)
    report = sending.send_report(drafted(northwind, ReportKind.PAID_SEARCH), by=northwind.jody.actor)
    maya = Contact.objects.get(name="Maya Lind")
    browser, address = opened_by(maya, report), f"/portal/reports/{report.pk}/lead-quality/"
    assert "How many of these leads were worth your time?" in text_of(
        browser.get(f"/portal/reports/{report.pk}/")
    )
    assert not LeadQuality.objects.exists(), "GET shows, POST acts"
    assert browser.post(address, {"worth": "most"}).status_code == 302
    assert not Commitment.objects.filter(about_type=ABOUT).exists()
    browser.post(address, {"worth": "most", "seen": "30"})
    row = LeadQuality.objects.get()
    assert (row.counted, row.seen, row.gap) == (62, 30, 52)
    advice = Commitment.objects.get(about_type=ABOUT)
    assert advice.title == "Advise connecting a CRM: Maya Lind counts 30, we count 62"
    assert advice.owner == northwind.jody and advice.internal and advice.state == State.OPEN
    browser.post(address, {"worth": "none", "seen": "10"})
    assert Commitment.objects.filter(about_type=ABOUT).count() == 1
    assert browser.post(address, {"worth": "splendid"}).status_code == 422
    assert "none worth their time" in text_of(browser_of(northwind.jody).get(f"/reports/{report.pk}/"))


def test_a_missed_report_is_visible_and_can_be_drafted_late(northwind: Cast) -> None:
    measure(northwind.orbit)
    with time_machine.travel(NOW.replace(month=10), tick=False):
        plan_book()
    with time_machine.travel(NOW.replace(month=12, day=2), tick=False):
        plan_book()
        stamp_missed()
        staff = browser_of(northwind.jody)
        missed = Commitment.objects.filter(client=northwind.orbit, rule="report", state=State.MISSED)
        assert missed.exists()
        assert "Orbit Dental" in text_of(staff.get("/reports/?part=missed"))
        row = missed.order_by("-due_at")[0]
        today = staff.get("/?part=missed").content.decode()
        assert f"/commitments/{row.pk}/report/" in today and "Open draft" in today
        assert staff.get(f"/commitments/{row.pk}/report/").status_code == 200
        answer = staff.post(f"/commitments/{row.pk}/report/")
        assert answer.headers["Location"] == f"/reports/{Report.objects.get(commitment=row).pk}/"


def test_a_contacts_page_says_how_they_read(northwind: Cast) -> None:
    ola, staff = Contact.objects.get(name="Ola Brandt"), browser_of(northwind.jody)
    page = staff.get(f"/clients/halden-bikes/contacts/{ola.pk}/").content.decode()
    assert "How they read reports" in page
    staff.post(f"/clients/halden-bikes/contacts/{ola.pk}/reading/", {"reading": "detail"})
    ola.refresh_from_db()
    assert ola.reading.reading == Reading.DETAIL
    assert "Ola Brandt Every figure" in text_of(staff.get("/clients/halden-bikes/reports/"))


def test_a_client_page_drafts_about_other_days_and_keeps_the_arrangement(northwind: Cast) -> None:
    measure(northwind.halden)
    staff = browser_of(northwind.jody)
    answer = staff.post("/clients/halden-bikes/reports/", {"kind": "figures", "period": "2026-Q3"})
    assert Report.objects.get().title == "Report for July to September 2026"
    assert answer.status_code == 302
    assert (
        staff.post("/clients/halden-bikes/reports/", {"kind": "figures", "period": "soon"}).status_code == 422
    )
    kept = {"asks_approval": "on", "activity_weekday": "4", "expected_return": "3.50", "lead_gap": "25"}
    assert staff.post("/clients/halden-bikes/reports/rules/", kept).status_code == 302
    assert "approves each report first" in text_of(staff.get("/clients/halden-bikes/reports/"))


def test_the_paper_stands_for_a_short_reader_too(northwind: Cast) -> None:
    assert report_pdf(drafted(northwind), Reading.SHORT).startswith(b"%PDF")


def test_a_program_reads_the_same_figures(northwind: Cast) -> None:
    report, staff = drafted(northwind), browser_of(northwind.jody)
    listed = staff.get("/api/clients/halden-bikes/reports").json()
    assert [(row["id"], row["state"], row["opened_by"]) for row in listed] == [(report.pk, "draft", [])]
    whole = staff.get(f"/api/reports/{report.pk}").json()
    assert whole["seen"]["lines"][0]["shown"] == "£15,500" and whole["figures"][0]["value"] == "15500.00"
    assert browser_of(northwind.sam).get(f"/api/reports/{report.pk}").status_code == 200
    Report.objects.filter(pk=report.pk).update(client=northwind.orbit)
    assert browser_of(northwind.sam).get(f"/api/reports/{report.pk}").status_code == 404

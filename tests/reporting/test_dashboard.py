"""The dashboard: the same figures for us, the client and the API; what is ours alone stays inside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from steadyhand.core.models import Event
from steadyhand.desk.event_words import told
from steadyhand.reporting import charts
from steadyhand.reporting.metrics import dashboards, page, periods, receiving, remarks, targets
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import Annotation, Commentary, Dashboard, Source, Target
from steadyhand.web.kept_tables import TableUploads
from steadyhand.web.views import figure_sources
from tests import cast
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db
OCTOBER = periods.month(2026, 10)
HERE = "/clients/halden-bikes/figures/"
PICTURE = '<svg class="chart__picture"></svg>'


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def jody(people: Cast) -> Browser:
    browser = Browser()
    browser.force_login(user_of(people.jody))
    return browser


@pytest.fixture
def october(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Two months of sessions and revenue; drawing is tested elsewhere."""
    monkeypatch.setattr(charts, "_draw", lambda specs: [PICTURE for _ in specs])
    rows = [
        Observation("upload", metric, dt.date(2026, month, day), value)
        for month, last in ((9, 30), (10, 31))
        for day in range(1, last + 1)
        for metric, value in (("sessions", 100.0 if month == 10 else 80.0), ("conversions", 4.0))
    ]
    receiving.receive(people.halden, "upload", rows, by=cast.SYSTEM, label="Upload")
    return people


def test_an_empty_client_is_told_what_goes_here(jody: Browser) -> None:
    shown = jody.get(HERE)
    assert shown.status_code == 200
    assert "Bring figures in" in shown.text and "/clients/halden-bikes/sources/" in shown.text


def test_the_few_numbers_with_month_on_month(october: Cast, jody: Browser) -> None:
    shown = jody.get(HERE, {"period": "2026-10"})
    assert "3,100" in shown.text and "+29%" in shown.text and "moved--well" in shown.text
    assert "4.0%" in shown.text  # conversions over sessions
    assert "hx-get" in shown.text and PICTURE not in shown.text
    assert PICTURE in jody.get(f"{HERE}charts/", {"period": "2026-10"}).text
    assert PICTURE in jody.get(HERE, {"period": "2026-10"}).text
    assert jody.get(HERE, {"period": "octember"}).status_code == 422


def test_more_is_bad_news_where_it_costs(october: Cast) -> None:
    rows = [
        Observation("upload", "cost", dt.date(2026, month, day), float(month))
        for month in (9, 10)
        for day in range(1, 31)
    ]
    receiving.receive(october.lumen, "upload", rows, by=cast.SYSTEM)
    card = next(one for one in page.compose(october.lumen, OCTOBER).cards if one.metric.key == "cost")
    assert card.month == ("+11%", "act") and card.said == "£300"


def test_the_page_looks_for_newer_figures_by_itself(october: Cast, jody: Browser) -> None:
    seen = page.compose(october.halden, OCTOBER).version
    asked = {"period": "2026-10", "seen": seen}
    assert f"seen={seen}" in jody.get(HERE, {"period": "2026-10"}).text
    assert jody.get(f"{HERE}fresh/", asked).status_code == 204
    receiving.receive(
        october.halden, "upload", [Observation("upload", "sessions", OCTOBER.end, 5)], by=cast.SYSTEM
    )
    newer = jody.get(f"{HERE}fresh/", asked).text
    assert "3,005" in newer and 'hx-swap-oob="true"' in newer and seen not in newer and "<form" not in newer


def test_commentary_is_ours_until_it_is_shown(october: Cast, jody: Browser) -> None:
    jody.post(f"{HERE}commentary/", {"period": "2026-10", "text": "The guides pay off", "metric": "sessions"})
    said = Commentary.objects.get()
    assert said.shown_at is None
    assert not page.compose(october.halden, OCTOBER, for_client=True).cards[0].commentary
    jody.post(f"{HERE}commentary/{said.pk}/showing/")
    assert page.compose(october.halden, OCTOBER, for_client=True).cards[0].commentary == [said]
    jody.post(f"{HERE}commentary/{said.pk}/showing/removal/")
    jody.post(f"{HERE}commentary/{said.pk}/removal/")
    assert not page.compose(october.halden, OCTOBER).cards[0].commentary
    verbs = Event.objects.filter(verb__startswith="commentary.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [f"commentary.{what}" for what in ("written", "shown", "hidden", "dropped")]
    assert jody.post(f"{HERE}commentary/", {"period": "2026-10", "text": " "}).status_code == 422


def test_days_are_marked(october: Cast, jody: Browser) -> None:
    form = {"text": "New checkout", "kind": "site", "day": "2026-10-12", "until": ""}
    assert jody.post(f"{HERE}annotations/", form).status_code == 302
    shown = jody.get(HERE, {"period": "2026-10"})
    assert "New checkout" in shown.text and "the site changed" in shown.text
    assert not page.compose(october.halden, OCTOBER, for_client=True).annotations
    wrong = jody.post(f"{HERE}annotations/", form | {"until": "2026-10-01"})
    assert wrong.status_code == 422 and "ends before it starts" in wrong.text
    jody.post(f"{HERE}annotations/{Annotation.objects.get().pk}/removal/")
    assert not page.compose(october.halden, OCTOBER).annotations


def test_a_target_says_whether_it_is_reached(october: Cast, jody: Browser) -> None:
    form = {"metric": "sessions", "amount": "3000", "from_day": "2026-10-01"}
    assert jody.post(f"{HERE}targets/", form).status_code == 302
    assert jody.post(f"{HERE}targets/", form).status_code == 422
    card = page.compose(october.halden, OCTOBER).cards[0]
    assert card.progress is not None and card.progress.standing == "reached"
    measured = replace(card.progress.figure, until=dt.date(2026, 10, 14))
    half = targets.progress(card.progress.target, replace(measured, value=Decimal(1200)))
    assert half.standing == "40% so far"
    assert (
        targets.progress(card.progress.target, replace(measured, value=Decimal(3300))).standing == "reached"
    )
    jody.post(f"{HERE}targets/", {"metric": "conversion_rate", "amount": "5", "from_day": "2026-10-01"})
    rate = next(
        one for one in page.compose(october.halden, OCTOBER).cards if one.metric.key == "conversion_rate"
    )
    assert rate.progress is not None and (rate.progress.standing, rate.target) == ("missed", "5.0%")
    jody.post(f"{HERE}targets/{Target.objects.filter(metric='sessions').get().pk}/removal/")
    first, *rest = page.compose(october.halden, OCTOBER).cards
    assert first.metric.key == "conversion_rate", "what was agreed comes first"
    assert not any(card.progress for card in rest)


def test_another_target_ends_the_one_before(people: Cast) -> None:
    first = targets.agree_target(people.halden, "leads", targets.Decimal(40), OCTOBER.start, by=cast.SYSTEM)
    targets.agree_target(people.halden, "leads", targets.Decimal(50), dt.date(2027, 1, 1), by=cast.SYSTEM)
    first.refresh_from_db()
    assert first.until == dt.date(2026, 12, 31)


def test_figures_are_chosen_and_a_dashboard_elsewhere_linked(october: Cast, jody: Browser) -> None:
    shown = jody.get(f"{HERE}arrangement/")
    assert "Search clicks" in shown.text
    chosen = {"keys": ["conversions"], "outside_url": "https://lookerstudio.google.com/u/0/reporting/1"}
    assert jody.post(f"{HERE}arrangement/", chosen).status_code == 302
    assert [card.metric.key for card in page.compose(october.halden, OCTOBER).cards] == ["conversions"]
    assert "lookerstudio.google.com" in jody.get(HERE).text
    for unsafe in ("javascript:alert(1)", "http://elsewhere.test/"):
        wrong = jody.post(f"{HERE}arrangement/", {"outside_url": unsafe})
        assert wrong.status_code == 422 and "https://" in wrong.text


def test_an_upload_is_looked_at_before_it_is_written(people: Cast, jody: Browser, settings: Any) -> None:
    settings.MEDIA_ROOT = Path(settings.DATA)
    table = "Tag,Besuche,Umsatz\n2026-10-01,30,£10\n2026-10-02,-4,€9\n2027-01-01,7,1\n"
    file = SimpleUploadedFile("october.csv", table.encode(), "text/csv")
    sent = jody.post("/clients/halden-bikes/sources/uploads/", {"file": file, "label": "Shop"})
    assert sent.status_code == 302
    looked = jody.get(sent["Location"])
    assert looked.status_code == 200 and "Say which column is the date" in looked.text
    roles = {"role_0": "date", "role_1": "metric:sessions", "role_2": "metric:revenue"}
    looked = jody.get(sent["Location"], {"name": "october.csv", "label": "Shop", **roles})
    assert "never below zero" in looked.text and "is in EUR here" in looked.text and "future" in looked.text
    assert not Source.objects.exists()
    done = jody.post(sent["Location"], roles)
    assert done.status_code == 302 and Source.objects.get().key == "shop"
    shown = jody.get("/clients/halden-bikes/sources/").text
    assert "Shop" in shown and "Revenue" in shown and "money in GBP" in shown
    assert jody.get("/clients/halden-bikes/sources/uploads/nonsense/").status_code == 404


def test_what_is_tracked_is_agreed(people: Cast, jody: Browser) -> None:
    there = "/clients/halden-bikes/sources/"
    form = {
        "tracked": "Sessions\nForm leads",
        "left_out": "Calls",
        "spend": "3000",
        "agreed_on": "2026-11-01",
    }
    assert jody.post(f"{there}tracking/", form).status_code == 302
    assert "Form leads" in jody.get(there).text
    assert jody.post(f"{there}tracking/", form | {"agreed_on": "2027-11-01"}).status_code == 422


def test_a_source_is_forgotten(october: Cast, jody: Browser, django_capture_on_commit_callbacks: Any) -> None:
    source = Source.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        jody.post(f"/clients/halden-bikes/sources/{source.pk}/removal/")
    assert not Source.objects.exists()
    assert page.compose(october.halden, OCTOBER).is_empty


def test_a_source_that_fails_says_so(october: Cast, jody: Browser) -> None:
    later = cast.NOW + dt.timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        receiving.note_failure(october.halden, "upload", "The quota is used up.", by=cast.SYSTEM)
        assert "The quota is used up." in jody.get("/clients/halden-bikes/sources/").text


def test_another_team_sees_nothing(october: Cast) -> None:
    browser = Browser()
    browser.force_login(user_of(october.sam))
    assert browser.get("/clients/orbit-dental/figures/").status_code == 404
    assert browser.get("/clients/orbit-dental/sources/").status_code == 404
    source = Source.objects.get()
    assert not Source.objects.visible_to(october.sam.actor).exclude(client=october.halden).exists()
    assert browser.post(f"/clients/lumen-legal/sources/{source.pk}/removal/").status_code == 404


def test_a_link_needs_sharing_first(october: Cast, jody: Browser) -> None:
    maya = october.halden.contacts.get(name="Maya Lind")
    refused = jody.post(f"{HERE}links/", {"contact": maya.pk})
    assert refused.status_code == 422 and "not shared yet" in refused.text
    jody.post(f"{HERE}sharing/")
    assert "/portal/open/" in jody.post(f"{HERE}links/", {"contact": maya.pk}).text
    assert Dashboard.objects.shared_with(maya).exists()
    jody.post(f"{HERE}sharing/removal/")
    assert not Dashboard.objects.shared_with(maya).exists()
    dashboards.share(october.halden, by=cast.SYSTEM)
    assert remarks.comment(october.halden, "2026-10", "x", by=cast.SYSTEM, shown=True).shown_at
    assert told(Event.objects.get(verb="commentary.written")) == ("Commentary", "“x”", "on October 2026")


def test_a_table_too_large_for_a_page_is_sent_to_the_command_line(
    people: Cast, jody: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_sources, "UPLOADS", TableUploads(most=0, command="metrics import"))
    file = SimpleUploadedFile("years.csv", b"date,sessions\n", "text/csv")
    sent = jody.post("/clients/halden-bikes/sources/uploads/", {"file": file, "label": "Shop"})
    assert sent.status_code == 422 and "steadyhand metrics import" in sent.text

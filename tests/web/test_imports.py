"""The import pages: upload, columns, check, import, undo, the file to mend; and the export."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.models import Client
from steadyhand.comms.models import Interaction
from steadyhand.core import agency
from steadyhand.exchange.models import ImportRun, MappingPreset, RunState
from steadyhand.exchange.work import go_on_with_all
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests.cast import NOW, SYSTEM, joined

pytestmark = pytest.mark.django_db
BOOK = (
    "Account;Web;Lead;Type;What;Fee;From\n"
    "Halden Bikes;halden.example;jody@agency.example;retainer;SEO;2400;2026-03-01\n"
    "Orbit Dental;orbit.example;sam@agency.example;retainer;SEO;-1;2026-03-01\n"
)
MAPPING = {
    "clients-name": "Account",
    "clients-domain": "Web",
    "clients-owner": "Lead",
    "clients-kind": "Type",
    "clients-service": "What",
    "clients-amount": "Fee",
    "clients-start": "From",
}


@pytest.fixture
def head(settings: Any, tmp_path: Path) -> Iterator[Browser]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        agency.found(by=SYSTEM, name="Northwind")
        yield as_(joined("Keiran Flanigan", Role.HEAD))


def as_(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(Member.objects.get(pk=member.pk).user, backend="steadyhand.people.sign_in.Backend")  # type: ignore[arg-type]
    return browser


def text(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def upload(browser: Browser, content: str = BOOK, name: str = "book.csv") -> Any:
    return browser.post("/imports/clients/", {"file": SimpleUploadedFile(name, content.encode())})


def checked(browser: Browser, **more: str) -> ImportRun:
    upload(browser)
    run = ImportRun.objects.get()
    browser.post(f"/imports/{run.pk}/columns/", {**MAPPING, **more})
    run.refresh_from_db()
    return run


def test_an_upload_leads_to_its_columns_with_what_they_hold(head: Browser) -> None:
    answer = upload(head)
    page = text(head.get(answer["Location"]))
    assert "Account" in page and "100%" in page and "Halden Bikes · Orbit Dental" in page


def test_the_check_shows_each_row_before_anything_is_written(head: Browser) -> None:
    run = checked(head)
    assert run.state == RunState.CHECKED
    assert "Import 1 row" in text(head.get(f"/imports/{run.pk}/"))
    assert "below zero" in text(head.get(f"/imports/{run.pk}/?rows=skip"))
    assert not Client.objects.exists()


def test_the_import_is_done_by_the_worker_and_the_page_shows_its_progress(head: Browser) -> None:
    run = checked(head)
    head.post(f"/imports/{run.pk}/application/")
    page = text(head.get(f"/imports/{run.pk}/"))
    assert f"/imports/{run.pk}/progress/" in page and "Waiting for the background worker" in page
    assert head.get(f"/imports/{run.pk}/progress/").status_code == 200
    assert go_on_with_all() == 1
    assert head.get(f"/imports/{run.pk}/progress/")["HX-Redirect"] == f"/imports/{run.pk}/"
    assert Client.objects.get().name == "Halden Bikes"
    assert "Undo this import" in text(head.get(f"/imports/{run.pk}/"))


def test_an_import_can_be_undone_from_its_page(head: Browser) -> None:
    run = checked(head)
    head.post(f"/imports/{run.pk}/application/")
    go_on_with_all()
    head.post(f"/imports/{run.pk}/undoing/")
    go_on_with_all()
    assert not Client.objects.exists()
    assert "Undone" in text(head.get(f"/imports/{run.pk}/"))


def test_the_file_to_mend_has_the_reason_and_can_be_imported_when_mended(head: Browser) -> None:
    run = checked(head)
    answer: Any = head.get(f"/imports/{run.pk}/mending/clients/")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert rows[0] == "Account,Web,Lead,Type,What,Fee,From,reason (not imported)"
    assert len(rows) == 2 and rows[1].startswith("Orbit Dental") and "below zero" in rows[1]
    mended = "\n".join(rows).replace(",'-1,", ",100,")
    upload(head, mended, "mended.csv")
    second = ImportRun.objects.latest("pk")
    head.post(f"/imports/{second.pk}/columns/", MAPPING)
    second.refresh_from_db()
    assert second.counts == {"clients.create": 1}


def test_columns_kept_as_a_preset_map_the_next_file(head: Browser) -> None:
    checked(head, preset="Our sheet")
    assert MappingPreset.objects.get().name == "Our sheet"
    upload(head)
    assert ImportRun.objects.latest("pk").files.get().mapping["amount"] == "Fee"


def test_a_file_that_is_not_what_it_says_is_refused_at_the_field(head: Browser) -> None:
    answer = upload(head, "%PDF-1.7 and so on", "book.csv")
    assert answer.status_code == 422
    assert "but it is a PDF" in text(answer)
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_refused_while_it_comes_in(
    head: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steadyhand.web.uploads.MAX_BYTES", 100)
    answer = upload(head)
    assert answer.status_code == 422 and "book.csv is larger than" in text(answer)


def test_a_column_chosen_twice_is_refused(head: Browser) -> None:
    upload(head)
    run = ImportRun.objects.get()
    answer = head.post(f"/imports/{run.pk}/columns/", MAPPING | {"clients-domain": "Account"})
    assert answer.status_code == 422 and "chosen twice" in text(answer)


def test_hubspot_needs_to_know_what_an_amount_is(head: Browser) -> None:
    files = {
        kind: SimpleUploadedFile(f"{kind}.csv", b"Company ID,Company Name\n1,Halden\n")
        for kind in ("companies", "contacts", "deals")
    }
    answer = head.post("/imports/hubspot/", files)
    assert answer.status_code == 422 and "Say what the amount of a deal is" in text(answer)


def test_a_hubspot_portal_goes_from_upload_to_check(head: Browser) -> None:
    contents = {
        "companies": b"Company ID,Company Name,Company Domain Name\n1,Halden,halden.example\n",
        "contacts": b"Contact ID,First Name,Email,Associated Company Domain\n9,Maya,m@x.tv,halden.example\n",
    }
    files = {kind: SimpleUploadedFile(f"{kind}.csv", content) for kind, content in contents.items()}
    head.post("/imports/hubspot/", files)
    assert ImportRun.objects.get().counts == {"companies.create": 1, "contacts.create": 1}


def test_calls_and_activities_go_from_upload_to_the_client(head: Browser) -> None:
    client = book.add_client("Halden Bikes", by=SYSTEM)
    headings = text(head.get("/imports/activities.csv")).strip()
    assert headings.startswith("client,date,time,type,with,who,minutes")
    content = f"{headings}\nHalden Bikes,2026-11-03,14:30,call,,,25,out,Stock,,,\nNobody,,,fax,,,,,,,,\n"
    answer = head.post("/imports/activities/", {"file": SimpleUploadedFile("c.csv", content.encode())})
    page: Any = head.get(answer["Location"])
    run = ImportRun.objects.get()
    assert "Contact’s e-mail or name" in text(page)
    mapping = {f"interactions-{field}": name for field, name in run.files.get().mapping.items()}
    page = head.post(f"/imports/{run.pk}/columns/", mapping, follow=True)
    assert "Import 1 row" in text(page) and not Interaction.objects.exists()
    assert head.get(f"/imports/{run.pk}/mending/interactions/").status_code == 200
    head.post(f"/imports/{run.pk}/application/")
    go_on_with_all()
    assert Interaction.objects.get(client=client).minutes == 25


def test_an_import_that_wrote_nothing_can_be_thrown_away(head: Browser) -> None:
    run = checked(head)
    head.post(f"/imports/{run.pk}/removal/")
    assert not ImportRun.objects.exists()


def test_roles_without_the_capability_may_not_import(head: Browser) -> None:
    run = checked(head)
    manager = as_(joined("Jody Boyle", Role.MANAGER))
    for address in ("/imports/", f"/imports/{run.pk}/", "/exports/"):
        assert manager.get(address).status_code == 403
    assert manager.post(f"/imports/{run.pk}/application/").status_code == 403


def test_an_import_of_somebody_else_is_hidden_from_those_who_see_few_clients(head: Browser) -> None:
    run = checked(head)
    seller = as_(joined("Sally Seller", Role.NEW_BUSINESS))
    assert seller.get(f"/imports/{run.pk}/").status_code == 404
    assert seller.post(f"/imports/{run.pk}/undoing/").status_code == 404


def test_the_export_is_a_zip_of_everything_one_may_see(head: Browser) -> None:
    run = checked(head)
    head.post(f"/imports/{run.pk}/application/")
    go_on_with_all()
    answer: Any = head.post("/exports/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "Halden Bikes" in archive.read("book.csv").decode()
        assert "clients.json" in archive.namelist()


def test_a_portal_with_unknown_headings_asks_for_its_columns(head: Browser) -> None:
    files = {
        "companies": SimpleUploadedFile("companies.csv", b"Kennung,Firma\n1,Halden\n"),
        "contacts": SimpleUploadedFile("contacts.csv", b"Contact ID,Email\n9,m@x.example\n"),
    }
    answer: Any = head.post("/imports/hubspot/", files, follow=True)
    assert "Which column means what?" in text(answer)

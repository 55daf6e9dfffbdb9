"""A book is brought in: uploaded, mapped, checked, imported with progress, imported again, and undone."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.exchange.makers import HALDEN, write
from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said

#: As somebody else's spreadsheet calls them.
HEADINGS = {
    "client": "Account",
    "domain": "Site",
    "owner e-mail": "Looked after by",
    "engagement kind": "What",
    "service": "Line",
    "amount": "Fee",
    "currency": "Cur",
    "start": "From",
    "country": "Land",
}
FIELDS = ("name", "domain", "owner", "kind", "service", "amount", "currency", "start", "country")
BOOK = [
    HALDEN | {"client": "Aster Foods", "domain": "aster.example"},
    HALDEN | {"client": "Brook & Co", "domain": "brook.example", "amount": "£1,100"},
    HALDEN | {"client": "=HYPERLINK(1)", "domain": "calm.example", "amount": "900"},
    HALDEN | {"client": "Dune Travel", "domain": "dune.example", "amount": "minus nine"},
]


def spreadsheet(path: Path, *, fee: str = "2400") -> Path:
    """Four rows, of which one cannot be right."""
    book = [BOOK[0] | {"amount": fee}, *BOOK[1:]]
    return write(path, [{HEADINGS[k]: v for k, v in row.items()} for row in book], HEADINGS.values())


def upload(server: Server, page: Page, file: Path) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/imports/clients/")
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()


def test_1_nothing_is_written_before_it_is_checked(server: Server, page: Page, tmp_path: Path) -> None:
    server.let_in(page, "keiran")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Import").click()
    page.wait_for_url("**/imports/")
    look_at(page)
    page.get_by_role("link", name="Import a table").click()
    page.wait_for_url("**/imports/clients/")
    look_at(page)
    upload(server, page, spreadsheet(tmp_path / "book.csv"))
    page.wait_for_url("**/columns/")
    look_at(page)
    for field, heading in zip(FIELDS, HEADINGS.values(), strict=True):
        page.locator(f"[name=clients-{field}]").select_option(heading)
    page.get_by_label("Keep these columns as a preset").fill("Our old spreadsheet")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("button", name="Import 3 rows")).to_be_visible()
    look_at(page)
    page.get_by_role("link", name="Skipped").click()
    expect(page.get_by_role("row", name="Dune Travel")).to_contain_text("minus nine")
    look_at(page)
    assert "Aster Foods" not in page.request.get(f"{server.address}/clients/?stage=all").text()


def test_2_it_is_imported_and_planned(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/imports/1/")
    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.get_by_role("link", name="See the clients")).to_be_visible(timeout=20_000)
    look_at(page)
    with page.expect_download() as mending:
        page.get_by_role("link", name="take those of").click()
    text = Path(mending.value.path()).read_text(encoding="utf-8-sig")
    assert "Dune Travel" in text
    assert "Aster Foods" not in text
    page.get_by_role("link", name="See the clients").click()
    page.get_by_role("link", name="Aster Foods").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aster Foods")


def test_3_again_changes_only_what_changed(server: Server, page: Page, tmp_path: Path) -> None:
    upload(server, page, spreadsheet(tmp_path / "book.csv", fee="2600"))
    page.wait_for_url("**/columns/")
    page.get_by_role("button", name="Check").click()  # the preset knows these headings
    expect(page.get_by_role("button", name="Import 1 row")).to_be_visible()
    expect(page.get_by_role("row", name="Aster Foods")).to_be_visible()
    page.get_by_role("button", name="Throw away").click()
    said(page, "Thrown away. Nothing was written.")


def test_4_and_it_can_be_undone(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/imports/1/")
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text(re.compile("^Undone[.] Begun by"))).to_be_visible(timeout=20_000)
    look_at(page)
    page.goto(f"{server.address}/clients/?stage=all")
    expect(page.locator("#clients")).to_contain_text("Halden Bikes")
    expect(page.locator("#clients")).not_to_contain_text("Aster Foods")


def test_5_what_is_not_a_table_is_refused_with_a_remedy(server: Server, page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "logo.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    upload(server, page, picture)
    expect(page.locator(".field__error")).to_contain_text(
        "logo.xlsx says it is a spreadsheet, but it is a picture"
    )
    look_at(page)

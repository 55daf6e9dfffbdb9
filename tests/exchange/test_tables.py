"""Files as they come: encodings, delimiters, lies and traps."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyhand.core.refusals import Refusal
from steadyhand.exchange import spreadsheets, uploads
from steadyhand.exchange.tables import open_table, quoted, unquoted

TEXT = "client;city\nMüller & Söhne;Köln\n"


def stored(folder: Path, name: str, content: bytes | str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def rows(path: Path) -> list[tuple[int, list[str]]]:
    return [(row.line, row.cells) for row in open_table(path, path.name).rows()]


def refused(folder: Path, name: str, content: bytes | str) -> str:
    path = stored(folder, name, content)
    with pytest.raises(Refusal) as refusal:
        rows(path)
    return str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    path = stored(tmp_path, "a.csv", TEXT, encoding)
    assert rows(path) == [(2, ["Müller & Söhne", "Köln"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_recognised(tmp_path: Path, delimiter: str) -> None:
    content = delimiter.join(["a", '"x,;y"']) + "\n" + delimiter.join(["1", "2"]) + "\n"
    assert rows(stored(tmp_path, "a.csv", content)) == [(2, ["1", "2"])]


def test_lines_are_those_of_the_file_even_after_cells_with_line_breaks_and_blank_rows(tmp_path: Path) -> None:
    assert rows(stored(tmp_path, "a.csv", 'a,b\n"x\ny",1\n\n,\nz,2\n')) == [
        (2, ["x\ny", "1"]),
        (6, ["z", "2"]),
    ]


def sheet(folder: Path, cells: list[list[object]], name: str = "a.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in cells:
        book.worksheets[0].append(row)
    book.save(folder / name)
    return folder / name


def test_spreadsheets_give_text_people_would_type_and_formulas_stay_text(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [["a", "b", "c", "d"], [dt.date(2026, 3, 1), 2400.5, 12, "=1+1"], [], [None, 0.1, True, "x"]],
    )
    assert rows(path) == [(2, ["2026-03-01", "2400.5", "12", "=1+1"]), (4, ["", "0.1", "yes", "x"])]


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            # dated 1980, at any second: tests bear it in their names
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"%PDF-1.7", "but it is a PDF"),
        ("a.csv", zipped({"xl/workbook.xml": b""}), "a spreadsheet or another zipped file"),
        ("a.csv", b"\xd0\xcf\x11\xe0old", "old Excel"),
        ("a.csv", b"<!DOCTYPE html><p>", "a web page"),
        ("a.csv", b'{"a": 1}', "JSON"),
        ("a.csv", bytes(range(256)) * 4, "not text"),
        ("a.xlsx", "a,b\n1,2\n", "says it is a spreadsheet, but it is text"),
        ("a.xlsx", zipped({"word/document.xml": b""}), "not a spreadsheet"),
        ("a.xlsx", zipped({"xl/workbook.xml": b"<x>"})[:40], "damaged"),
        ("a.xlsx", zipped({"xl/workbook.xml": b"<x>"}), "cannot be read as a spreadsheet"),
        ("a.csv", "a,b\n", "headings but no rows"),
        ("a.csv", "\n\n", "no headings"),
        ("a.csv", "a,A\n1,2\n", "two columns called “A”"),
        ("a.csv", 'a,b\n1,2\n"3,4\n5,6\n', "from line 3 on: a quotation mark opens"),
        ("a.csv", "a,b\n" + "," * 600, "more than 500 columns"),
        ("a.csv", "a,b\n1," + "x" * (1 << 21), "more than a megabyte"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes | str, said: str
) -> None:
    assert said in refused(tmp_path, name, content)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * (64 << 20)})
    monkeypatch.setattr(spreadsheets.openpyxl, "load_workbook", None)
    assert "would unpack to 64 MB" in refused(tmp_path, "a.xlsx", bomb)
    many = zipped({"xl/workbook.xml": b"<x/>"} | {f"{n}": b"" for n in range(2001)})
    assert "2,002 parts" in refused(tmp_path, "a.xlsx", many)


def test_entities_in_a_spreadsheet_are_not_expanded(tmp_path: Path) -> None:
    path = sheet(tmp_path, [["a"], ["1"]])
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    entries["xl/workbook.xml"] = evil + entries["xl/workbook.xml"].split(b"?>", 1)[-1]
    assert "cannot be read" in refused(tmp_path, "b.xlsx", zipped(entries))


def test_an_upload_is_counted_while_it_comes_and_leaves_nothing_when_too_large(
    tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(uploads, "MAX_BYTES", 3 << 20)
    chunks = (b"x" * (1 << 20) for _ in range(10))
    with pytest.raises(Refusal, match="larger than 3 MB"):
        uploads.keep(chunks, "a.csv")
    assert sum(1 for _ in chunks) == 6  # it stopped reading
    assert not list((tmp_path / "imports").iterdir())


def test_an_empty_upload_is_refused(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(Refusal, match="is empty"):
        uploads.keep([b""], "a.csv")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0")))
def test_what_an_export_quotes_an_import_gives_back(value: str) -> None:
    cell = quoted(value.strip())
    assert cell[:1] not in ("=", "+", "-", "@", "\t")
    assert unquoted(cell) == value.strip()


def test_quoted_cells_survive_a_csv(tmp_path: Path) -> None:
    values = ["=1+1", "+44 20 7946", "-5", "@x", "'=x", "''@", "plain", "'quoted'"]
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([[f"h{n}" for n in range(8)], [quoted(value) for value in values]])
    assert rows(tmp_path / "a.csv")[0][1] == values

"""Reading an uploaded table safely, row by row, with the line numbers people see in their own file."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from steadyhand.core.refusals import Refusal
from steadyhand.exchange.spreadsheets import open_sheet

MAX_COLUMNS = 500
MAX_CELL = 1 << 20
_SNIFF = 64 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: What the first bytes of common other files say they are.
_SIGNATURES = (
    (b"PK\x03\x04", "a spreadsheet or another zipped file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls)"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a word-processor document"),
)
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it begins on, and its cells as text."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that has been looked at: its headings, and how to read the rest."""

    path: Path
    name: str
    headings: list[str]
    format: str
    encoding: str = ""
    delimiter: str = ""

    def rows(self) -> Iterator[Row]:
        """Every record below the headings that is not blank; a broken file refuses with its line."""
        source = _sheet_rows(self) if self.format == "xlsx" else _csv_rows(self)
        next(source, None)
        for row in source:
            if any(row.cells):
                yield row

    @property
    def described(self) -> str:
        """“clients.csv is read as cp1252 text with semicolons.” Nothing where nothing was guessed."""
        guessed = self.format == "csv" and (self.encoding[:5] != "utf-8" or self.delimiter != ",")
        return (
            f"{self.name} is read as {self.encoding} text with {_DELIMITERS[self.delimiter]}."
            if guessed
            else ""
        )


def open_table(path: Path, name: str) -> Table:
    """Look at a file: what it really is, its encoding, delimiter and headings. Refuses what is no table."""
    with path.open("rb") as source:
        head = source.read(_SNIFF)
    suffix = Path(name).suffix.lower()
    if suffix in {".xlsx", ".xlsm"}:
        if not head.startswith(b"PK\x03\x04"):
            raise _not_what_it_says(name, "a spreadsheet", _kind_of(head) or "text")
        table = Table(path, name, [], "xlsx")
    else:
        kind = _kind_of(head)
        if kind:
            raise _not_what_it_says(name, "a text file with columns", kind)
        encoding = _encoding_of(path, name, head)
        table = Table(path, name, [], "csv", encoding, _delimiter_of(head, encoding))
    rows = _sheet_rows(table) if table.format == "xlsx" else _csv_rows(table)
    first = next(rows, None)
    headings = [cell.strip() for cell in first.cells] if first else []
    while headings and not headings[-1]:
        headings.pop()
    _check_headings(name, headings)
    table = Table(path, name, headings, table.format, table.encoding, table.delimiter)
    if next(table.rows(), None) is None:
        raise Refusal(f"{name} has headings but no rows.", remedy="Nothing to import.", field="file")
    return table


def unquoted(cell: str) -> str:
    """The value of a cell: trimmed, and without the mark an export puts before a formula's sign."""
    cell = cell.strip()
    if cell.startswith("'") and cell.lstrip("'")[:1] in FORMULA_SIGNS and cell.lstrip("'"):
        return cell[1:]
    return cell


def quoted(value: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10); `unquoted` gives it back."""
    if value.lstrip("'")[:1] in FORMULA_SIGNS and value.lstrip("'"):
        return f"'{value}"
    return value


FORMULA_SIGNS = frozenset("=+-@\t\r\0")


def _kind_of(head: bytes) -> str:
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    start = head[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "a web page or XML"
    if start.startswith((b"{", b"[{")):
        return "JSON"
    return ""


def _not_what_it_says(name: str, says: str, kind: str) -> Refusal:
    return Refusal(
        f"{name} says it is {says}, but it is {kind}.",
        remedy="Save it as CSV or XLSX in the program it comes from, and choose that file.",
        field="file",
    )


def _encoding_of(path: Path, name: str, head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if b"\0" in head:
        odd, even = head[1::2].count(0), head[0::2].count(0)
        if max(odd, even) * 2 > len(head) // 2 > 0:
            return "utf-16-le" if odd > even else "utf-16-be"
        raise _not_what_it_says(name, "a text file with columns", "not text")
    for encoding in ("utf-8", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as source:
                while chunk := source.read(1 << 20):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Refusal(
        f"The letters of {name} are in an encoding we cannot tell.",
        remedy="Save it again as CSV in UTF-8.",
        field="file",
    )


def _delimiter_of(head: bytes, encoding: str) -> str:
    text = head.decode(encoding, errors="ignore")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and len(first) >= 5:
        return first[4] if first[4] in _DELIMITERS else ","
    outside = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _csv_rows(table: Table) -> Iterator[Row]:
    with table.path.open(encoding=table.encoding, newline="") as source:
        reader = csv.reader(source, delimiter=table.delimiter, strict=True)
        begins = 1
        try:
            for cells in reader:
                line, begins = begins, reader.line_num + 1
                if line == 1 and len(cells) >= 1 and cells[0].lower().startswith("sep="):
                    continue
                if len(cells) > MAX_COLUMNS:
                    raise _too_wide(table.name, line)
                yield Row(line, [unquoted(cell) for cell in cells])
        except csv.Error as error:
            raise Refusal(
                f"{table.name} cannot be read from line {begins} on: {_in_words(error)}.",
                remedy="Mend that line, or export the file again.",
                field="file",
            ) from error
        except UnicodeDecodeError as error:
            raise Refusal(
                f"{table.name} stops being {table.encoding} text near line {begins}.",
                remedy="Save it again as CSV in UTF-8.",
                field="file",
            ) from error


def _in_words(error: csv.Error) -> str:
    text = str(error)
    if "end of data" in text:
        return "a quotation mark opens there and never closes"
    if "expected after" in text:
        return "there is text after a closing quotation mark"
    if "field larger" in text:
        return "a cell holds more than a megabyte"
    return text


def _sheet_rows(table: Table) -> Iterator[Row]:
    for line, cells in open_sheet(table.path, table.name):
        if len(cells) > MAX_COLUMNS:
            raise _too_wide(table.name, line)
        yield Row(line, [unquoted(cell) for cell in cells])


def _too_wide(name: str, line: int) -> Refusal:
    return Refusal(
        f"Line {line} of {name} has more than {MAX_COLUMNS} columns.",
        remedy="Keep the columns you want to import.",
        field="file",
    )


def _check_headings(name: str, headings: list[str]) -> None:
    if not headings:
        raise Refusal(f"{name} has no headings.", remedy="Put the column names in line 1.", field="file")
    seen: set[str] = set()
    for number, heading in enumerate(headings, start=1):
        if heading and heading.casefold() in seen:
            raise Refusal(
                f"{name} has two columns called “{heading}”.",
                remedy=f"Rename or remove column {number}.",
                field="file",
            )
        seen.add(heading.casefold())

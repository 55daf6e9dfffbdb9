"""The rows that cannot be right, in a file of the same format with the reasons beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

from steadyhand.exchange.models import ImportFile
from steadyhand.exchange.runs import table_of
from steadyhand.exchange.tables import quoted

REASON = "reason (not imported)"


def has_rows_to_mend(file: ImportFile) -> bool:
    """Whether any row of this file can be mended."""
    return file.run.rows.filter(kind=file.kind, mendable=True).exists()


def mending_file(file: ImportFile) -> tuple[str, Iterator[bytes]]:
    """The name and content of the file to mend; once mended it is imported like any other."""
    table = table_of(file)
    stem = Path(file.name).stem
    if table.format == "xlsx":
        return f"{stem} to mend.xlsx", _sheet(file)
    return f"{stem} to mend.csv", _csv(file)


def _rows(file: ImportFile) -> Iterator[list[str]]:
    table = table_of(file)
    reasons = dict(
        file.run.rows.filter(kind=file.kind, mendable=True).values_list("line", "reason").iterator()
    )
    # A file that was mended before has our column already: its old reasons give way to the new ones.
    places = [place for place, heading in enumerate(table.headings) if heading != REASON]
    yield [*(table.headings[place] for place in places), REASON]
    for row in table.rows():
        if row.line in reasons:
            cells = row.cells + [""] * (len(table.headings) - len(row.cells))
            yield [*(cells[place] for place in places), reasons[row.line]]


def _csv(file: ImportFile) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"  # spreadsheet programs take a CSV without this mark for their own encoding
    for row in _rows(file):
        line = io.StringIO()
        csv.writer(line).writerow([quoted(cell) for cell in row])
        yield line.getvalue().encode()


def _sheet(file: ImportFile) -> Iterator[bytes]:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("To mend")
    for row in _rows(file):
        sheet.append([quoted(cell) for cell in row])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mend.xlsx"
        book.save(path)
        yield path.read_bytes()

"""XLSX, opened only after its declared sizes have been checked, and read row by row."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from steadyhand.core.refusals import Refusal

MAX_ENTRIES = 2000
MAX_UNPACKED = 400 * 1024 * 1024
#: The shared strings are the one part that has to fit in memory.
MAX_STRINGS = 64 * 1024 * 1024
MAX_RATIO = 100
_RATIO_MATTERS_FROM = 20 * 1024 * 1024
_STOP_AFTER_BLANK = 10_000


def open_sheet(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells as text, from the first sheet that has any. Formulas stay text."""
    _check_sizes(path, name)
    try:
        yield from _rows(path)
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        zipfile.BadZipFile,
        ParseError,
        InvalidFileException,
        DefusedXmlException,
        OSError,
    ) as error:
        raise Refusal(
            f"{name} cannot be read as a spreadsheet.",
            remedy="Open it in your spreadsheet program and save it again as XLSX, or as CSV.",
            field="file",
        ) from error


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            found, blank = False, 0
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                texts = [as_text(cell) for cell in cells]
                while texts and not texts[-1]:
                    texts.pop()
                if texts:
                    found, blank = True, 0
                    yield line, texts
                else:
                    blank += 1
                    if blank > _STOP_AFTER_BLANK:
                        break
            if found:
                return
    finally:
        book.close()


def as_text(cell: object) -> str:
    """A cell as the text a person would type: ISO dates, plain numbers."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.datetime):
        whole = cell.time() == dt.time()
        return cell.date().isoformat() if whole else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, float):
        return format(Decimal(repr(cell)).normalize(), "f")
    return str(cell)


def _check_sizes(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refusal(
            f"{name} is damaged: its end is missing or it was cut off.",
            remedy="Download or save it again.",
            field="file",
        ) from error
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise Refusal(
            f"{name} is a zipped file, but not a spreadsheet.",
            remedy="Choose the XLSX or CSV file itself.",
            field="file",
        )
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    strings = sum(
        entry.file_size for entry in entries if entry.filename.lower().endswith("sharedstrings.xml")
    )
    too_dense = unpacked > _RATIO_MATTERS_FROM and unpacked / packed > MAX_RATIO
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or strings > MAX_STRINGS or too_dense:
        raise Refusal(
            f"{name} would unpack to {unpacked // 1024 // 1024:,} MB in {len(entries):,} parts,"
            " more than we open.",
            remedy="Save the one sheet you need as CSV and import that.",
            field="file",
        )

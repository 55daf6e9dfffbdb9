"""Which files of a stranger are kept: none that runs, none that is not what its name says, no bombs.

What is kept is only ever handed out as a download (ASVS 5.0: 5.2.2 content and extension agree, 5.2.3
declared sizes before unpacking, 5.2.6 pixels, 5.4 served apart).
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from steadyhand.comms.mail.receiving.letter import Part
from steadyhand.core.mail_text import one_line

LARGEST = 25 * 1024 * 1024
MOST_FILES = 30
LARGEST_UNPACKED = 500 * 1024 * 1024
MOST_ENTRIES = 10_000
HIGHEST_RATIO = 200  # beyond it, and above 20 MB unpacked, an archive is a bomb
MOST_PIXELS = 100_000_000

RUNS = {
    *("ade", "adp", "app", "appx", "bat", "cab", "chm", "cmd", "com", "cpl", "diagcab", "dll"),
    *("dmg", "exe", "hta", "img", "iso", "jar", "jnlp", "js", "jse", "lnk", "mde", "msc", "msi"),
    *("msix", "msp", "mst", "pif", "ps1", "ps2", "psc1", "psd1", "psm1", "reg", "scf", "scr", "sh"),
    *("sys", "url", "vb", "vbe", "vbs", "vhd", "vhdx", "wsc", "wsf", "wsh", "xll"),
}

#: What a file begins with, by what it is.
BEGINS: tuple[tuple[str, bytes], ...] = (
    ("pdf", b"%PDF-"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("jpg", b"\xff\xd8\xff"),
    ("gif", b"GIF8"),
    ("zip", b"PK\x03\x04"),
    ("zip", b"PK\x05\x06"),
    ("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("program", b"MZ"),
    ("program", b"\x7fELF"),
    ("program", b"\xcf\xfa\xed\xfe"),
    ("program", b"\xca\xfe\xba\xbe"),
    ("program", b"#!"),
    ("program", b"L\x00\x00\x00\x01\x14\x02\x00"),
)

#: What a file of this ending has to be.
HAS_TO_BE = {
    "pdf": "pdf",
    "png": "png",
    "jpg": "jpg",
    "jpeg": "jpg",
    "gif": "gif",
    "zip": "zip",
    **dict.fromkeys(("docx", "xlsx", "pptx", "docm", "xlsm", "pptm", "odt", "ods", "odp"), "zip"),
}

MIME_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that may be kept, under a name that is safe to save it by."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not kept, and why: the end of “… was left out: it …”."""

    name: str
    why: str


def sort_out(parts: Iterable[Part]) -> tuple[list[Kept], list[LeftOut]]:
    """Which files are kept and which are left out."""
    kept: list[Kept] = []
    left: list[LeftOut] = []
    for part in parts:
        name = safe_name(part.name)
        why = "is one file too many" if len(kept) >= MOST_FILES else objection(name, part.content)
        if why:
            left.append(LeftOut(name, why))
        else:
            kept.append(Kept(name, part.content, _mime_type(part.content)))
    return kept, left


def safe_name(name: str) -> str:
    """A name to save a file by: no folders, nothing invisible, no text that turns around."""
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cf", "Cs", "Co", "Cn"})
    name = unicodedata.normalize("NFC", one_line(name)).replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r'[<>:"|?*]', "-", name).strip(" .")
    if len(name) > 150:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:130]}{dot}{ending[:15]}" if dot else name[:150]
    return name or "file"


def objection(name: str, content: bytes) -> str:
    """Why a file is not kept, as the end of “it …”; empty when it may be."""
    if not content:
        return "is empty"
    if len(content) > LARGEST:
        return "is larger than 25 MB"
    ending = _ending(name)
    if ending in RUNS:
        return "is a program"
    kind = _kind(content)
    if kind == "program":
        return "is a program"
    if HAS_TO_BE.get(ending, kind) != kind:
        return f"is not what its ending .{ending} says"
    if kind == "zip":
        return _objection_to_archive(content)
    if kind in {"png", "gif", "jpg"} and _pixels(kind, content) > MOST_PIXELS:
        return "unfolds to a picture too large to open"
    return ""


def _objection_to_archive(content: bytes) -> str:
    """By what the archive declares alone: nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        return "is a damaged archive"
    unpacked = sum(entry.file_size for entry in entries)
    is_dense = unpacked > 20 * 1024 * 1024 and unpacked > HIGHEST_RATIO * len(content)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or is_dense:
        return "unfolds to far more than it seems"
    if any(_ending(entry.filename) in RUNS for entry in entries):
        return "holds a program"
    return ""


def _kind(content: bytes) -> str:
    return next((kind for kind, begins in BEGINS if content.startswith(begins)), "")


def _mime_type(content: bytes) -> str:
    return MIME_TYPES.get(_kind(content), "application/octet-stream")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower().strip() if "." in name else ""


def _pixels(kind: str, content: bytes) -> int:
    """Width times height as the file's own head says; 0 when it says nothing."""
    try:
        if kind == "png":
            width, height = struct.unpack(">II", content[16:24])
        elif kind == "gif":
            width, height = struct.unpack("<HH", content[6:10])
        else:
            width, height = _size_of_jpeg(content)
    except struct.error:
        return 0
    return int(width) * int(height)


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    """From the frame header, which every JPEG has before its pixels."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return 0, 0

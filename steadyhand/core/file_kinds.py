"""What a file is, by its content: a name and a browser's word for it prove nothing."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from xml.etree.ElementTree import ParseError

import filetype
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
VIDEOS = frozenset({"video/mp4", "video/webm", "video/quicktime"})
FONTS = frozenset({"application/font-woff", "application/font-sfnt"})
DRAWINGS = frozenset({"image/svg+xml"})
OFFICE = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)
PAPERS = frozenset({"application/pdf"})
TEXTS = frozenset({"text/plain"})
DOCUMENTS = PAPERS | OFFICE | TEXTS | DRAWINGS | frozenset({"application/zip"})
EVERYTHING = PICTURES | VIDEOS | FONTS | DOCUMENTS

#: What a browser may show in its place: it runs nothing.
SHOWN = PICTURES | VIDEOS | PAPERS

#: How each is called, for the sentence that refuses another.
WORDS = {
    PICTURES: "a picture (PNG, JPEG, GIF, WebP or AVIF)",
    VIDEOS: "a video (MP4, WebM or MOV)",
    FONTS: "a font (WOFF, TTF or OTF)",
    DRAWINGS: "a drawing (SVG)",
    OFFICE: "a Word, Excel or PowerPoint file",
    PAPERS: "a PDF",
    TEXTS: "a text file",
    frozenset({"application/zip"}): "a ZIP archive",
}

#: Of an archive: entries, bytes unpacked, and how much larger it may become.
MOST_ENTRIES, MOST_UNPACKED, MOST_GROWTH = 5_000, 1_000_000_000, 200
TEXT_NAMES = {".txt", ".csv", ".md"}
HEAD = 262_144


def kind_of(content: bytes, name: str) -> str:
    """The media type of these bytes (the whole file, or its first 256 KiB), or "" where we know none."""
    known = filetype.guess(content[:HEAD])
    if known is not None:
        return str(known.mime)
    if b"<svg" in content[:4096].lower():
        return "image/svg+xml" if _is_svg(content) else ""
    if PurePath(name).suffix.lower() in TEXT_NAMES and _is_text(content[:HEAD]):
        return "text/plain"
    return ""


def words_for(kinds: frozenset[str]) -> str:
    """“a picture (…) or a PDF”: what may be sent, in words."""
    said = [words for kind, words in WORDS.items() if kind <= kinds]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"


def swells(content: bytes) -> str:
    """Why an archive (also an Office file is one) may not be kept, or "". Nothing is unpacked to know."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return "cannot be opened"
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        return f"holds {len(entries):,} files; {MOST_ENTRIES:,} is the most"
    if unpacked > MOST_UNPACKED or unpacked > MOST_GROWTH * max(len(content), 1):
        return f"would unpack to {unpacked / 1e6:,.0f} MB"
    return ""


def _is_svg(content: bytes) -> bool:
    try:
        return bool(fromstring(content).tag.rpartition("}")[2] == "svg")
    except (ParseError, DefusedXmlException, ValueError):
        return False


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return error.start > len(content) - 4 and b"\0" not in content
    return "\0" not in text

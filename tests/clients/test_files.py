"""What people upload: kept by its content, within limits, answered safely, swept when nobody names it."""

from __future__ import annotations

import io
import os
import struct
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from steadyhand.clients import book
from steadyhand.clients.files import DOCUMENTS, PICTURES, VIDEOS, drop_file, keep_file
from steadyhand.clients.models import Client, ClientFile
from steadyhand.core import agency, files, sweeping
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.core.serving import file_answer
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db


def png(width: int = 1, height: int = 1) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in entries.items():
            pack.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def halden(settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    agency.found(by=SYSTEM, name="Northwind")
    return book.add_client("Halden Bikes", by=SYSTEM)


def test_a_file_is_what_its_bytes_say(halden: Client) -> None:
    kept = keep_file(halden, r"C:\logos\logo.exe", png(), by=SYSTEM)
    assert (kept.name, kept.media_type, kept.size) == ("logo.exe", "image/png", len(png()))
    assert files.open_file(kept.digest).read() == png()
    assert Event.objects.get(verb="file.kept").client_id == halden.pk


@pytest.mark.parametrize(
    ("name", "content", "kinds", "says"),
    [
        ("logo.png", b"MZ\x90\x00" + b"\0" * 64, PICTURES, "not a picture"),
        ("page.png", b"<html><script>alert(1)</script></html>", PICTURES, "not a picture"),
        ("notes.txt", b"\xff\xfe\x00", DOCUMENTS, "not .* text file"),
        ("film.mp4", png(), VIDEOS, "not a video"),
        ("logo.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', DOCUMENTS, "not .* drawing"),
        ("empty.png", b"", PICTURES, "empty"),
        ("bomb.zip", archive(a=b"\0" * 5_000_000), DOCUMENTS, "would unpack to 5 MB"),
        ("many.zip", archive(**{str(n): b"" for n in range(5001)}), DOCUMENTS, "holds 5,001 files"),
    ],
)
def test_what_is_not_wanted_is_refused_and_nothing_kept(
    halden: Client, name: str, content: bytes, kinds: frozenset[str], says: str
) -> None:
    with pytest.raises(Refusal, match=says) as refused:
        keep_file(halden, name, content, by=SYSTEM, kinds=kinds)
    assert name in str(refused.value) and refused.value.remedy
    assert not ClientFile.objects.exists()


def test_a_client_has_so_much_room(halden: Client, settings: Any) -> None:
    settings.CLIENT_QUOTA_MB = 1
    keep_file(halden, "notes.txt", b"a" * 900_000, by=SYSTEM)
    with pytest.raises(Refusal, match=r"no room for “more.txt”.*1 MB of 1 MB"):
        keep_file(halden, "more.txt", b"b" * 200_000, by=SYSTEM)
    keep_file(book.add_client("Orbit", by=SYSTEM), "more.txt", b"b" * 200_000, by=SYSTEM)


def test_the_agencys_scanner_decides(halden: Client, settings: Any) -> None:
    settings.SCANNER = "grep -qv EICAR"
    keep_file(halden, "clean.txt", b"hello", by=SYSTEM)
    with pytest.raises(Refusal, match=r"scanner does not let “bad.txt” pass"):
        keep_file(halden, "bad.txt", b"EICAR", by=SYSTEM)
    settings.SCANNER = "no-such-scanner -"
    with pytest.raises(Refusal, match="could not be scanned"):
        keep_file(halden, "clean.txt", b"hello", by=SYSTEM)


def test_only_what_runs_nothing_is_shown_in_its_place(halden: Client) -> None:
    request = RequestFactory().get("/")
    drawing = keep_file(halden, "mark.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", by=SYSTEM)
    picture = keep_file(halden, "mark.png", png(), by=SYSTEM)
    shown = file_answer(request, picture.digest, "Größe.png", picture.media_type, inline=True)
    saved = file_answer(request, drawing.digest, drawing.name, drawing.media_type, inline=True)
    assert shown["Content-Disposition"] == "inline; filename*=utf-8''Gr%C3%B6%C3%9Fe.png"
    assert saved["Content-Disposition"].startswith("attachment")
    for answer in (shown, saved):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    with pytest.raises(Http404):
        file_answer(request, "0" * 64, "gone.png", "image/png")


@pytest.mark.parametrize(
    ("asked", "status", "got"),
    [
        ("", 200, b"0123456789"),
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=8-99", 206, b"89"),
        ("bytes=99-", 416, b""),
        ("bytes=0-1,3-4", 200, b"0123456789"),
    ],
)
def test_a_film_can_be_wound(halden: Client, asked: str, status: int, got: bytes) -> None:
    digest = files.put(b"0123456789")
    answer = file_answer(RequestFactory().get("/", headers={"Range": asked}), digest, "a.txt", "text/plain")
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert (answer.status_code, body) == (status, got)


def test_what_no_row_names_goes_after_a_day(halden: Client) -> None:
    named, dropped, young = (keep_file(halden, f"{n}.txt", n.encode(), by=SYSTEM) for n in "abc")
    again = keep_file(book.add_client("Orbit", by=SYSTEM), "a.txt", b"a", by=SYSTEM)
    for file in (dropped, young, again):
        drop_file(file, by=SYSTEM)
    long_ago = time.time() - 3 * 86400
    for digest in (named.digest, dropped.digest):
        os.utime(files._path(digest), (long_ago, long_ago))
    os.utime(files._path(young.digest), (long_ago, long_ago))
    files.put(b"c")  # somebody sends it again just now; their row is not there yet
    assert sweeping.sweep() == 1
    assert files.open_file(named.digest) and files.open_file(young.digest)
    with pytest.raises(FileNotFoundError):
        files.open_file(dropped.digest)

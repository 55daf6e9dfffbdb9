"""A bundle of pieces to approve, and the small pictures and videos that tests make themselves."""

from __future__ import annotations

import datetime as dt
import struct
import zlib

from steadyhand.clients.models import Client, Contact
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.delivery.approvals.preparing import (
    Upload,
    add_piece,
    add_version,
    prepare_bundle,
    upload_version,
)
from steadyhand.delivery.models import Bundle, Mode, Piece, PieceKind
from tests import cast
from tests.cast import SYSTEM

DUE = dt.date(2026, 12, 1)


def png(width: int = 8, height: int = 8, colour: tuple[int, int, int] = (200, 80, 40)) -> bytes:
    """A plain picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def webm() -> bytes:
    """The first bytes of a WebM video, enough to be known as one."""
    return (
        b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm"
        + b"\0" * 64
    )


def actor_of(contact: Contact) -> Actor:
    """Somebody at the client."""
    return Actor(ActorKind.CONTACT, contact.pk, contact.name)


def copied(
    client: Client,
    *titles: str,
    by: Actor = SYSTEM,
    mode: Mode = Mode.ONE,
    is_social: bool = True,
    due_on: dt.date = DUE,
    owner: object = None,
) -> Bundle:
    """A bundle with a text for each title, not asked for yet."""
    bundle = prepare_bundle(
        client,
        "December posts",
        by=by,
        due_on=due_on,
        mode=mode,
        is_social=is_social,
        owner=owner,  # type: ignore[arg-type]
    )
    for title in titles or ("Monday",):
        add_version(add_piece(bundle, title, PieceKind.COPY, by=by), by=by, text=f"{title}: ride on.")
    return bundle


def pictured(bundle: Bundle, title: str = "Header", *, by: Actor = SYSTEM) -> Piece:
    """One more piece: a picture."""
    piece = add_piece(bundle, title, PieceKind.PICTURE, by=by)
    upload_version(piece, Upload("header.png", png()), by=by)
    return piece


def at(day: str, time: str = "10:00") -> dt.datetime:
    """A moment in London's winter."""
    return dt.datetime.fromisoformat(f"{day}T{time}:00+00:00")


NOW = cast.NOW

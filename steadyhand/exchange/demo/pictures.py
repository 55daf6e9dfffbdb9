"""Small pictures for the demo's approvals, drawn here so that nobody's photographs are needed."""

from __future__ import annotations

import math
import struct
import zlib

Colour = tuple[int, int, int]

WIDTH, HEIGHT = 640, 400


def landscape(
    sky: Colour, ground: Colour, sun: Colour, *, sun_at: float = 0.72, steep: float = 0.16
) -> bytes:
    """A PNG: a sky that pales downwards, a sun, two hills. `sun_at` and `steep` are shares of the size."""
    far, near = bytes(ground), bytes(_mixed(ground, (20, 24, 32), 0.25))
    hills = [(_hill(x, 0.62, steep, 0.0), _hill(x, 0.8, steep, 2.1)) for x in range(WIDTH)]
    across, down, radius = int(WIDTH * sun_at), HEIGHT // 4, HEIGHT // 9
    rows = []
    for y in range(HEIGHT):
        air = bytes(_mixed(sky, (250, 246, 236), y / HEIGHT))
        row = [near if y > front else far if y > back else air for back, front in hills]
        half = math.isqrt(max(radius * radius - (y - down) ** 2, 0))
        for x in range(across - half, across + half):
            row[x] = bytes(sun) if row[x] is air else row[x]
        rows.append(b"\0" + b"".join(row))
    return png(WIDTH, HEIGHT, b"".join(rows))


def _hill(x: int, base: float, steep: float, shift: float) -> float:
    return HEIGHT * (base + steep * math.sin(x / WIDTH * 5 + shift) / 2)


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG of eight bits a channel; each row is a zero byte and its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue

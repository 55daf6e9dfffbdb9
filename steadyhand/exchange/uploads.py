"""Keeping what somebody hands us: streamed to disk, counted, named by its digest."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from steadyhand.core.refusals import Refusal

MAX_BYTES = 200 * 1024 * 1024
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was kept: its name as given, SHA-256 digest and size in bytes."""

    name: str
    digest: str
    size: int


def folder() -> Path:
    """Where kept files lie."""
    place = Path(settings.MEDIA_ROOT) / "imports"
    place.mkdir(parents=True, exist_ok=True)
    return place


def path_of(digest: str) -> Path:
    """The kept file with this digest."""
    return folder() / digest


def keep(chunks: Iterable[bytes], name: str) -> Upload:
    """Stream an upload into the data folder; refuses an empty one and one above `MAX_BYTES`."""
    sha, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=folder(), prefix=".coming-")
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_BYTES:
                    raise Refusal(
                        f"{name} is larger than {MAX_BYTES // 1024 // 1024} MB.",
                        remedy="Split it into several files and import them one after the other.",
                        field="file",
                    )
                sha.update(chunk)
                out.write(chunk)
        if size == 0:
            raise Refusal(f"{name} is empty.", remedy="Export it again and try once more.", field="file")
        Path(temporary).replace(path_of(sha.hexdigest()))
    finally:
        Path(temporary).unlink(missing_ok=True)
    return Upload(name=Path(name).name[:200], digest=sha.hexdigest(), size=size)


def keep_file(path: Path) -> Upload:
    """Keep a file of this machine (the command line's way in)."""
    if not path.is_file():
        raise Refusal(f"There is no file {path}.", remedy="Check the path.", field="file")
    with path.open("rb") as source:
        return keep(iter(lambda: source.read(CHUNK), b""), path.name)

"""Files that people sent us, kept under the SHA-256 of their bytes: the same file once, whoever sends it.

They live in `files/` of the data folder. Rows name them by digest; whoever serves one asks the row's
`visible_to` first, for a digest is no permission.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

DIGEST = re.compile(r"[0-9a-f]{64}")


def put(content: bytes) -> str:
    """Keep these bytes; their digest. Nobody ever finds half a file under it.

    Called within the transaction of the row that names it: what a rolled back one leaves behind is
    found again by the next that puts the same bytes.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if path.exists():
        os.utime(path)  # so that the sweep lets it live until the row is there
        return digest
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{digest}.{uuid.uuid4().hex}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return digest


def open_file(digest: str) -> BinaryIO:
    """The bytes kept under a digest. FileNotFoundError when they are gone."""
    return _path(digest).open("rb")


def _path(digest: str) -> Path:
    if not DIGEST.fullmatch(digest):
        raise FileNotFoundError(digest)
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest

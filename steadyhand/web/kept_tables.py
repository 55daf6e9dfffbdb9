"""A table that somebody uploads on a page: kept by its digest, opened again by the page that follows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest

from steadyhand.core.refusals import Refusal
from steadyhand.exchange import uploads
from steadyhand.exchange.tables import open_table
from steadyhand.exchange.uploads import Upload

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class TableUploads:
    """What a page takes: at most so many MB; `command` brings in what is larger."""

    most: int
    command: str

    def keep(self, file: UploadedFile) -> Upload:  # type: ignore[type-arg]
        """The file, kept. Refuses what is too large and what is no table."""
        if (file.size or 0) > self.most * 1024 * 1024:
            raise self.too_large(file.name or "The table")
        upload = uploads.keep(file.chunks(), file.name or "table.csv")
        open_table(uploads.path_of(upload.digest), upload.name)
        return upload

    def too_large(self, name: str) -> Refusal:
        """What is said of a file above the limit."""
        return Refusal(
            f"{name} is larger than {self.most} MB.",
            remedy=f"Split it by year, or bring it in with: steadyhand {self.command}",
            field="file",
        )


def kept_table(request: HttpRequest, digest: str) -> tuple[Path, str]:
    """Where a kept table lies, and its name as the address says it; 404 where it is not kept any more."""
    path = uploads.path_of(digest) if _DIGEST.fullmatch(digest) else None
    if path is None or not path.is_file():
        raise Http404("That file is not kept any more. Upload it again.")
    return path, request.GET.get("name", "table.csv")[:200]

"""Uploads are counted while they come in: a file that is too large never fills the disk."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from steadyhand.exchange.uploads import MAX_BYTES


class CountingHandler(FileUploadHandler):
    """Drops a file above `MAX_BYTES`; the view finds its name in `request.too_large`."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and pass on to the next handler."""
        self._size += len(raw_data)
        if self._size > MAX_BYTES:
            if self.request is not None:
                self.request.too_large = self.file_name  # type: ignore[attr-defined]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """The next handler keeps the file."""
        return None

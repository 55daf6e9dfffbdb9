"""Answering with a kept file. Whoever calls this has asked the row's query set first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from steadyhand.core import files
from steadyhand.core.file_kinds import SHOWN

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
CHUNK = 65_536
POLICY = "default-src 'none'; sandbox"


def file_answer(
    request: HttpRequest, digest: str, name: str, media_type: str, *, inline: bool = False
) -> HttpResponseBase:
    """The file, to be saved; shown in its place (`inline`) only if a browser runs nothing in its kind.

    One range (RFC 9110 §14) is answered with 206, so that a video can be wound. 404 when the file is gone.
    """
    try:
        file = files.open_file(digest)
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the data folder.") from error
    answer = _whole_or_part(request, file, media_type)
    shown = inline and media_type in SHOWN
    answer["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    return answer


def _whole_or_part(request: HttpRequest, file: BinaryIO, media_type: str) -> HttpResponseBase:
    size = file.seek(0, 2)
    file.seek(0)
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked[0] == "bytes=-":
        whole = FileResponse(file, content_type=media_type)
        whole["Accept-Ranges"] = "bytes"
        return whole
    first = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
    last = min(int(asked[2]) if asked[1] and asked[2] else size - 1, size - 1)
    if first > last:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file.seek(first)
    part = StreamingHttpResponse(_read(file, last - first + 1), status=206, content_type=media_type)
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    part["Content-Length"] = str(last - first + 1)
    part["Accept-Ranges"] = "bytes"
    return part


def _read(file: BinaryIO, left: int) -> Iterator[bytes]:
    with file:
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk

"""Keeping what people upload for a client: its kind read from its content, counted against a quota."""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from steadyhand.clients.models import Client, ClientFile
from steadyhand.core import clock, events, file_kinds, files, scanning
from steadyhand.core.actor import Actor
from steadyhand.core.file_kinds import DOCUMENTS, EVERYTHING, FONTS, PICTURES, VIDEOS
from steadyhand.core.refusals import Refusal

__all__ = ["DOCUMENTS", "EVERYTHING", "FONTS", "PICTURES", "VIDEOS", "check_file", "drop_file", "keep_file"]

MEGABYTE = 1_000_000
#: Bytes of one file; what shows pictures and papers need not carry films.
LARGEST, LARGEST_VIDEO = 25 * MEGABYTE, 200 * MEGABYTE


def keep_file(
    client: Client, name: str, content: bytes, *, by: Actor, kinds: frozenset[str] = EVERYTHING
) -> ClientFile:
    """Keep an uploaded file. Refuses, naming it, what is of another kind, too large, infected or over quota.

    The scanner is asked before the transaction is opened: call this outside one.
    """
    name = PurePath(name.replace("\\", "/")).name[-200:] or "file"
    media_type = check_file(name, content, kinds)
    return _write(client, name, content, media_type, by=by)


def check_file(name: str, content: bytes, kinds: frozenset[str] = EVERYTHING) -> str:
    """The media type of an acceptable file; the refusal of any other."""
    if not content:
        raise Refusal(f"“{name}” is empty.", remedy="Choose the file again.", field="file")
    media_type = file_kinds.kind_of(content, name)
    if media_type not in kinds:
        raise Refusal(
            f"“{name}” is not {file_kinds.words_for(kinds)}.",
            remedy="Save it in one of these kinds and send it again.",
            field="file",
        )
    largest = LARGEST_VIDEO if media_type in VIDEOS else LARGEST
    if len(content) > largest:
        raise Refusal(
            f"“{name}” has {len(content) / MEGABYTE:,.0f} MB; {largest // MEGABYTE} MB is the most.",
            remedy="Send a smaller version of it.",
            field="file",
        )
    archived = media_type in file_kinds.OFFICE or media_type == "application/zip"
    if archived and (why := file_kinds.swells(content)):
        raise Refusal(f"“{name}” {why}.", remedy="Send its parts one by one.", field="file")
    scanning.refuse_infected(content, name)
    return media_type


@transaction.atomic
def _write(client: Client, name: str, content: bytes, media_type: str, *, by: Actor) -> ClientFile:
    locked = Client.objects.select_for_update().get(pk=client.pk)
    used = locked.files.aggregate(sum=Sum("size"))["sum"] or 0
    quota = settings.CLIENT_QUOTA_MB * MEGABYTE
    if used + len(content) > quota:
        raise Refusal(
            f"There is no room for “{name}”: the files of {locked.name} have {used / MEGABYTE:,.0f} MB "
            f"of {settings.CLIENT_QUOTA_MB:,} MB.",
            remedy="Remove files that are no longer needed, or ask the agency for more room.",
            field="file",
        )
    file = ClientFile.objects.create(
        client=locked,
        digest=files.put(content),
        name=name,
        media_type=media_type,
        size=len(content),
        added_at=clock.now(),
        added_by=by.as_json(),
    )
    events.record("file.kept", by=by, client_id=locked.pk, subject=file, name=name, size=len(content))
    return file


@transaction.atomic
def drop_file(file: ClientFile, *, by: Actor) -> None:
    """Remove a file from a client; its bytes go with the next sweep, unless another row names them too."""
    events.record("file.dropped", by=by, client_id=file.client_id, subject=file, name=file.name)
    file.delete()

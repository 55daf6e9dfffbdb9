"""Bringing in a client's touches and conversions: a GA4 export, or two tables (R8).

They lie as Parquet in `<data folder>/journeys/<digest>/`, a folder that never changes; a row names the
newest.
"""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.reporting.attribution.asking import COMMAND_PATIENCE, run_child
from steadyhand.reporting.attribution.questions import export_files
from steadyhand.reporting.models import JourneyImport, JourneySource

#: What lies in a folder.
FILES = {"touches": "touchpoints.parquet", "conversions": "conversions.parquet"}
CHILD = "steadyhand.reporting.attribution.import_child"
#: Bytes of an export that one child process reads.
BATCH = 256 * 1024 * 1024

Progress = Callable[[int, int, str], None]
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def newest(client: Client) -> JourneyImport | None:
    """What is there of a client, or nothing."""
    return JourneyImport.objects.filter(client=client).first()


def folder_of(row: JourneyImport) -> Path:
    """Where its `touchpoints.parquet` and `conversions.parquet` are."""
    return _home() / row.digest


def import_ga4(
    client: Client,
    path: Path,
    *,
    by: Actor,
    goals: Sequence[str] = (),
    name: str = "",
    progress: Progress = lambda done, files, name: None,
) -> JourneyImport:
    """Bring in GA4's BigQuery export, a file or a folder. Its days replace those days; the rest stays.

    What each file holds is kept until all of them are in: after a kill, the same import goes on where it was.
    `progress` hears how many files are read, of how many, and which is next.
    """
    if not path.exists():
        raise Refusal(f"There is no file or folder {path}.", remedy="Check the path.", field="file")
    parts = _home() / "parts" / str(client.pk)
    parts.mkdir(parents=True, exist_ok=True, mode=0o700)
    _read_files(path.absolute(), parts, goals, progress)
    before = newest(client)
    merged = before is not None and before.source == JourneySource.GA4 and folder_of(before).is_dir()
    asked = {
        "ga4": str(path.absolute()),
        "goals": list(goals),
        "before": str(folder_of(before)) if before and merged else "",
        "parts": str(parts),
    }
    row = _bring_in(client, JourneySource.GA4, name or path.name, asked, before, by=by)
    shutil.rmtree(parts, ignore_errors=True)
    return row


def _read_files(path: Path, parts: Path, goals: Sequence[str], progress: Progress) -> None:
    """The part of each file, some files in one child process."""
    files = export_files(path)
    if len(files) < 2:
        return  # there is no place to go on at; it is read where it is put together
    for first, batch in _batches(files):
        progress(first, len(files), batch[0].name)
        asked = {
            "into": str(parts),
            "now": "0",
            "ga4": str(path),
            "goals": list(goals),
            "parts": str(parts),
            "only_read": [str(file) for file in batch],
        }
        run_child(CHILD, asked, patience=COMMAND_PATIENCE)


def _batches(files: Sequence[Path]) -> Iterator[tuple[int, list[Path]]]:
    """Files that one process reads, with how many come before: about `BATCH` bytes."""
    batch: list[Path] = []
    size = 0
    for n, file in enumerate(files):
        batch.append(file)
        size += file.stat().st_size
        if size >= BATCH or n == len(files) - 1:
            yield n + 1 - len(batch), batch
            batch, size = [], 0


def import_tables(
    client: Client,
    touchpoints: Path,
    conversions: Path,
    *,
    by: Actor,
    name: str = "",
    patience: int = COMMAND_PATIENCE,
) -> JourneyImport:
    """Bring in a table of touches and one of conversions; they replace what was there. `patience` in
    seconds.
    """
    for path in (touchpoints, conversions):
        if not path.is_file():
            raise Refusal(f"There is no file {path}.", remedy="Check the path.", field="file")
    asked = {"touchpoints": str(touchpoints.absolute()), "conversions": str(conversions.absolute())}
    called = name or f"{touchpoints.name}, {conversions.name}"
    return _bring_in(client, JourneySource.TABLES, called, asked, newest(client), by=by, patience=patience)


def by_command(client: Client) -> str:
    """The command that brings in what is too large for a page."""
    return f"steadyhand attribution --client {client.ref} --touchpoints FILE --conversions FILE"


def _bring_in(
    client: Client,
    source: JourneySource,
    name: str,
    asked: dict[str, Any],
    before: JourneyImport | None,
    *,
    by: Actor,
    patience: int = COMMAND_PATIENCE,
) -> JourneyImport:
    draft = _home() / f".{uuid.uuid4().hex}"
    draft.mkdir(parents=True, mode=0o700)
    try:
        asked |= {"into": str(draft), "now": str(clock.now().timestamp())}
        instead = f"Nothing was changed. Use the command `{by_command(client)}`."
        said = run_child(CHILD, asked, patience=patience, instead=instead)
        kept = _home() / said["digest"]
        if not kept.is_dir():
            draft.rename(kept)
        return _note(client, source, name, said, before, by=by)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@transaction.atomic
def _note(
    client: Client,
    source: JourneySource,
    name: str,
    said: dict[str, Any],
    before: JourneyImport | None,
    *,
    by: Actor,
) -> JourneyImport:
    Client.objects.select_for_update().get(pk=client.pk)
    if newest(client) != before:
        raise Conflict(
            f"Somebody brought in other data of {client.name} at the same time.",
            remedy="Bring yours in again.",
        )
    row = JourneyImport.objects.create(
        client=client,
        source=source,
        name=name[:200],
        digest=said["digest"],
        touches=said["touches"],
        conversions=said["conversions"],
        users=said["users"],
        first_at=_moment(said["first"]),
        last_at=_moment(said["last"]),
        notices=said["notices"],
        by_name=by.name,
        made_at=clock.now(),
    )
    events.record(
        "journeys.imported",
        by=by,
        client_id=client.pk,
        subject=row,
        source=str(JourneySource(source).label),
        name=row.name,
        touches=row.touches,
        conversions=row.conversions,
    )
    if before is not None:
        transaction.on_commit(lambda: drop(before.digest))
    return row


def drop(digest: str) -> None:
    """Remove files that no client's newest import names."""
    clients = JourneyImport.objects.filter(digest=digest).values_list("client", flat=True)
    for client in Client.objects.filter(pk__in=clients):
        row = newest(client)
        if row is not None and row.digest == digest:
            return
    shutil.rmtree(_home() / digest, ignore_errors=True)


def _moment(microseconds: int | None) -> dt.datetime | None:
    return None if microseconds is None else EPOCH + dt.timedelta(microseconds=microseconds)


def _home() -> Path:
    return Path(settings.DATA) / "journeys"

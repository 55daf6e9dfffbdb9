"""Bringing in a client's touches and conversions: a GA4 export, or two tables (R8).

They lie as Parquet in `<data folder>/journeys/<digest>/`, a folder that never changes; a row names the
newest.
"""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.reporting.attribution.asking import COMMAND_PATIENCE, run_child
from steadyhand.reporting.models import JourneyImport, JourneySource

#: What lies in a folder.
FILES = {"touches": "touchpoints.parquet", "conversions": "conversions.parquet"}
CHILD = "steadyhand.reporting.attribution.import_child"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def newest(client: Client) -> JourneyImport | None:
    """What is there of a client, or nothing."""
    return JourneyImport.objects.filter(client=client).first()


def folder_of(row: JourneyImport) -> Path:
    """Where its `touchpoints.parquet` and `conversions.parquet` are."""
    return _home() / row.digest


def import_ga4(
    client: Client, path: Path, *, by: Actor, goals: Sequence[str] = (), name: str = ""
) -> JourneyImport:
    """Bring in GA4's BigQuery export, a file or a folder. Its days replace those days; the rest stays."""
    if not path.exists():
        raise Refusal(f"There is no file or folder {path}.", remedy="Check the path.", field="file")
    before = newest(client)
    merged = before is not None and before.source == JourneySource.GA4 and folder_of(before).is_dir()
    asked = {
        "ga4": str(path.absolute()),
        "goals": list(goals),
        "before": str(folder_of(before)) if before and merged else "",
    }
    return _bring_in(client, JourneySource.GA4, name or path.name, asked, before, by=by)


def import_tables(
    client: Client, touchpoints: Path, conversions: Path, *, by: Actor, name: str = ""
) -> JourneyImport:
    """Bring in a table of touches and one of conversions; they replace what was there."""
    for path in (touchpoints, conversions):
        if not path.is_file():
            raise Refusal(f"There is no file {path}.", remedy="Check the path.", field="file")
    asked = {"touchpoints": str(touchpoints.absolute()), "conversions": str(conversions.absolute())}
    called = name or f"{touchpoints.name}, {conversions.name}"
    return _bring_in(client, JourneySource.TABLES, called, asked, newest(client), by=by)


def _bring_in(
    client: Client,
    source: JourneySource,
    name: str,
    asked: dict[str, Any],
    before: JourneyImport | None,
    *,
    by: Actor,
) -> JourneyImport:
    draft = _home() / f".{uuid.uuid4().hex}"
    draft.mkdir(parents=True, mode=0o700)
    try:
        asked |= {"into": str(draft), "now": str(clock.now().timestamp())}
        said = run_child(CHILD, asked, patience=COMMAND_PATIENCE)
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

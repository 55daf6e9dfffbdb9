"""Reading connected tools: some days at a time, resumable, patient with a tool that is not well (R1).

The figures of a stretch of days are merged into the client's file, then the cursor moves in the transaction
that notes them. Killed between the two, the same days are read again, which changes nothing.
"""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import F, Q

from steadyhand.clients.models.client import Stage
from steadyhand.core import clock, events, files
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.core.secrets import unseal
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.metrics.providers import Access, Fetched, Provider, Trouble, provider
from steadyhand.reporting.metrics.receiving import receive
from steadyhand.reporting.models import Connection, RawAnswer, Source

A_DAY = dt.timedelta(days=1)

#: How long one run holds a connection; it renews that with every stretch of days.
LEASE = dt.timedelta(minutes=5)

#: Read again every night, in the client's small hours.
NIGHTLY = dt.time(4, 15)

#: The first wait after a failure, doubled each time up to the longest.
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=2), dt.timedelta(hours=6)

#: How long answers are kept as they came.
KEPT = dt.timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a connection has been read: days of those wanted."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Full percent; 100 only when all of it is there."""
        return 100 * self.done // self.total if self.total else 100


def progress(connection: Connection) -> Progress:
    """How far the back-fill is."""
    total = (_yesterday(connection) - connection.since).days + 1
    done = (connection.cursor - connection.since).days + 1 if connection.cursor else 0
    return Progress(min(max(done, 0), max(total, 0)), max(total, 0))


def fetch_due(*, by: Actor) -> int:
    """Read every connection that is due and free, one after the other; how many stretches were read.

    Those of a client that has left wait until the client is back.
    """
    at, read = clock.now(), 0
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    due = Connection.objects.filter(free, due_at__lte=at)
    for pk in list(due.exclude(client__stage=Stage.ENDED).values_list("pk", flat=True)):
        if due.filter(pk=pk).update(leased_until=at + LEASE):
            read += fetch(Connection.objects.select_related("client", "source").get(pk=pk), by=by)
    RawAnswer.objects.filter(at__lt=at - KEPT).delete()
    return read


def fetch(connection: Connection, *, by: Actor) -> int:
    """Read one connection up to yesterday; stops at the first trouble and says so. How many stretches."""
    tool, read = provider(connection.provider), 0
    if tool is None:
        _failed(connection, Trouble(f"Nothing here reads “{connection.provider}”.", lasts=True), by=by)
        return 0
    try:
        access = Access(connection.account, unseal(connection.secret))
        for first, last in _stretches(connection, tool):
            _take(connection, tool, tool.fetch(access, first, last), first, last, by=by)
            read += 1
    except Trouble as trouble:
        _failed(connection, trouble, by=by)
    except Refusal as refusal:
        sentence = f"{refusal.sentence} {refusal.remedy}".strip()
        _failed(connection, Trouble(sentence, lasts=True), by=by)
    else:
        _finished(connection)
    return read


def _stretches(connection: Connection, tool: Provider) -> Iterator[tuple[dt.date, dt.date]]:
    """The days to read: on from the cursor, those before it that may still change among them."""
    first = connection.since
    if connection.cursor is not None:
        first = max(connection.since, connection.cursor - tool.settles + A_DAY)
    until = _yesterday(connection)
    while first <= until:
        last = min(first + tool.at_a_time - A_DAY, until)
        yield first, last
        first = last + A_DAY


def _take(
    connection: Connection, tool: Provider, found: Fetched, first: dt.date, last: dt.date, *, by: Actor
) -> None:
    settled = _yesterday(connection) - tool.settles
    known = [row for row in found.observations if row.metric in METRICS and first <= row.day <= last]
    receive(
        connection.client,
        connection.source.key,
        [replace(row, source=connection.source.key) for row in known],
        by=by,
        label=connection.source.label,
        zone=found.zone,
        currency=found.currency,
        rank=connection.source.rank,
        complete_until=min(last, settled),
        sampled=found.sampled,
    )
    with transaction.atomic():
        at = clock.now()
        RawAnswer.objects.create(
            connection=connection,
            first_day=first,
            last_day=last,
            digest=files.put(gzip.compress(found.raw, mtime=0)),
            at=at,
        )
        row = Connection.objects.select_for_update().get(pk=connection.pk)
        row.cursor = max(row.cursor, last) if row.cursor else last
        row.quota, row.leased_until = dict(found.quota), at + LEASE
        row.save(update_fields=["cursor", "quota", "leased_until"])
    connection.cursor = row.cursor


def _finished(connection: Connection) -> None:
    zone = clock.zone_info(connection.client.zone)
    tomorrow = clock.today(connection.client.zone) + A_DAY
    due = dt.datetime.combine(tomorrow, NIGHTLY, zone)
    Connection.objects.filter(pk=connection.pk).update(due_at=due, leased_until=None, failures=0)


@transaction.atomic
def _failed(connection: Connection, trouble: Trouble, *, by: Actor) -> None:
    """Keep the sentence where the source stands; try again later, or wait for whoever can mend it."""
    at = clock.now()
    wait = trouble.retry_after or min(FIRST_WAIT * 2 ** min(connection.failures, 10), LONGEST_WAIT)
    Connection.objects.filter(pk=connection.pk).update(
        due_at=None if trouble.lasts else at + wait, leased_until=None, failures=F("failures") + 1
    )
    source = Source.objects.select_for_update().get(pk=connection.source_id)
    is_news = source.error != trouble.sentence[:500]
    source.failed_at, source.error = at, trouble.sentence[:500]
    source.save(update_fields=["failed_at", "error"])
    if is_news:  # the same again every few minutes is told once
        events.record(
            "figures.refused",
            by=by,
            client_id=connection.client_id,
            subject=source,
            source=source.label,
            why=source.error,
        )


def _yesterday(connection: Connection) -> dt.date:
    return clock.today(connection.source.zone or connection.client.zone) - A_DAY

"""Taking figures in: what a source sends is merged into the client's file, and the source knows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from steadyhand.clients.models import Client
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics import store
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.metrics.reading import currency_of
from steadyhand.reporting.metrics.store import Observation, Written
from steadyhand.reporting.models import Source

#: Whatever was typed or uploaded by hand comes after what a tool sends by itself.
BY_HAND = 60


@dataclass(frozen=True, slots=True)
class Received:
    """What a batch did, and the source it belongs to."""

    source: Source
    written: Written

    @property
    def sentence(self) -> str:
        """“31 values are new, 2 values replace what was there.”"""
        written = self.written
        if not written.changed:
            return "Nothing new: every value stood there already."
        parts = []
        if written.new:
            parts.append(f"{_values(written.new, 'is', 'are')} new")
        if written.replaced:
            parts.append(f"{_values(written.replaced, 'replaces', 'replace')} what was there")
        if written.unchanged:
            parts.append(f"{_values(written.unchanged, 'stood', 'stood')} there already")
        return f"{', '.join(parts)}.".capitalize()


def key_of(label: str) -> str:
    """The short name of a source that is called so: “Meta Ads” is meta-ads."""
    return slugify(label)[:40] or "upload"


def client_currency(client: Client) -> str:
    """The currency the client's figures are in: that of their money so far, else of what they pay us in."""
    known = currency_of(Source.objects.filter(client=client))
    if known:
        return known
    codes = client.engagements.order_by("-starts_on", "-pk").values_list("currency", flat=True)
    return codes.first() or Agency.get().currency


def receive(
    client: Client,
    key: str,
    observations: Iterable[Observation],
    *,
    by: Actor,
    label: str = "",
    zone: str = "",
    currency: str = "",
    rank: int = BY_HAND,
    complete_until: dt.date | None = None,
    sampled: bool | None = None,
) -> Received:
    """Merge what a source of the client sends. Late and revised values replace what was there.

    Every observation must bear `key` as its source. The file is written before the database's row: a batch
    that is killed between the two is sent again and changes nothing. Refuses money in another currency.
    """
    rows = list(observations)
    money = any(METRICS[row.metric].money for row in rows)
    if money:
        known = client_currency(client)
        currency = currency or known
        standing = currency_of(Source.objects.filter(client=client))
        if standing and currency != standing:
            raise Refusal(
                f"{client.name}'s figures are in {standing}, these are in {currency}.",
                remedy=f"Convert them to {standing} before you send them.",
                field="currency",
            )
    written = store.write(client.pk, rows, at=clock.now())
    spans = [span for span in written.spans if span.source == key]
    source = _note(
        client,
        key,
        written,
        by=by,
        label=label or key.replace("-", " ").replace("_", " ").capitalize(),
        rank=rank,
        values={
            "zone": zone or client.zone,
            "complete_until": complete_until,
            "rows": sum(span.rows for span in spans),
            "first_day": min((span.first_day for span in spans), default=None),
            "last_day": max((span.last_day for span in spans), default=None),
            **({"currency": currency} if money else {}),
            **({"sampled": sampled} if sampled is not None else {}),
        },
    )
    return Received(source, written)


@transaction.atomic
def _note(
    client: Client, key: str, written: Written, *, by: Actor, label: str, rank: int, values: dict[str, object]
) -> Source:
    source, _ = Source.objects.select_for_update().get_or_create(
        client=client, key=key, defaults={"label": label, "rank": rank, "zone": str(values["zone"])}
    )
    now = clock.now()
    for name, value in values.items():
        setattr(source, name, value)
    source.succeeded_at, source.error, source.by_name = now, "", by.name
    source.save()
    if written.changed:
        events.record(
            "figures.received",
            by=by,
            client_id=client.pk,
            subject=source,
            source=source.label,
            new=written.new,
            replaced=written.replaced,
            first=written.first_day.isoformat() if written.first_day else "",
            last=written.last_day.isoformat() if written.last_day else "",
        )
    return source


@transaction.atomic
def note_failure(
    client: Client, key: str, sentence: str, *, by: Actor, label: str = "", rank: int = 50
) -> Source:
    """A source could not send: keep the sentence, so that its page says what to do. What is there stays."""
    source, _ = Source.objects.select_for_update().get_or_create(
        client=client, key=key, defaults={"label": label or key, "rank": rank, "zone": client.zone}
    )
    source.failed_at, source.error = clock.now(), sentence[:500]
    source.save(update_fields=["failed_at", "error"])
    events.record(
        "figures.refused", by=by, client_id=client.pk, subject=source, source=source.label, why=source.error
    )
    return source


@transaction.atomic
def forget_source(source: Source, *, by: Actor) -> None:
    """Take a source and everything it sent out of the client's figures. It cannot be taken back."""
    events.record(
        "figures.forgotten",
        by=by,
        client_id=source.client_id,
        subject=source,
        source=source.label,
        rows=source.rows,
    )
    client_id, key = source.client_id, source.key
    source.delete()
    transaction.on_commit(lambda: store.drop_source(client_id, key))


def _values(count: int, one: str, many: str) -> str:
    return f"{count:,} value {one}" if count == 1 else f"{count:,} values {many}"

"""One entry by hand: made, changed, taken out, put back; and what the client says to our advice (R3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.portal_access import actor_of
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Entry, Recommendation, RecommendationState
from steadyhand.delivery.rights import refuse_strangers
from steadyhand.delivery.work.cells import Reading, read, refuse_unfinished
from steadyhand.delivery.work.finding import Known
from steadyhand.delivery.work.lists import Lists
from steadyhand.delivery.work.tables import WorkTable, table_of
from steadyhand.delivery.work.writing import FIELDS_OF, write

LONGEST_ANSWER = 500


@transaction.atomic
def enter(client: Client, table: WorkTable, cells: Mapping[str, str], *, by: Actor) -> Entry:
    """Write one down. Refuses what cannot be, and what stands there already."""
    refuse_strangers(client.pk, by)
    Client.objects.select_for_update().get(pk=client.pk)
    lists, today, now = Lists(), clock.today(client.zone), clock.now()
    values = read(table, cells, Reading(lists, today), blanks=True)
    refuse_unfinished(table, values)
    _refuse_twice(client, table, values)
    entry = table.model(client=client, by_name=by.name, made_at=now, changed_at=now)
    write(entry, values, lists=lists, today=today, by=by, whole=True)
    entry.save(force_insert=True)
    _record("work.entered", entry, by)
    return entry


@transaction.atomic
def change(entry: Entry, cells: Mapping[str, str], *, by: Actor) -> Entry:
    """Say it anew, all of it. Nothing is recorded where it says the same."""
    row, table = _standing(entry, by), table_of(entry)
    lists, today = Lists(), clock.today(row.client.zone)
    values = read(table, cells, Reading(lists, today), blanks=True)
    refuse_unfinished(table, values)
    _refuse_twice(row.client, table, values, besides=row)
    if write(row, values, lists=lists, today=today, by=by, whole=True):
        row.changed_at = clock.now()
        row.save(update_fields=[*FIELDS_OF[type(row)], "changed_at"])
        _record("work.changed", row, by)
    return row


@transaction.atomic
def drop(entry: Entry, *, by: Actor) -> Entry:
    """It should not stand there."""
    row = _standing(entry, by)
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    _record("work.dropped", row, by)
    return row


@transaction.atomic
def restore(entry: Entry, *, by: Actor) -> Entry:
    """Put it back where it was taken out by mistake."""
    row, table = _locked(entry, by), table_of(entry)
    if row.dropped_at is None:
        return row
    said = {name: getattr(row, name) for name in FIELDS_OF[type(row)]}
    _refuse_twice(row.client, table, said)
    row.dropped_at = None
    row.save(update_fields=["dropped_at"])
    _record("work.restored", row, by)
    return row


@transaction.atomic
def answer(recommendation: Recommendation, state: str, words: str, *, by: Contact) -> Recommendation:
    """Somebody at the client says that it is done, or that they will not do it, with a word.

    Saying it again changes the answer. Refuses anything but done and declined; declining wants its word.
    """
    if by.client_id != recommendation.client_id:
        raise Refusal("That is not yours to answer.")
    row = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    text = " ".join(words.split())[:LONGEST_ANSWER]
    if row.dropped_at is not None:
        raise Refusal("We have taken that recommendation back.", remedy="There is nothing to answer.")
    if state not in {RecommendationState.DONE, RecommendationState.DECLINED}:
        raise Refusal("Say whether it is done or not wanted.", field="state")
    if state == RecommendationState.DECLINED and not text:
        raise Refusal("Say in a word why not.", remedy="It helps us advise you better.", field="words")
    row.state, row.answer, row.by_client = RecommendationState(state), text, True
    row.answered_by, row.answered_at = by.name, clock.now()
    row.save(update_fields=["state", "answer", "by_client", "answered_by", "answered_at"])
    events.record(
        "recommendation.answered",
        by=actor_of(by),
        client_id=row.client_id,
        subject=row,
        issue=row.issue,
        state=row.state,
        answer=row.answer,
    )
    return row


def _refuse_twice(
    client: Client, table: WorkTable, values: Mapping[str, Any], besides: Entry | None = None
) -> None:
    rows = table.rows.standing().filter(client=client)
    others = rows.exclude(pk=besides.pk) if besides is not None else rows
    if table.names:
        url = {"url": values["url"]} if values.get("url") else {table.names: values.get(table.names)}
        others = others.filter(**url) if besides is not None or values.get("url") else others
    found = Known(table, others).find(values)
    if found is not None:
        raise Refusal(
            f"That {table.one} stands there already: {found}, {found.day.day} {found.day:%B %Y}.",
            remedy="Change it there.",
            field="url" if values.get("url") else "day",
        )


def _standing(entry: Entry, by: Actor) -> Entry:
    row = _locked(entry, by)
    if row.dropped_at is not None:
        raise Refusal("It has been taken out.", remedy="Put it back first.")
    return row


def _locked(entry: Entry, by: Actor) -> Entry:
    refuse_strangers(entry.client_id, by)
    Client.objects.select_for_update().get(pk=entry.client_id)
    rows = table_of(entry).rows.select_for_update(of=("self",)).select_related("client")
    row: Entry = rows.get(pk=entry.pk)
    return row


def _record(verb: str, entry: Entry, by: Actor) -> None:
    table = table_of(entry)
    events.record(
        verb,
        by=by,
        client_id=entry.client_id,
        subject=entry,
        table=table.key,
        what=table.one,
        text=str(entry),
    )

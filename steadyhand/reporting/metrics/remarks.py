"""What is said beside figures: commentary on a period, and marks on days. Inside, until it is shown (R2)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics import periods
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.models import Annotation, AnnotationKind, Commentary

LONGEST = 4000
LONGEST_MARK = 200


@transaction.atomic
def comment(
    client: Client, period: str, text: str, *, by: Actor, metric: str = "", shown: bool = False
) -> Commentary:
    """Say something about a period, or a metric of it. `shown`: the client reads it at once."""
    words = text.strip()
    if not words:
        raise Refusal("The commentary is empty.", remedy="Write what the figures mean.", field="text")
    if len(words) > LONGEST:
        raise Refusal(f"That is longer than {LONGEST:,} letters.", remedy="Shorten it.", field="text")
    if metric and metric not in METRICS:
        raise Refusal(f"“{metric[:40]}” is not a metric we know.", field="metric")
    now = clock.now()
    written = Commentary.objects.create(
        client=client,
        period=periods.parse(period).key,
        metric=metric,
        text=words,
        by_name=by.name,
        at=now,
        shown_at=now if shown else None,
        shown_by=by.name if shown else "",
    )
    events.record(
        "commentary.written",
        by=by,
        client_id=client.pk,
        subject=written,
        period=written.period,
        metric=metric,
        text=words[:120],
        shown=shown,
    )
    return written


@transaction.atomic
def show_commentary(commentary: Commentary, *, by: Actor) -> Commentary:
    """The client reads it from now on."""
    commentary = _standing(commentary)
    if commentary.shown_at is None:
        commentary.shown_at, commentary.shown_by = clock.now(), by.name
        commentary.save(update_fields=["shown_at", "shown_by"])
        _record("commentary.shown", commentary, by)
    return commentary


@transaction.atomic
def hide_commentary(commentary: Commentary, *, by: Actor) -> Commentary:
    """It is for us alone again; who has read it has read it."""
    commentary = _standing(commentary)
    if commentary.shown_at is not None:
        commentary.shown_at, commentary.shown_by = None, ""
        commentary.save(update_fields=["shown_at", "shown_by"])
        _record("commentary.hidden", commentary, by)
    return commentary


@transaction.atomic
def drop_commentary(commentary: Commentary, *, by: Actor) -> Commentary:
    """Take it back."""
    commentary = _standing(commentary)
    commentary.dropped_at = clock.now()
    commentary.save(update_fields=["dropped_at"])
    _record("commentary.dropped", commentary, by)
    return commentary


@transaction.atomic
def annotate(
    client: Client,
    kind: AnnotationKind | str,
    day: dt.date,
    text: str,
    *,
    by: Actor,
    until: dt.date | None = None,
    shown: bool = False,
) -> Annotation:
    """Mark a day, or some days, with what happened. `shown`: the client sees the mark as well."""
    words = text.strip()
    if not words:
        raise Refusal("The mark says nothing.", remedy="Write what happened on that day.", field="text")
    if len(words) > LONGEST_MARK:
        raise Refusal(f"A mark has {LONGEST_MARK} letters at most.", remedy="Shorten it.", field="text")
    if until is not None and until < day:
        raise Refusal("It ends before it starts.", remedy="Put the later day last.", field="until")
    now = clock.now()
    made = Annotation.objects.create(
        client=client,
        kind=AnnotationKind(kind),
        day=day,
        until=until,
        text=words,
        by_name=by.name,
        at=now,
        shown_at=now if shown else None,
    )
    events.record(
        "annotation.made",
        by=by,
        client_id=client.pk,
        subject=made,
        kind=str(made.kind),
        day=day.isoformat(),
        text=words,
        shown=shown,
    )
    return made


@transaction.atomic
def drop_annotation(annotation: Annotation, *, by: Actor) -> Annotation:
    """Take a mark back."""
    annotation = Annotation.objects.select_for_update().get(pk=annotation.pk)
    if annotation.dropped_at is None:
        annotation.dropped_at = clock.now()
        annotation.save(update_fields=["dropped_at"])
        events.record(
            "annotation.dropped",
            by=by,
            client_id=annotation.client_id,
            subject=annotation,
            text=annotation.text,
        )
    return annotation


def _standing(commentary: Commentary) -> Commentary:
    commentary = Commentary.objects.select_for_update().get(pk=commentary.pk)
    if commentary.dropped_at is not None:
        raise Refusal("Somebody has taken that commentary back.", remedy="Write it anew.")
    return commentary


def _record(verb: str, commentary: Commentary, by: Actor) -> None:
    events.record(verb, by=by, client_id=commentary.client_id, subject=commentary, text=commentary.text[:120])

"""Two records are one client: the figures of the one that is given up go along."""

from __future__ import annotations

from django.db import transaction

from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics import store
from steadyhand.reporting.metrics.reading import currency_of
from steadyhand.reporting.models import (
    Annotation,
    Commentary,
    Connection,
    Dashboard,
    Source,
    Target,
    TrackingAgreement,
)


def move_figures(*, husk: int, kept: int) -> None:
    """Part of the merge: rows go at once, the file as soon as it is certain. Refuses two currencies."""
    mine = Source.objects.filter(client=kept)
    theirs = list(Source.objects.filter(client=husk).select_related("client"))
    here, there = currency_of(mine), currency_of(theirs)
    if here and there and here != there:
        raise Refusal(
            f"The figures of one are in {here}, of the other in {there}.",
            remedy="Forget the sources of one of them first, under Figures.",
        )
    read_here = set(Connection.objects.filter(client=kept).values_list("provider", "account"))
    for connection in Connection.objects.filter(client=husk):
        if (connection.provider, connection.account) in read_here:
            connection.delete()  # the same account twice would be read twice
    names = _renamed(theirs, set(mine.values_list("key", flat=True)))
    for source in theirs:
        source.client_id, source.key = kept, names[source.key]
        source.save(update_fields=["client", "key"])
    if Dashboard.objects.filter(client=kept).exists():
        Dashboard.objects.filter(client=husk).delete()
    standing = set(Target.objects.standing().filter(client=kept).values_list("metric", "from_day"))
    for target in Target.objects.standing().filter(client=husk):
        if (target.metric, target.from_day) in standing:
            target.dropped_at = clock.now()
            target.save(update_fields=["dropped_at"])
    for table in (Connection, Dashboard, Commentary, Annotation, Target, TrackingAgreement):
        table.objects.filter(client=husk).update(client=kept)
    transaction.on_commit(lambda: store.adopt(kept, husk, names))


def _renamed(sources: list[Source], taken: set[str]) -> dict[str, str]:
    """A free name for each source of the other: its own, else with the other's short name behind it."""
    names: dict[str, str] = {}
    for source in sources:
        name, number = source.key, 1
        while name in taken:
            number += 1
            name = f"{source.key[:36]}-{number}"
        taken.add(name)
        names[source.key] = name
    return names

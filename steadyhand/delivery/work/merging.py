"""Two records are one client: the work of the one that is given up goes along (R3)."""

from __future__ import annotations

from steadyhand.core import clock
from steadyhand.delivery.models import Entry, PlannedWork
from steadyhand.delivery.work.finding import Known
from steadyhand.delivery.work.tables import TABLES


def merge_work(*, husk: int, kept: int) -> None:
    """What stands at both stays as the kept client has it; the other's is taken out."""
    for table in TABLES.values():
        known = Known(table, table.rows.standing().filter(client=kept))
        twice: list[int] = [
            one.pk for one in table.rows.standing().filter(client=husk) if known.find(_said(one)) is not None
        ]
        table.rows.filter(pk__in=twice).update(dropped_at=clock.now())
        table.rows.filter(client=husk).update(client=kept)
    said = ("output", "type", "month", "lasting")
    standing = set(PlannedWork.objects.filter(client=kept).values_list(*said))
    for row in PlannedWork.objects.filter(client=husk):
        if (row.output, row.type, row.month, row.lasting) in standing:
            row.delete()
    PlannedWork.objects.filter(client=husk).update(client=kept)


def _said(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name, "") for name in ("url", "issue", "day", "domain", "title")}

"""What was made, in reports: the week's links and content, a month against its plan (R3, R11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from steadyhand.clients.models import Client
from steadyhand.core.recurrence import Period
from steadyhand.delivery.models import Backlink, ContentItem
from steadyhand.delivery.work.planning import done_against_plan

#: Of one type that are named one by one; the others are counted.
NAMED = 4


def made_in(client: Client, period: Period) -> Iterator[dict[str, str]]:
    """A row for each type of link and content that was done, naming some of them, with the last one's day."""
    found: dict[str, list[tuple[str, dt.date]]] = {}
    rows: list[Backlink | ContentItem] = [
        *Backlink.objects.filter(client=client).done_within(period.start, period.end),
        *ContentItem.objects.filter(client=client).done_within(period.start, period.end),
    ]
    for row in sorted(rows, key=lambda one: (one.done_on or one.day, one.pk)):
        name = row.domain if isinstance(row, Backlink) else f"“{row.title}”"
        found.setdefault(row.type, []).append((name, row.done_on or row.day))
    for kind, made in found.items():
        names = list(dict.fromkeys(name for name, _ in made))
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        words = f"{len(made)} × {kind}: {', '.join(names[:NAMED])}{more}"
        yield {"words": words, "who": "", "day": made[-1][1].isoformat(), "note": ""}


def against_plan(client: Client, period: Period) -> list[dict[str, Any]]:
    """A table for the report of one month, or of its days so far: planned and done; none without a plan."""
    if period.start.day != 1 or period.end.replace(day=1) != period.start:
        return []
    lines = [line for line in done_against_plan(client, period.start, period.end) if line.plan]
    if not lines:
        return []
    return [
        {
            "title": "Our work, done against plan",
            "head": ["Work", "Planned", "Done"],
            "rows": [[line.label, str(line.planned), str(line.done)] for line in lines],
        }
    ]

"""What a month is to bring: so many links, so many articles; set against what was done (R3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from steadyhand.clients.models import Client
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Backlink, ContentItem, Output, PlannedWork
from steadyhand.delivery.rights import refuse_strangers
from steadyhand.delivery.work.lists import Lists

MOST = 1000
MODELS: dict[str, type[Backlink] | type[ContentItem]] = {"links": Backlink, "content": ContentItem}
LIST_OF = {"links": "link_type", "content": "content_type"}


@dataclass(frozen=True, slots=True)
class Against:
    """One line of a month's plan beside what was done of it. `plan` is None where nothing was planned."""

    output: str
    type: str
    planned: int
    done: int
    plan: PlannedWork | None = None

    @property
    def label(self) -> str:
        """“Links”, “Content: article”."""
        return f"{Output(self.output).label.capitalize()}{f': {self.type}' if self.type else ''}"

    @property
    def counted(self) -> str:
        """“3 of 4”, or the done alone."""
        return f"{self.done} of {self.planned}" if self.plan else f"{self.done}"

    @property
    def reached(self) -> bool:
        """Whether all that was planned is done."""
        return self.done >= self.planned


@transaction.atomic
def plan_work(
    client: Client,
    output: str,
    count: int,
    month: dt.date,
    *,
    by: Actor,
    type: str = "",  # the field's word
    lasting: bool = True,
) -> PlannedWork:
    """So many a month from this one on until changed, or (`lasting` False) in this one alone."""
    refuse_strangers(client.pk, by)
    if output not in Output.values:
        raise Refusal("Plan links or content.", field="output")
    if not 0 <= count <= MOST:
        raise Refusal(f"{count} a month cannot be planned.", remedy=f"0 to {MOST:,} can.", field="count")
    word = Lists().named(LIST_OF[output], type).word if type.strip() else ""
    first = month.replace(day=1)
    if abs((first - clock.today(client.zone)).days) > 3 * 366:
        raise Refusal(f"{first:%B %Y} is more than three years away.", remedy="Check it.", field="month")
    row, _ = PlannedWork.objects.update_or_create(
        client=client,
        output=output,
        type=word,
        month=first,
        lasting=lasting,
        defaults={"count": count, "by_name": by.name, "at": clock.now()},
    )
    _record("work.planned", row, by)
    return row


@transaction.atomic
def unplan_work(row: PlannedWork, *, by: Actor) -> None:
    """It was not planned; what stood before counts again."""
    refuse_strangers(row.client_id, by)
    _record("work.unplanned", row, by)
    row.delete()


def plan_of(rows: Iterable[PlannedWork], month: dt.date) -> list[PlannedWork]:
    """Of a client's lines those that count in a month: one for it alone before the latest lasting one."""
    chosen: dict[tuple[str, str], PlannedWork] = {}
    for row in sorted(rows, key=lambda one: (not one.lasting, one.month)):
        if row.month == month or (row.lasting and row.month <= month):
            chosen[row.output, row.type] = row
    return sorted(chosen.values(), key=lambda one: (one.output != Output.LINKS, one.type))


def done_against_plan(client: Client, first: dt.date, last: dt.date) -> list[Against]:
    """A month's plan, each line with what was done from `first` to `last`; then what was done unplanned."""
    month = first.replace(day=1)
    plan = plan_of(PlannedWork.objects.filter(client=client).reaching(month), month)
    done = {output: _done(model, client, first, last) for output, model in MODELS.items()}
    lines = [
        Against(
            row.output,
            row.type,
            row.count,
            done[row.output].get(row.type, 0) if row.type else sum(done[row.output].values()),
            row,
        )
        for row in plan
    ]
    covered = {(row.output, row.type) for row in plan}
    for output, types in done.items():
        if (output, "") not in covered:
            lines += [
                Against(output, kind, 0, count)
                for kind, count in types.items()
                if (output, kind) not in covered
            ]
    return lines


def _done(
    model: type[Backlink] | type[ContentItem], client: Client, first: dt.date, last: dt.date
) -> dict[str, int]:
    rows = model.objects.filter(client=client, dropped_at=None, done_on__range=(first, last)).order_by("type")
    return dict(rows.values_list("type").annotate(count=Count("pk")))


def _record(verb: str, row: PlannedWork, by: Actor) -> None:
    events.record(
        verb,
        by=by,
        client_id=row.client_id,
        subject=row,
        what=row.type or row.output,
        count=row.count,
        month=row.month.isoformat(),
        lasting=row.lasting,
    )

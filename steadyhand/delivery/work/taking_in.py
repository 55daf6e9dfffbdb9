"""Many lines at once, from a table or a program: what is new, what changed, what cannot be taken (R3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Entry
from steadyhand.delivery.rights import refuse_strangers
from steadyhand.delivery.work.cells import Reading, read, refuse_unfinished
from steadyhand.delivery.work.finding import Known
from steadyhand.delivery.work.lists import Lists
from steadyhand.delivery.work.tables import WorkTable
from steadyhand.delivery.work.writing import FIELDS_OF, write

#: Lines of one table; more is a job for several.
MOST = 20_000
#: Refusals that are told one by one.
TOLD = 200
IN_A_STEP = 500

Line = tuple[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was left out, as people count them, and why."""

    line: int
    sentence: str


@dataclass(slots=True)
class Taken:
    """What became of the lines."""

    table: WorkTable
    lines: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    refused_count: int = 0

    @property
    def does(self) -> bool:
        """Whether bringing the lines in does anything."""
        return bool(self.new or self.changed)

    @property
    def sentence(self) -> str:
        """“12 are new, 3 changed, 40 stood there already.”"""
        parts = []
        if self.new:
            parts.append(f"{self.new:,} {'is' if self.new == 1 else 'are'} new")
        if self.changed:
            parts.append(f"{self.changed:,} changed")
        if self.unchanged:
            parts.append(f"{self.unchanged:,} stood there already")
        if self.refused_count:
            parts.append(f"{self.refused_count:,} left out")
        return f"{', '.join(parts)}." if parts else "There is no line in it."

    def refuse(self, line: int, sentence: str) -> None:
        """Leave a line out."""
        self.refused_count += 1
        if len(self.refused) < TOLD:
            self.refused.append(Refused(line, sentence))


@transaction.atomic
def take_in(
    client: Client, table: WorkTable, lines: Iterable[Line], *, by: Actor, dry: bool = False
) -> Taken:
    """Merge lines into a client's table: the same again changes nothing, an empty cell says nothing.

    A line that cannot be taken is told with its number and reason, the others come in. `dry` only looks.
    One event says what came; nothing is said where nothing changed.
    """
    refuse_strangers(client.pk, by)
    # Held so that two tables at once do not make the same line twice.
    if not dry:
        Client.objects.select_for_update().get(pk=client.pk)
    lists, today, now = Lists(), clock.today(client.zone), clock.now()
    reading = Reading(lists, today)
    known = Known(table, table.rows.standing().filter(client=client))
    taken = Taken(table)
    new: list[Entry] = []
    changed: list[Entry] = []
    seen: dict[int, int] = {}
    for line, cells in lines:
        taken.lines += 1
        if taken.lines > MOST:
            raise Refusal(f"That is more than {MOST:,} lines.", remedy="Bring it in by year.", field="file")
        try:
            values = read(table, cells, reading)
            if known.is_unclear(values):
                raise Refusal(f"Several stand there with that {table.names} and day.", remedy="Say the URL.")
            entry = known.find(values)
            if entry is not None and id(entry) in seen:
                raise Refusal(f"It says the same {table.one} as line {seen[id(entry)]}.")
            if entry is None:
                refuse_unfinished(table, values)
                entry = table.model(client=client, by_name=by.name, made_at=now, changed_at=now)
            was_new = entry.pk is None
            differs = write(entry, values, lists=lists, today=today, by=by)
        except Refusal as refusal:
            taken.refuse(line, str(refusal))
            continue
        seen[id(entry)] = line
        if was_new:
            new.append(entry)
            known.note(entry)
        elif differs:
            entry.changed_at = now
            changed.append(entry)
        else:
            taken.unchanged += 1
    taken.new, taken.changed = len(new), len(changed)
    if taken.does and not dry:
        manager = table.model._default_manager
        manager.bulk_create(new, batch_size=IN_A_STEP)
        manager.bulk_update(changed, [*FIELDS_OF[table.model], "changed_at"], batch_size=IN_A_STEP)
        events.record(
            "work.received",
            by=by,
            client_id=client.pk,
            table=table.key,
            label=table.label,
            new=taken.new,
            changed=taken.changed,
        )
    return taken

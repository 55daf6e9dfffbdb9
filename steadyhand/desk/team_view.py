"""How the team is doing: who is behind, which clients hear nothing, what was promised and what was kept (S3).

Everything is counted over the promises the reader may see. Rates are of promises that fell due: kept on
time ÷ (done, done late, missed, or overdue); waived and withdrawn ones are in neither part.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from steadyhand.clients.models import Assignment, Client, Position
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment, Completion
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.comms.models import Interaction
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.desk.today import in_words
from steadyhand.people.models import Absence, Member
from steadyhand.playbook.rules import RULES

#: Days without a word after which a client counts as silent.
SILENT_AFTER = 21
#: Days back for promises missed, and for the rate kept on time.
MISSED_WITHIN = 30
KEPT_WITHIN = 90
#: No period is longer: what was due before that was not missed lately.
LONGEST_PERIOD = 366 + MISSED_WITHIN
#: Rows of a list.
PAGE = 50


@dataclass(slots=True)
class Standing:
    """One member: what is open, what is behind, how much was kept on time."""

    member: Member
    today: int = 0
    overdue: int = 0
    missed: int = 0
    kept: int = 0
    fell_due: int = 0
    absence: Absence | None = None

    @property
    def rate(self) -> int | None:
        """Per cent kept on time; None where nothing fell due."""
        return round(100 * self.kept / self.fell_due) if self.fell_due else None

    @property
    def behind(self) -> tuple[int, int, str]:
        """Who is furthest behind comes first."""
        return -self.overdue, -self.missed, self.member.name.lower()


def standings(actor: Actor, zone: str) -> list[Standing]:
    """Everybody who is here, who is behind first. Six queries, however large book and team."""
    now = clock.now()
    today = now.astimezone(clock.zone_info(zone)).date()
    everybody = {m.pk: Standing(m) for m in Member.objects.visible_to(actor).here()}
    rows = Commitment.objects.visible_to(actor).filter(owner__isnull=False).order_by()
    end = clock.midnight(today + dt.timedelta(days=1), zone)
    due_today = rows.open().filter(waiting_since=None, due_at__gte=now, due_at__lt=end + dt.timedelta(days=1))
    for pk, count in _by_owner(due_today.filter(due_on__lte=today)):
        if pk in everybody:
            everybody[pk].today = count
    for pk, count in _by_owner(rows.overdue(now).filter(waiting_since=None)):
        if pk in everybody:
            everybody[pk].overdue = count
    # What was once missed is in one of these states, never done in time; the index is asked for them.
    once_missed = rows.filter(state__in=[State.MISSED, State.DONE_LATE, State.WAIVED, State.OPEN])
    missed = once_missed.filter(missed_at__gte=now - dt.timedelta(days=MISSED_WITHIN))
    for pk, count in _by_owner(missed.filter(due_at__gte=now - dt.timedelta(days=LONGEST_PERIOD))):
        if pk in everybody:
            everybody[pk].missed = count
    recent = rows.filter(
        due_at__gte=now - dt.timedelta(days=KEPT_WITHIN),
        due_at__lt=now,
        state__in=[State.DONE, State.DONE_LATE, State.MISSED, State.OPEN],
    )
    kept = recent.values_list("owner").annotate(
        fell_due=Count("pk"), kept=Count("pk", filter=Q(state=State.DONE))
    )
    for pk, fell_due, done in kept:
        if pk in everybody:
            everybody[pk].fell_due, everybody[pk].kept = fell_due, done
    away = Absence.objects.filter(cancelled_at=None, starts_on__lte=today, ends_on__gte=today)
    for absence in away.select_related("cover"):
        if absence.member_id in everybody:
            everybody[absence.member_id].absence = absence
    return sorted(everybody.values(), key=lambda standing: standing.behind)


def _by_owner(rows: CommitmentQuerySet) -> QuerySet[Commitment, tuple[int, int]]:
    return rows.values_list("owner").annotate(Count("pk"))


@dataclass(frozen=True, slots=True)
class Silence:
    """A client who has heard nothing: who leads them, and when somebody last spoke to them."""

    client: Client
    lead: Member | None
    last: dt.datetime | None

    @property
    def said(self) -> str:
        """Who leads them."""
        return f"Led by {self.lead.name}" if self.lead else "Nobody leads them"


def silent_clients(actor: Actor, *, days: int = SILENT_AFTER) -> tuple[list[Silence], bool]:
    """Live clients with no interaction and no kept touchpoint for so many days; whether there are more.

    Clients newer than that are left out. Four queries.
    """
    since = clock.now() - dt.timedelta(days=days)
    spoken = Interaction.objects.filter(client=OuterRef("pk"), at__gte=since)
    kept = Completion.objects.filter(
        commitment__client=OuterRef("pk"), commitment__internal=False, undone_at=None, at__gte=since
    )
    silent = (
        Client.objects.visible_to(actor)
        .live()
        .filter(made_at__lt=since)
        .filter(~Exists(spoken), ~Exists(kept))
        .order_by("name", "pk")
    )
    found = list(silent[: PAGE + 1])
    ids = [client.pk for client in found[:PAGE]]
    leads = {
        row.client_id: row.member
        for row in Assignment.objects.filter(
            client__in=ids, position=Position.LEAD, until=None
        ).select_related("member")
    }
    last: dict[int, dt.datetime] = dict(
        Interaction.objects.filter(client__in=ids).order_by().values_list("client").annotate(Max("at"))
    )
    done = (
        Completion.objects.filter(commitment__client__in=ids, commitment__internal=False, undone_at=None)
        .order_by()
        .values_list("commitment__client")
        .annotate(Max("at"))
    )
    for pk, at in done:
        last[pk] = max(at, last.get(pk, at))
    lines = [Silence(client, leads.get(client.pk), last.get(client.pk)) for client in found[:PAGE]]
    lines.sort(key=lambda line: (line.last is not None, line.last or since))
    return lines, len(found) > PAGE


def heading(everybody: list[Standing], silent: list[Silence], more: bool) -> str:
    """“Two people are behind, one client silent”."""
    behind = sum(1 for standing in everybody if standing.overdue)
    people = "person is" if behind == 1 else "people are"
    said = f"{in_words(behind).capitalize()} {people} behind" if behind else "Nobody is behind"
    if silent:
        number = f"more than {PAGE}" if more else in_words(len(silent))
        said += f", {number} {'client' if len(silent) == 1 else 'clients'} silent"
    return said


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both included."""

    first: dt.date
    last: dt.date

    @classmethod
    def read(cls, first: str, last: str, today: dt.date) -> Period:
        """From an address; this month so far where that says nothing, at most a year."""
        try:
            start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        except ValueError:
            return cls(today.replace(day=1), today)
        start, end = min(start, end), max(start, end)
        return cls(max(start, end - dt.timedelta(days=366)), end)


BY = {"member": "owner", "client": "client", "rule": "rule"}

#: What is counted, in the order of `Delivered`. The alias of a count must not be a column's name.
FIGURES = {
    "promised": Q(),
    "kept": Q(state=State.DONE),
    "kept_late": Q(state=State.DONE_LATE),
    "was_missed": Q(missed_at__isnull=False),
    "was_waived": Q(state=State.WAIVED),
    "was_moved": Q(moved_from__isnull=False),
    "still_open": Q(state=State.OPEN),
}


@dataclass(slots=True)
class Delivered:
    """Promised against delivered, for one member, client or rule."""

    label: str
    url: str = ""
    promised: int = 0
    done: int = 0
    done_late: int = 0
    missed: int = 0
    waived: int = 0
    moved: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """The table, the sum of all its rows (also those not shown), and how many are not shown."""

    lines: list[Delivered]
    total: Delivered
    hidden: int = field(default=0)


def promised_and_delivered(actor: Actor, period: Period, by: str) -> Ledger:
    """What fell due in the period, by member, client or rule; most missed first. Two queries.

    Promised leaves out what the plan withdrew. A promise once missed counts as missed, also when it was
    made good later; it is then done late as well.
    """
    rows = Commitment.objects.visible_to(actor).exclude(state=State.WITHDRAWN).order_by()
    rows = rows.filter(
        due_at__gte=clock.midnight(period.first, "UTC") - dt.timedelta(days=1),
        due_at__lt=clock.midnight(period.last, "UTC") + dt.timedelta(days=3),
        due_on__range=(period.first, period.last),
    )
    figures = {name: Count("pk", filter=which) for name, which in FIGURES.items()}
    counted = rows.values_list(BY[by]).annotate(**figures)
    found = sorted(counted, key=lambda line: (-line[4], -line[3], -line[1], str(line[0])))
    total = Delivered("All", "", *(sum(line[n] for line in found) for n in range(1, 8)))
    names = _names(by, [line[0] for line in found[:PAGE]])
    lines = [Delivered(*names.get(line[0], (str(line[0] or "–"), "")), *line[1:]) for line in found[:PAGE]]
    return Ledger(lines, total, max(len(found) - PAGE, 0))


def _names(by: str, keys: list[int | str | None]) -> dict[int | str | None, tuple[str, str]]:
    """What each row is called, and where it leads."""
    if by == "rule":
        named = {key: RULES[str(key)].noun.capitalize() for key in keys if str(key) in RULES}
        return {key: (named.get(key, "Promised once"), "") for key in keys}
    if by == "client":
        clients = Client.objects.filter(pk__in=[key for key in keys if key])
        found = {client.pk: (client.name, client.get_absolute_url()) for client in clients}
        return {key: found.get(int(key), ("–", "")) if key else ("No client", "") for key in keys}
    members = Member.objects.filter(pk__in=[key for key in keys if key])
    people = {member.pk: (member.name, f"/?of={member.pk}") for member in members}
    return {key: people.get(int(key), ("–", "")) if key else ("Nobody owns it", "") for key in keys}

"""Drafting reports: what the ledger owes, by itself and on time; and one that somebody asks for (R4)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import batched
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from steadyhand.clients.models import Client, Stage
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.recurrence import Cadence, Period, period_of
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.rights import in_working_days, lead_of, refuse_strangers
from steadyhand.reporting.charts import Undrawn
from steadyhand.reporting.metrics.reading import read_ahead
from steadyhand.reporting.metrics.store import Unread
from steadyhand.reporting.models import Report, ReportKind, ReportRules, ReportState, Suggestion
from steadyhand.reporting.reports.activity import take_activity
from steadyhand.reporting.reports.periods import covered, named, parse, until
from steadyhand.reporting.reports.plotting import draw_ahead
from steadyhand.reporting.reports.renewal import take_renewal, whole_months
from steadyhand.reporting.reports.suggesting import sentences
from steadyhand.reporting.reports.taking import take, wish_of

log = logging.getLogger(__name__)

#: What promises about a report are about.
ABOUT = "reporting.report"
CLERK = Actor.system("reports")

#: The planner's rules that are kept by a report, and what sort it is.
KIND_OF_RULE = {
    "report": ReportKind.FIGURES,
    "paid-search-report": ReportKind.PAID_SEARCH,
    "closing-report": ReportKind.CLOSING,
}
#: Drafted so long before it is due, a weekly one later, so that its days are fresh. One that was due longer
#: ago than this is drafted by hand alone.
AHEAD, AHEAD_IN_WEEKS = dt.timedelta(days=3), dt.timedelta(hours=36)
LATE = dt.timedelta(days=21)
#: Reports whose figures are read in one process, and whose charts are drawn in one.
TOGETHER = 25
#: Working days in which a report that somebody asked for is promised.
PROMISED_WITHIN = 2

TITLES = {
    ReportKind.FIGURES: "Report for {}",
    ReportKind.PAID_SEARCH: "Paid-search report for {}",
    ReportKind.CLOSING: "Closing report, {}",
    ReportKind.ACTIVITY: "What we did, {}",
    ReportKind.RENEWAL: "Where we stand, {}",
}


def draft_due(heard: Callable[[int, int], None] | None = None) -> int:
    """Draft every report that is due soon and has none yet; how many. Killed anywhere, it goes on.

    `heard` is told how many of how many are done.
    """
    owed = due_for_draft()
    made = done = 0
    for some in batched(owed, TOGETHER, strict=False):
        rows = Commitment.objects.select_related("client", "engagement", "owner").in_bulk(some)
        _read_ahead(rows.values())
        reports = []
        for pk in some:
            if pk in rows and (report := _draft_one(rows[pk])) is not None:
                reports.append(report)
            done += 1
            if heard is not None:
                heard(done, len(owed))
        made += len(reports)
        with suppress(Undrawn):
            draw_ahead(reports)
    return made


def _draft_one(row: Commitment) -> Report | None:
    """The report of a promise; None where it cannot be drafted, so that the others are."""
    try:
        return draft_report(row, by=CLERK)
    except Refusal:
        log.exception("The report of promise %s was not drafted.", row.pk)
        return None


def _read_ahead(rows: Iterable[Commitment]) -> None:
    """Read the figures of many reports in one process; what fails in it is told by the one it fails for."""
    wishes = []
    for row in rows:
        if row.client is not None and row.engagement is not None:
            part = part_of(_about(row), KIND_OF_RULE[row.rule], clock.today(row.client.zone))
            wishes.append(wish_of(row.client, KIND_OF_RULE[row.rule], part))
    with suppress(Unread):
        read_ahead(wishes)


def draft_activities() -> int:
    """Draft the weekly activity report of every client that gets one, on its day; how many (R11)."""
    made = 0
    arranged = ReportRules.objects.filter(activity_weekday__isnull=False, client__stage=Stage.LIVE)
    for rules in arranged.select_related("client").order_by("client"):
        today = clock.today(rules.client.zone)
        week = period_of(Cadence.WEEKLY, today)
        if rules.activity_weekday is None or today.weekday() < rules.activity_weekday:
            continue
        known = Report.objects.filter(client=rules.client, kind=ReportKind.ACTIVITY, period=week.key)
        if not known.exists():
            draft_for(rules.client, week, by=CLERK, kind=ReportKind.ACTIVITY)
            made += 1
    return made


def due_for_draft(at: dt.datetime | None = None) -> list[int]:
    """Numbers of the promises whose report is to be drafted now, the most urgent first. One query."""
    now = at or clock.now()
    owed = Commitment.objects.open().filter(
        rule__in=KIND_OF_RULE, report=None, client__stage=Stage.LIVE, engagement__isnull=False
    )
    is_weekly = Q(period__contains="-W")
    near = Q(due_at__lte=now + AHEAD_IN_WEEKS) | (~is_weekly & Q(due_at__lte=now + AHEAD))
    soon = owed.filter(near, due_at__gte=now - LATE)
    return list(soon.order_by("due_at", "pk").values_list("pk", flat=True))


def draft_report(commitment: Commitment, *, by: Actor) -> Report:
    """The report of a promise, drafted now where there is none; never a second one.

    Figures are read before the transaction. Refuses what no report keeps.
    """
    kind = KIND_OF_RULE.get(commitment.rule)
    if kind is None or commitment.client is None or commitment.engagement is None:
        raise Refusal(f"“{commitment.title}” is not kept by a report.", remedy="Mark it as done instead.")
    if (found := Report.objects.filter(commitment=commitment).first()) is not None:
        return found
    return _draft(commitment.client, kind, _about(commitment), commitment, by)


def draft_for(client: Client, period: Period, *, by: Actor, kind: ReportKind = ReportKind.FIGURES) -> Report:
    """The client's report about a period: the one there is, else the ledger's, else one promised now."""
    refuse_strangers(client.pk, by)
    known = Report.objects.filter(client=client, kind=kind, period=period.key)
    if (found := known.order_by("-pk").first()) is not None:
        return found
    if period.start >= clock.today(client.zone):
        raise Refusal(
            f"{named(period.start, period.end)} has not begun.",
            remedy="Choose a period with days in it.",
            field="period",
        )
    rules = [rule for rule, of in KIND_OF_RULE.items() if of == kind]
    owed = Commitment.objects.filter(client=client, rule__in=rules, report=None, state__in=OWED)
    for row in owed.select_related("client", "engagement", "owner").order_by("due_at"):
        if row.engagement and _about(row) == period:
            return draft_report(row, by=by)
    return _draft(client, kind, period, None, by)


def take_anew(report: Report, *, by: Actor) -> Report:
    """Read the figures again: a new cut-off, new suggestions; what was written stays."""
    refuse_strangers(report.client_id, by)
    period = part_of(_period_of(report), ReportKind(report.kind), clock.today(report.zone))
    content = _content(report.client, ReportKind(report.kind), period)
    with transaction.atomic():
        row = locked(report, by)
        refuse_sent(row)
        before = row.content
        row.first_day, row.last_day, row.cut_off = period.start, period.end, clock.now()
        row.content = {**row.content, **content}
        if typed := (before.get("renewal") or {}):
            row.content["renewal"] |= {name: typed[name] for name in ("next", "close") if name in typed}
        row.revision += 1
        back_to_draft(row)
        row.save()
        row.suggestions.filter(accepted_at=None).delete()
        _suggest(row)
        events.record("report.taken_anew", by=by, client_id=row.client_id, subject=row, title=row.title)
    return row


def part_of(period: Period, kind: ReportKind, today: dt.date) -> Period:
    """The days such a report is about: those over; of a week's duties all, of a year whole months."""
    if kind == ReportKind.ACTIVITY:
        return period
    part = until(period, today)
    return whole_months(part) if kind == ReportKind.RENEWAL else part


def locked(report: Report, by: Actor) -> Report:
    """The report to act on, locked; refuses strangers."""
    rows = Report.objects.select_for_update(of=("self",))
    row = rows.select_related("client", "owner", "commitment").get(pk=report.pk)
    refuse_strangers(row.client_id, by)
    return row


def refuse_sent(row: Report) -> None:
    """What the client has is never changed."""
    if row.is_sent and row.sent_at is not None:
        raise Refusal(
            f"“{row.title}” was sent on {row.sent_at:%-d %B %Y} by {row.sent_by}.",
            remedy="Write to them if something in it was wrong.",
        )


def back_to_draft(row: Report) -> None:
    """An approval is of these words and figures: changed, it is asked for anew. The caller saves the row."""
    if row.state in (ReportState.ASKED, ReportState.APPROVED):
        row.approvals.filter(undone_at=None).update(undone_at=clock.now())
        row.state = ReportState.DRAFT


def _draft(
    client: Client, kind: ReportKind, period: Period, commitment: Commitment | None, by: Actor
) -> Report:
    part = part_of(period, kind, clock.today(client.zone))
    return keep_draft(client, kind, period, part, _content(client, kind, part), commitment, by=by)


@transaction.atomic
def keep_draft(
    client: Client,
    kind: ReportKind,
    period: Period,
    part: Period,
    content: dict[str, Any],
    commitment: Commitment | None,
    *,
    by: Actor,
) -> Report:
    """Keep what was read as the draft of its promise; the one that somebody else kept meanwhile, if so."""
    Client.objects.select_for_update().get(pk=client.pk)
    known = (
        Report.objects.filter(commitment=commitment)
        if commitment
        else Report.objects.filter(client=client, kind=kind, period=period.key)
    )
    if (found := known.first()) is not None:
        return found
    now, batch = clock.now(), uuid4()
    row = Report.objects.create(
        client=client,
        commitment=commitment,
        kind=kind,
        title=TITLES[kind].format(named(part.start, part.end))[:200],
        period=period.key,
        first_day=part.start,
        last_day=part.end,
        zone=client.zone,
        cut_off=now,
        content=content,
        owner=(commitment.owner if commitment else None) or lead_of(client),
        made_at=now,
        changed_at=now,
    )
    if commitment is None:
        row.commitment = keeping.promise(
            client,
            f"{row.title}: {client.name}"[:200],
            by=by,
            owner=row.owner,
            due_on=in_working_days(client, PROMISED_WITHIN),
            kind=Kind.ACTION,
            about=(ABOUT, row.pk),
            batch=batch,
        )
        row.save(update_fields=["commitment"])
    _suggest(row)
    events.record(
        "report.drafted",
        by=by,
        client_id=client.pk,
        subject=row,
        batch=batch,
        title=row.title,
        period=row.period,
    )
    return row


def _about(row: Commitment) -> Period:
    """What a promised report is about."""
    begins = row.engagement.starts_on if row.engagement else row.due_on
    return covered(row.period, row.due_on, begins=begins)


def _content(client: Client, kind: ReportKind, period: Period) -> dict[str, Any]:
    if kind == ReportKind.ACTIVITY:
        return take_activity(client, period)
    if kind == ReportKind.RENEWAL:
        return take_renewal(client, period)
    return take(client, kind, period)


def _suggest(row: Report) -> None:
    Suggestion.objects.bulk_create(
        Suggestion(report=row, text=one.text[:500], why=one.why[:300], place=place)
        for place, one in enumerate(sentences(row.content), start=1)
    )


def _period_of(report: Report) -> Period:
    """The whole period of a report, whose days may have gone on since."""
    try:
        return parse(report.period)
    except Refusal:  # of all of a project
        return Period(report.period, report.first_day, report.last_day)

"""Leads: added, changed, moved along, won, lost, withdrawn and taken up again (W1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.book import add_client, add_contact
from steadyhand.clients.models import Client, EngagementKind, Stage
from steadyhand.clients.winning import unwin_client
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import OWED
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.money import check_currency
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness.models import RUNNING, Lead, LeadStage, Verdict
from steadyhand.newbusiness.rights import FOLLOWING, let_see, locked, running, works_on_leads
from steadyhand.people.models import Member
from steadyhand.playbook.models import Version

#: What one may change about a lead.
CHANGEABLE = (
    "owner",
    "source",
    "kind",
    "value",
    "currency",
    "services",
    "size",
    "face_to_face",
    "expected_on",
    "notes",
)
MOST_SERVICES = 20


@transaction.atomic
def add_lead(
    client: Client | str,
    *,
    by: Actor,
    owner: Member,
    source: str,
    value: Decimal,
    kind: EngagementKind | str = EngagementKind.RETAINER,
    currency: str = "",
    services: Iterable[str] = (),
    size: str = "",
    face_to_face: bool = False,
    expected_on: dt.date | None = None,
    notes: str = "",
    domain: str = "",
    industry: str = "",
    contact_name: str = "",
    contact_email: str = "",
    batch: UUID | None = None,
) -> Lead:
    """Work somebody may give us. A name makes a new prospect; else the prospect is known already.

    `value` is a month's fee for a retainer, the whole of a project, in `currency` (the agency's).
    Refuses a client who is live or ended, and a prospect whose lead is still running.
    """
    if not works_on_leads(by):
        raise NotYours("Your role does not work on leads.", remedy="Tell new business about it.")
    batch = batch or uuid4()
    if isinstance(client, str):
        client = add_client(
            client, by=by, domain=domain, industry=industry.strip(), stage=Stage.PROSPECT, batch=batch
        )
    else:
        client = _prospect(client)
    if contact_name.strip() or contact_email.strip():
        add_contact(
            client,
            contact_name.strip() or contact_email,
            by=by,
            email=contact_email,
            day_to_day=True,
            batch=batch,
        )
    at = clock.now()
    lead = Lead.objects.create(
        client=client,
        owner=owner,
        source=_said("source", source),
        kind=EngagementKind(kind),
        value=_value(value),
        currency=check_currency(currency or Agency.get().currency),
        services=_services(services),
        size=size,
        face_to_face=face_to_face,
        expected_on=expected_on,
        notes=notes.strip(),
        added_at=at,
        changed_at=at,
    )
    let_see(client, owner, by=by, batch=batch)
    _record("lead.added", lead, by=by, batch=batch, source=lead.source, owner=owner.name)
    return lead


@transaction.atomic
def change_lead(lead: Lead, *, by: Actor, batch: UUID | None = None, **values: Any) -> Lead:
    """Change what is known of a running lead (any of `CHANGEABLE`)."""
    row = running(lead, by)
    changed: dict[str, list[str]] = {}
    for field, value in values.items():
        value = _checked(field, value)
        before = getattr(row, field)
        if before != value:
            changed[field] = [_words(before), _words(value)]
            setattr(row, field, value)
    if not changed:
        return row
    row.changed_at = clock.now()
    row.save(update_fields=[*changed, "changed_at"])
    if "owner" in changed:
        let_see(row.client, row.owner, by=by, batch=batch)
    _record("lead.changed", row, by=by, batch=batch, changed=changed)
    return row


@transaction.atomic
def move_on(lead: Lead, *, by: Actor, batch: UUID | None = None) -> Lead:
    """We pitch. Refuses before the playbook's questions were answered with go."""
    row = running(lead, by)
    if row.stage == LeadStage.PITCHING:
        raise Refusal(f"We pitch to {row.client.name} already.")
    if _asks_first() and not _goes(row):
        raise Refusal(
            f"Nobody has decided to pitch to {row.client.name}.",
            remedy="Answer the questions of the pitch test first.",
        )
    _set_stage(row, LeadStage.PITCHING)
    _record("lead.moved_on", row, by=by, batch=batch)
    return row


@transaction.atomic
def move_back(lead: Lead, *, by: Actor) -> Lead:
    """We do not pitch yet after all."""
    row = running(lead, by)
    if row.stage == LeadStage.OPEN:
        raise Refusal(f"The lead of {row.client.name} is open already.")
    _set_stage(row, LeadStage.OPEN)
    _record("lead.moved_back", row, by=by)
    return row


@transaction.atomic
def mark_won(lead: Lead, *, by: Actor, at: dt.datetime | None = None, batch: UUID | None = None) -> Lead:
    """They said yes, at `at` (now). The lead's own part of winning: the client is handed over by
    `onboarding.winning.win_lead`, which calls this."""
    row = running(lead, by)
    moment = at or clock.now()
    if moment > clock.now() or moment < row.added_at:
        raise Refusal(
            "They said yes after we knew of it, and before now.", remedy="Correct the time.", field="at"
        )
    _close(row, LeadStage.WON, at=moment, batch=batch)
    _record("lead.won", row, by=by, batch=batch, won_at=moment)
    return row


@transaction.atomic
def lose_lead(lead: Lead, reason: str, *, by: Actor) -> Lead:
    """They gave it to somebody else, or to nobody: why stays readable."""
    return _give_up("lead.lost", lead, LeadStage.LOST, reason, by)


@transaction.atomic
def withdraw_lead(lead: Lead, reason: str, *, by: Actor) -> Lead:
    """We do not want it, or cannot do it: why stays readable."""
    return _give_up("lead.withdrawn", lead, LeadStage.WITHDRAWN, reason, by)


@transaction.atomic
def reopen(lead: Lead, *, by: Actor) -> Lead:
    """Take up a lead that was decided. A win is taken back only while nothing was bought."""
    row = locked(lead, by)
    if row.is_running:
        raise Refusal(f"The lead of {row.client.name} is still running.")
    if row.client.leads.running().exists():
        raise Refusal(f"{row.client.name} has another lead that is running.", remedy="Go on with that one.")
    batch = uuid4()
    if row.stage == LeadStage.WON and row.client.stage == Stage.LIVE:
        unwin_client(row.client, by=by, batch=batch)
    before = LeadStage(row.stage)
    row.closed_at, row.closed_because = None, ""
    _set_stage(row, LeadStage.PITCHING if _goes(row) else LeadStage.OPEN)
    _record("lead.reopened", row, by=by, batch=batch, before=str(before))
    return row


def _give_up(verb: str, lead: Lead, stage: LeadStage, reason: str, by: Actor) -> Lead:
    row = running(lead, by)
    if not reason.strip():
        raise Refusal(
            f"Say why it is {stage.label}.",
            remedy="One sentence: the next pitch learns from it.",
            field="reason",
        )
    batch = uuid4()
    row.closed_because = reason.strip()[:300]
    _close(row, stage, at=clock.now(), batch=batch)
    _record(verb, row, by=by, batch=batch, reason=row.closed_because)
    return row


def _close(row: Lead, stage: LeadStage, *, at: dt.datetime, batch: UUID | None) -> None:
    row.closed_at = at
    _set_stage(row, stage)
    asked = row.consultations.filter(promise__state__in=OWED).select_related("promise")
    for consultation in asked:
        if consultation.promise is not None:
            reason = f"The lead is {stage.label}."
            keeping.waive(consultation.promise, by=FOLLOWING, reason=reason, batch=batch)


def _set_stage(row: Lead, stage: LeadStage) -> None:
    row.stage, row.changed_at = stage, clock.now()
    row.save(update_fields=["stage", "changed_at", "closed_at", "closed_because"])


def _asks_first() -> bool:
    live = Version.live()
    return live is not None and bool(live.policy.new_business.pitch_questions)


def _goes(row: Lead) -> bool:
    return row.pitch_tests.filter(until=None, verdict=Verdict.GO).exists()


def _prospect(client: Client) -> Client:
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.stage != Stage.PROSPECT:
        raise Refusal(
            f"{client.name} is no prospect: they are {Stage(client.stage).label}.",
            remedy="Note an opportunity on their page instead.",
            field="client",
        )
    if client.leads.filter(stage__in=RUNNING).exists():
        raise Refusal(
            f"{client.name} has a lead that is still running.", remedy="Change that one.", field="client"
        )
    return client


def _checked(field: str, value: Any) -> Any:
    if field not in CHANGEABLE:
        raise Refusal(f"“{field}” of a lead cannot be changed.", field=field)
    match field:
        case "source":
            return _said(field, value)
        case "value":
            return _value(value)
        case "currency":
            return check_currency(value)
        case "services":
            return _services(value)
        case "kind":
            return EngagementKind(value)
        case "notes":
            return value.strip()
    return value


def _said(field: str, text: str) -> str:
    if not text.strip():
        raise Refusal("Say where it came from.", remedy="As “Referred by Halden” or “Website”.", field=field)
    return text.strip()[:200]


def _value(value: Decimal) -> Decimal:
    if value < 0 or value >= Decimal(10) ** 10:
        raise Refusal(f"{value} is no value of a lead.", remedy="Write 0 or more.", field="value")
    return value


def _services(names: Iterable[str]) -> list[str]:
    kept = list(dict.fromkeys(name.strip()[:200] for name in names if name.strip()))
    if len(kept) > MOST_SERVICES:
        raise Refusal(f"{len(kept)} services?", remedy=f"Name at most {MOST_SERVICES}.", field="services")
    return kept


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return value.name if isinstance(value, Member) else str(value if value is not None else "")


def _record(verb: str, row: Lead, *, by: Actor, batch: UUID | None = None, **data: Any) -> None:
    events.record(
        verb,
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        value=row.value,
        currency=row.currency,
        kind=str(row.kind),
        **data,
    )

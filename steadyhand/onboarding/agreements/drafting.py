"""Drafting an agreement from a template, and writing its clauses (O3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from steadyhand.clients.models import Client, Engagement, EngagementKind, Position
from steadyhand.comms.mail.letters import day_words, fill, gaps, values_for
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.money import show
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.onboarding.agreements.canonical import digest_of
from steadyhand.onboarding.models import (
    Agreement,
    AgreementClause,
    AgreementKind,
    AgreementState,
    AgreementVersion,
)
from steadyhand.people.models import Member
from steadyhand.playbook.agreement_templates import agreement_template
from steadyhand.playbook.merge_fields import unknown_fields
from steadyhand.playbook.models import Version

NOTICE_DAYS = 30
MOST_CLAUSES = 60
LONGEST_CLAUSE = 20_000

#: Fields of the agreement itself: they are filled in when it is shared, after the dates were settled.
LATE = "agreement."


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause as somebody wrote it; an empty key is a new one."""

    title: str
    text: str
    key: str = ""


@transaction.atomic
def draft_agreement(
    client: Client,
    template_key: str,
    *,
    by: Actor,
    engagement: Engagement | None = None,
    owner: Member | None = None,
    title: str = "",
    begins_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    notice_days: int = NOTICE_DAYS,
    like: Agreement | None = None,
) -> Agreement:
    """A draft from the playbook's template (“contract”, “sla”, “project”), filled in with what is known.

    `like` takes the clauses of an earlier agreement of this client instead. Without an owner the client's
    lead brings it to signature.
    """
    template = agreement_template(template_key)
    engagement = engagement or _running(client, template.kind)
    if engagement is not None and engagement.client_id != client.pk:
        raise Refusal(f"{engagement.title} is not an engagement of {client.name}.", field="engagement")
    if like is not None and like.client_id != client.pk:
        raise Refusal("Clauses are taken over from an agreement of the same client only.", field="like")
    at = clock.now()
    row = Agreement.objects.create(
        client=client,
        engagement=engagement,
        owner=owner or _lead(client),
        kind=template.kind,
        title=title.strip()[:200] or f"{template.title}, {client.name}"[:200],
        made_at=at,
        made_by=by.name,
    )
    today = clock.today(client.zone)
    version = AgreementVersion.objects.create(
        agreement=row,
        number=1,
        begins_on=begins_on or (engagement.starts_on if engagement else today),
        ends_on=ends_on or (engagement.ends_on if engagement else None),
        notice_days=notice_days,
        made_at=at,
        made_by=by.name,
    )
    source = like.versions.order_by("-number").first() if like is not None else None
    if source is not None:
        texts = _as_written(source)
    else:
        values = _values(client, engagement)
        texts = [ClauseText(one.title, fill(one.text, values), one.key) for one in template.clauses]
    _write(version, texts)
    events.record(
        "agreement.drafted", by=by, client_id=client.pk, subject=row, title=row.title, kind=str(row.kind)
    )
    return row


@transaction.atomic
def edit_draft(
    agreement: Agreement,
    texts: Sequence[ClauseText],
    *,
    by: Actor,
    begins_on: dt.date,
    ends_on: dt.date | None,
    notice_days: int,
    title: str = "",
    seen: str = "",
) -> AgreementVersion:
    """Write the clauses and dates of the version in work.

    `seen` is the digest of what the writer had before them; somebody else's change in the meantime is a
    `Conflict`. The title is settled once the client has read it.
    """
    row = locked(agreement)
    version = row.working_version
    if version is None:
        raise Refusal(
            f"“{row.title}” has no version in work.", remedy="Start a new version, then write in that."
        )
    if seen and seen != digest_of(version):
        raise Conflict(
            "Somebody else has changed this draft since you opened it.",
            remedy="Copy what you wrote, open the draft again, and put it in there.",
        )
    if ends_on is not None and ends_on < begins_on:
        raise Refusal("It ends before it begins.", remedy="Choose a later end, or none.", field="ends_on")
    if not 0 <= notice_days <= 3650:
        raise Refusal("Notice is 0 to 3,650 days.", field="notice_days")
    _check(texts)
    if title.strip() and row.shared_at is None:
        row.title = title.strip()[:200]
        row.save(update_fields=["title"])
    version.begins_on, version.ends_on, version.notice_days = begins_on, ends_on, notice_days
    version.made_at, version.made_by = clock.now(), by.name
    version.save()
    version.clauses.all().delete()
    _write(version, texts)
    events.record(
        "agreement.edited",
        by=by,
        client_id=row.client_id,
        subject=row,
        title=row.title,
        version=version.number,
    )
    return version


@transaction.atomic
def revise(agreement: Agreement, *, by: Actor) -> AgreementVersion:
    """Start the next version as a copy of the one the client has. Refuses once a side has signed."""
    row = locked(agreement)
    refuse_closed(row)
    if row.working_version is not None:
        raise Refusal(
            f"Version {row.working_version.number} is being written already.", remedy="Open that draft."
        )
    if row.signatures.exists():
        raise Refusal(
            f"“{row.title}” has been signed by one side.",
            remedy="Withdraw it and draft another, so that what was signed stays what it was.",
        )
    last = row.shared_version
    assert last is not None  # noqa: S101  # nothing in work, so something was shared
    version = AgreementVersion.objects.create(
        agreement=row,
        number=last.number + 1,
        begins_on=last.begins_on,
        ends_on=last.ends_on,
        notice_days=last.notice_days,
        made_at=clock.now(),
        made_by=by.name,
    )
    _write(version, _as_written(last))
    if row.state == AgreementState.READY:
        row.state, row.ready_at = AgreementState.SHARED, None
        row.save(update_fields=["state", "ready_at"])
    events.record(
        "agreement.revised",
        by=by,
        client_id=row.client_id,
        subject=row,
        title=row.title,
        version=version.number,
    )
    return version


def locked(agreement: Agreement) -> Agreement:
    """The row, held until the transaction ends."""
    return (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("client", "engagement", "owner")
        .get(pk=agreement.pk)
    )


def refuse_closed(row: Agreement) -> None:
    """Refuse where an agreement can no longer change."""
    if not row.is_open:
        raise Refusal(
            f"“{row.title}” is {row.get_state_display()}.", remedy="Draft another to change what it says."
        )


def gaps_of(version: AgreementVersion) -> list[str]:
    """Names of the merge fields that somebody still has to write out before it can be shared."""
    texts = [text for one in version.clauses.all() for text in (one.title, one.text)]
    return [name for name in gaps(*texts) if not name.startswith(LATE)]


def late_values(version: AgreementVersion) -> dict[str, str]:
    """What a version says of itself, for the fields that are filled in when it is shared."""
    term = "runs until one of us gives notice"
    if version.ends_on is not None:
        term = f"ends on {day_words(version.ends_on)}"
    days = version.notice_days
    return {
        "agreement.begins": day_words(version.begins_on),
        "agreement.term": term,
        "agreement.notice": f"{days} day{'' if days == 1 else 's'}",
    }


def filled_in(version: AgreementVersion) -> list[ClauseText]:
    """The clauses as the client would read them now."""
    values = late_values(version)
    return [ClauseText(one.title, _fill_late(one.text, values), one.key) for one in version.clauses.all()]


def _fill_late(text: str, values: Mapping[str, str]) -> str:
    return text if unknown_fields(text) else fill(text, values)


def _as_written(version: AgreementVersion) -> list[ClauseText]:
    """The clauses with the agreement's own fields still open, as far as they were."""
    return [ClauseText(one.title, one.wording or one.text, one.key) for one in version.clauses.all()]


def _write(version: AgreementVersion, texts: Sequence[ClauseText]) -> None:
    taken: set[str] = set()
    rows = []
    for number, one in enumerate(texts, start=1):
        key = base = (one.key or slugify(one.title) or "clause")[:50]
        copies = 1
        while key in taken:
            copies += 1
            key = f"{base}-{copies}"
        taken.add(key)
        title = one.title.strip()[:200]
        rows.append(
            AgreementClause(version=version, number=number, key=key, title=title, text=one.text.strip())
        )
    AgreementClause.objects.bulk_create(rows)


def _check(texts: Sequence[ClauseText]) -> None:
    if not texts:
        raise Refusal("An agreement has at least one clause.", remedy="Write one.")
    if len(texts) > MOST_CLAUSES:
        raise Refusal(f"An agreement has at most {MOST_CLAUSES} clauses.", remedy="Put some together.")
    for number, one in enumerate(texts, start=1):
        if not one.title.strip() or not one.text.strip():
            raise Refusal(f"Clause {number} has no {'title' if not one.title.strip() else 'text'}.")
        if len(one.text) > LONGEST_CLAUSE:
            raise Refusal(f"Clause {number}, “{one.title}”, is too long.", remedy="Split it in two.")
        if unknown := unknown_fields(one.text):
            raise Refusal(f"Clause {number}, “{one.title}”: {unknown[0].sentence}")


def _values(client: Client, engagement: Engagement | None) -> dict[str, str]:
    contact = client.contacts.filter(left_on=None).first()
    values = values_for(client, contact=contact, extra=_of_engagement(engagement) | service_levels())
    unknown = (LATE,) if engagement is not None else (LATE, "engagement.")
    return {name: value for name, value in values.items() if not name.startswith(unknown)}


def _of_engagement(engagement: Engagement | None) -> dict[str, str]:
    if engagement is None:
        return {}
    services = [one.name for one in engagement.services.all()]
    spend = show(engagement.amount, engagement.currency)
    return {
        "engagement.start": day_words(engagement.starts_on),
        "engagement.services": ", ".join(services) or engagement.title,
        "engagement.spend": f"{spend} a month" if engagement.kind == EngagementKind.RETAINER else spend,
    }


def service_levels() -> dict[str, str]:
    """How quick we are, in words, from the playbook in force (B11)."""
    version = Version.live()
    levels = version.policy.service_levels if version else None
    if levels is None:
        return {}
    return {
        "sla.response_time": f"within {levels.response_working_hours} working hours",
        "sla.turnaround": f"{levels.turnaround_working_days} working days",
        "sla.sign_off": f"{levels.sign_off_working_days} working days",
        "sla.working_hours": levels.working_hours,
    }


def _running(client: Client, kind: str) -> Engagement | None:
    """What such an agreement is about: a project for a project agreement, else a retainer first."""
    running = client.engagements.running(clock.today(client.zone)).prefetch_related("services")
    wanted = EngagementKind.PROJECT if kind == AgreementKind.PROJECT else EngagementKind.RETAINER
    fitting = [one for one in running if one.kind == wanted]
    others = [] if kind == AgreementKind.PROJECT else list(running)
    return next(iter([*fitting, *others]), None)


def _lead(client: Client) -> Member | None:
    place = client.team.filter(until=None, position=Position.LEAD).select_related("member").first()
    return place.member if place else None

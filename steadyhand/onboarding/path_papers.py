"""The two strands of paper on the path: forms that come back, an agreement both sides sign (W5, O1, O3)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from steadyhand.onboarding.models import (
    Agreement,
    AgreementSignature,
    AgreementState,
    FormState,
    Handover,
    SentForm,
    Side,
)
from steadyhand.onboarding.steps import Step, Waits, step

#: Working days are the planner's; the paperwork simply ends before the engagement begins.
A_DAY = dt.timedelta(days=1)


@step("forms", order=40)
def forms(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]:
    """Every form that went out for this win has come back."""
    rows: dict[int, list[SentForm]] = defaultdict(list)
    out = SentForm.objects.filter(client__in=[one.client_id for one in handovers])
    for row in out.exclude(state=FormState.WITHDRAWN).select_related("contact", "commitment"):
        rows[row.client_id].append(row)
    found = {}
    for one in handovers:
        theirs = [row for row in rows[one.client_id] if row.sent_at >= one.won_at]
        found[one.pk] = _forms(one, theirs)
    return found


@step("agreement", order=50)
def agreement(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]:
    """The agreement of the engagement is signed by both sides."""
    closed = (AgreementState.WITHDRAWN, AgreementState.DECLINED, AgreementState.REPLACED)
    known = Agreement.objects.filter(engagement__in=[one.engagement_id for one in handovers])
    rows: dict[int, Agreement] = {}
    for row in known.exclude(state__in=closed).select_related("owner").order_by("made_at", "pk"):
        rows[row.engagement_id or 0] = row
    signed = AgreementSignature.objects.filter(agreement__in=[row.pk for row in rows.values()])
    theirs = set(signed.filter(side=Side.CLIENT).values_list("agreement", flat=True))
    return {
        one.pk: _agreement(one, rows.get(one.engagement_id), theirs, before=one.engagement.starts_on - A_DAY)
        for one in handovers
    }


def _forms(one: Handover, theirs: list[SentForm]) -> Step:
    title = "Onboarding and finance forms back"
    waiting = [row for row in theirs if row.is_open]
    due = min((row.commitment.due_on for row in theirs if row.commitment), default=None)
    if not theirs:
        return Step(
            "forms",
            title,
            one.led_by,
            waits=Waits.US,
            who=_name(one),
            since=one.won_at,
            url=f"{one.client.get_absolute_url()}handover/#papers",
            click="Enclose papers",
            note="not sent yet",
        )
    note = f"{len(theirs) - len(waiting)} of {len(theirs)} back"
    if not waiting:
        back = max(row.returned_at or row.sent_at for row in theirs)
        return Step("forms", title, one.led_by, due, Waits.NOBODY, done_at=back, note=note)
    first = waiting[0]
    who = first.contact.name if first.contact else one.client.name
    since = min(row.sent_at for row in waiting)
    return Step(
        "forms",
        title,
        one.led_by,
        due,
        Waits.CLIENT,
        who,
        since,
        None,
        first.get_absolute_url(),
        "Open form",
        note,
    )


def _agreement(one: Handover, row: Agreement | None, theirs: Iterable[int], *, before: dt.date) -> Step:
    title = "Agreement signed by both sides"
    if row is None:
        new = f"/agreements/new/?client={one.client.ref}"
        return Step(
            "agreement", title, one.led_by, before, Waits.US, _name(one), one.won_at, None, new, "Draft it"
        )
    url, owner = f"/agreements/{row.pk}/", row.owner or one.led_by
    if row.signed_at is not None:
        return Step(
            "agreement", title, owner, before, Waits.NOBODY, done_at=row.signed_at, url=url, click="Read it"
        )
    who, since, waits = owner.name if owner else _name(one), row.made_at, Waits.US
    if row.shared_at is not None and row.pk not in theirs:
        who, since = one.contact.name if one.contact else one.client.name, row.ready_at or row.shared_at
        waits = Waits.CLIENT
    elif row.shared_at is not None:
        since = row.ready_at or row.shared_at
    return Step(
        "agreement",
        title,
        owner,
        before,
        waits,
        who,
        since,
        url=url,
        click="Open agreement",
        note=row.get_state_display(),
    )


def _name(one: Handover) -> str:
    return one.led_by.name if one.led_by else "nobody yet"

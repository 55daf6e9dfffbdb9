"""What people write into a report: commentary, the decision wanted, notes; suggestions they accept (R4)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.delivery.rights import lead_of
from steadyhand.people.models import Member
from steadyhand.reporting.models import Report, ReportKind, Suggestion
from steadyhand.reporting.reports.drafting import back_to_draft, locked, refuse_sent

LONGEST = 20_000
#: Steps of “what next” in a renewal pack.
MOST_NEXT = 6


@transaction.atomic
def write_report(
    report: Report,
    *,
    by: Actor,
    commentary: str,
    decision: str = "",
    notes: str = "",
    seen: int | None = None,
) -> Report:
    """Keep what is written so far. No event: it is one when the report is sent.

    Conflict where somebody saved it after revision `seen`. An approved report is a draft again.
    """
    row = locked(report, by)
    refuse_sent(row)
    if seen is not None and seen != row.revision:
        raise Conflict(
            f"“{row.title}” was changed by somebody else while you wrote.",
            remedy="Copy your words, load the page again, and put them in.",
        )
    commentary, decision, notes = (
        text.replace("\r\n", "\n").strip() for text in (commentary, decision, notes)
    )
    if max(len(commentary), len(notes)) > LONGEST:
        raise Refusal(f"That is longer than {LONGEST:,} characters.", remedy="Sum it up.", field="commentary")
    if (commentary, decision[:500]) != (row.commentary, row.decision):
        back_to_draft(row)
    row.commentary, row.decision, row.notes = commentary, decision[:500], notes
    return _saved(row)


@transaction.atomic
def write_renewal(
    report: Report,
    *,
    by: Actor,
    next_steps: Sequence[tuple[str, str]],
    ours: Decimal | None = None,
    others: Decimal | None = None,
) -> Report:
    """What next and why (naming the figure it would move), and close rates they told us, in per cent."""
    row = locked(report, by)
    refuse_sent(row)
    if row.kind != ReportKind.RENEWAL:
        raise Refusal("That is no renewal pack.")
    steps = [(what.strip(), why.strip()) for what, why in next_steps if what.strip()]
    for what, why in steps:
        if not why:
            raise Refusal(
                f"“{what}” says no why.", remedy="Name the figure it would move, and how.", field="next_steps"
            )
    if len(steps) > MOST_NEXT:
        raise Refusal(f"That is more than {MOST_NEXT}.", remedy="Keep the best.", field="next_steps")
    for rate in (ours, others):
        if rate is not None and not 0 <= rate <= 100:
            raise Refusal("A close rate is 0 to 100 per cent.", field="ours")
    told = {**row.content["renewal"]}
    told["next"] = [{"what": what, "why": why} for what, why in steps]
    told["close"] = {"ours": _text(ours), "others": _text(others)}
    row.content = {**row.content, "renewal": told}
    back_to_draft(row)
    return _saved(row)


@transaction.atomic
def accept_suggestion(suggestion: Suggestion, *, by: Actor) -> Report:
    """The sentence is ours now: it stands at the end of the commentary, to be changed like any other."""
    row = locked(suggestion.report, by)
    refuse_sent(row)
    one = _open(suggestion)
    one.accepted_at, one.accepted_by = clock.now(), by.name
    one.save(update_fields=["accepted_at", "accepted_by"])
    row.commentary = f"{row.commentary}\n{one.text}" if row.commentary else one.text
    back_to_draft(row)
    return _saved(row)


@transaction.atomic
def drop_suggestion(suggestion: Suggestion, *, by: Actor) -> Report:
    """The sentence says nothing worth saying."""
    row = locked(suggestion.report, by)
    refuse_sent(row)
    one = _open(suggestion)
    one.dropped_at = clock.now()
    one.save(update_fields=["dropped_at"])
    return row


def answers_for(report: Report) -> Member | None:
    """Who answers the client about it: the lead, whoever prepared it (R11)."""
    return lead_of(report.client) or report.owner


def _open(suggestion: Suggestion) -> Suggestion:
    one = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if not one.is_open:
        raise Refusal("That sentence has been dealt with.", remedy="Load the page again.")
    return one


def _saved(row: Report) -> Report:
    row.revision += 1
    row.changed_at = clock.now()
    row.save()
    return row


def _text(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{Decimal(rate).normalize():f}"

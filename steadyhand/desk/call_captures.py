"""What was captured during a call: it lies in the rooms it belongs to, and is listed on the call's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from steadyhand.care.models import Flag, Rating
from steadyhand.care.ratings import rating_questions
from steadyhand.clients.models import PersonalDetail
from steadyhand.comms.models import Action, Call, OpenQuestion
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.desk.today import short_day
from steadyhand.growth.models import Opportunity


@dataclass(frozen=True, slots=True)
class Captured:
    """One thing of a call. `what` names its kind as the address does; `more` says whose and when."""

    what: str
    label: str
    pk: int
    text: str
    more: str = ""
    removable: bool = True


def captured(call: Call, actor: Actor) -> list[Captured]:
    """Everything captured in a call, kind by kind, oldest first. Six queries."""
    return [one for kind in KINDS for one in kind(call, actor)]


def _actions(call: Call, actor: Actor) -> Iterable[Captured]:
    rows = Action.objects.filter(call=call, dropped_at=None).select_related("owner", "commitment")
    for row in rows:
        whose = call.client.name if row.theirs else row.owner.name if row.owner else ""
        day = short_day(row.due_on) if row.due_on else ""
        more = " · ".join(part for part in (whose, day) if part)
        yield Captured("actions", "Action", row.pk, row.text, more, removable=row.commitment_id is None)


def _questions(call: Call, actor: Actor) -> Iterable[Captured]:
    rows = OpenQuestion.objects.filter(call=call, dropped_at=None).select_related("commitment__owner")
    for row in rows:
        owed = row.commitment
        whose = owed.owner.name if owed and owed.owner else ""
        day = f"answer by {short_day(owed.due_on)}" if owed and not row.answered_at else "answered"
        more = " · ".join(part for part in (whose, day) if part)
        yield Captured("questions", "To find out", row.pk, row.text, more, removable=row.answered_at is None)


def _flags(call: Call, actor: Actor) -> Iterable[Captured]:
    for row in Flag.objects.filter(call=call, withdrawn_at=None):
        yield Captured("flags", "Flag", row.pk, row.text, "settled" if row.settled_at else "")


def _opportunities(call: Call, actor: Actor) -> Iterable[Captured]:
    for row in Opportunity.objects.filter(call=call, dropped_at=None):
        yield Captured("opportunities", "Opportunity", row.pk, row.text, row.get_kind_display())


def _details(call: Call, actor: Actor) -> Iterable[Captured]:
    """Personal details name no call: they are those noted while it was held, for whoever may read them."""
    rows = PersonalDetail.objects.visible_to(actor).standing().select_related("contact")
    held = rows.filter(
        contact__client=call.client_id, at__gte=call.began_at, at__lte=call.ended_at or clock.now()
    )
    for row in held.order_by("at", "pk"):
        more = f"{row.contact.name} · {row.get_kind_display().lower()}"
        yield Captured("details", "Personal", row.pk, row.words, more)


def _ratings(call: Call, actor: Actor) -> Iterable[Captured]:
    rows = list(Rating.objects.filter(call=call))
    labels = {question.key: question.label for question in rating_questions()}
    if rows:
        order = {key: number for number, key in enumerate(labels)}
        rows.sort(key=lambda row: order.get(row.question, len(order)))
        said = ", ".join(f"{labels.get(row.question, row.question)} {row.score}" for row in rows)
        comment = rows[0].comment
        yield Captured("ratings", f"Ratings, {rows[0].month:%B}", rows[0].pk, said, comment)


KINDS: tuple[Callable[[Call, Actor], Iterable[Captured]], ...] = (
    _actions,
    _questions,
    _flags,
    _opportunities,
    _details,
    _ratings,
)

"""Personal details of a contact: noting, correcting and retiring them (S6, B9).

Only the account team reads and writes them. No event carries the words: they are found by reference.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django.db import transaction

from steadyhand.clients.models import Access, Client, Contact, DetailKind, PersonalDetail
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

LONGEST = 500


def keeps_details(client_id: int, actor: Actor) -> bool:
    """Whether the actor is on the client's account team, and so reads and writes personal details."""
    if actor.is_system:
        return True
    return (
        actor.member_id is not None
        and Access.objects.filter(client=client_id, member=actor.member_id).exists()
    )


def demand_team(client: Client, actor: Actor) -> None:
    """Refuse whoever is not on the client's account team, whatever their role."""
    if not keeps_details(client.pk, actor):
        raise Refusal(
            f"Personal details at {client.name} are for its account team.",
            remedy="Ask for a place on the team.",
        )


@transaction.atomic
def note_detail(
    contact: Contact,
    kind: DetailKind | str,
    text: str = "",
    *,
    by: Actor,
    day: int | None = None,
    month: int | None = None,
    year: int | None = None,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
) -> PersonalDetail:
    """Write down something about a person. A birthday needs day and month, a time away its days.

    A second birthday replaces the first. Refuses whoever is not on the account team.
    """
    contact = _lock(contact, by)
    values = _checked(DetailKind(kind), text, day, month, year, from_on, until_on)
    if kind == DetailKind.BIRTHDAY:
        standing = contact.personal_details.standing().filter(kind=DetailKind.BIRTHDAY).first()
        if standing is not None:
            return _correct(standing, values, by=by)
    detail = _write(contact, DetailKind(kind), values, by)
    _record("contact.detail_noted", detail, by)
    return detail


@transaction.atomic
def correct_detail(
    detail: PersonalDetail,
    *,
    by: Actor,
    text: str = "",
    day: int | None = None,
    month: int | None = None,
    year: int | None = None,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
) -> PersonalDetail:
    """Say it better: a new row takes the place of the old, which stays readable as what we thought."""
    detail = _standing(detail, by)
    return _correct(
        detail, _checked(DetailKind(detail.kind), text, day, month, year, from_on, until_on), by=by
    )


@transaction.atomic
def retire_detail(detail: PersonalDetail, *, by: Actor) -> PersonalDetail:
    """It does not hold any more (or never did)."""
    detail = _standing(detail, by)
    detail.until = clock.now()
    detail.save(update_fields=["until"])
    _record("contact.detail_retired", detail, by)
    return detail


@transaction.atomic
def restore_detail(detail: PersonalDetail, *, by: Actor) -> PersonalDetail:
    """It holds after all; what corrected it gives way."""
    _lock(detail.contact, by)
    detail = PersonalDetail.objects.select_related("contact").get(pk=detail.pk)
    if detail.until is None:
        return detail
    now = clock.now()
    detail.corrections.filter(until=None).update(until=now)
    others = detail.contact.personal_details.standing().filter(kind=DetailKind.BIRTHDAY)
    if detail.kind == DetailKind.BIRTHDAY and others.exists():
        raise Refusal("Another birthday was noted since.", remedy="Correct that one instead.")
    detail.until = None
    detail.save(update_fields=["until"])
    _record("contact.detail_restored", detail, by)
    return detail


def _correct(detail: PersonalDetail, values: dict[str, Any], *, by: Actor) -> PersonalDetail:
    if all(getattr(detail, name) == value for name, value in values.items()):
        return detail
    detail.until = clock.now()
    detail.save(update_fields=["until"])
    better = _write(detail.contact, DetailKind(detail.kind), values, by, corrects=detail)
    _record("contact.detail_corrected", better, by)
    return better


def _write(
    contact: Contact,
    kind: DetailKind,
    values: dict[str, Any],
    by: Actor,
    corrects: PersonalDetail | None = None,
) -> PersonalDetail:
    return PersonalDetail.objects.create(
        contact=contact, kind=kind, by_name=by.name, at=clock.now(), corrects=corrects, **values
    )


def _checked(
    kind: DetailKind,
    text: str,
    day: int | None,
    month: int | None,
    year: int | None,
    from_on: dt.date | None,
    until_on: dt.date | None,
) -> dict[str, Any]:
    """What is kept for this kind; refuses what does not make sense of it."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Refusal(
            f"That is longer than {LONGEST} characters.", remedy="Keep to what helps.", field="text"
        )
    values: dict[str, Any] = dict.fromkeys(("day", "month", "year", "from_on", "until_on")) | {"text": text}
    if kind is DetailKind.BIRTHDAY:
        _check_birthday(day, month, year)
        return values | {"day": day, "month": month, "year": year}
    if kind is DetailKind.AWAY:
        if from_on is None:
            raise Refusal("Say from which day they are away.", field="from_on")
        until_on = until_on or from_on
        if until_on < from_on:
            raise Refusal(
                "They would be back before they leave.", remedy="Check the two days.", field="until_on"
            )
        return values | {"from_on": from_on, "until_on": until_on}
    if not text:
        raise Refusal("Write down what you learned.", remedy="A few words are enough.", field="text")
    return values


def _check_birthday(day: int | None, month: int | None, year: int | None) -> None:
    if day is None or month is None:
        raise Refusal(
            "A birthday needs a day and a month.",
            remedy="Leave the year out if you do not know it.",
            field="day",
        )
    if month not in range(1, 13):
        raise Refusal("A month is 1 to 12.", field="month")
    last = calendar.monthrange(year or 2024, month)[1] if year is None or year in range(1900, 10000) else 31
    if day not in range(1, last + 1):
        raise Refusal(f"{calendar.month_name[month]} has no day {day}.", remedy="Check the day.", field="day")
    if year is not None and not 1900 <= year <= clock.now().year:
        raise Refusal(
            f"Nobody here was born in {year}.", remedy="Check the year, or leave it out.", field="year"
        )


def _lock(contact: Contact, by: Actor) -> Contact:
    locked = Contact.objects.select_for_update(of=("self",)).select_related("client").get(pk=contact.pk)
    demand_team(locked.client, by)
    return locked


def _standing(detail: PersonalDetail, by: Actor) -> PersonalDetail:
    _lock(detail.contact, by)
    detail = PersonalDetail.objects.select_related("contact").get(pk=detail.pk)
    if detail.until is not None:
        raise Refusal("This was corrected or taken away since.", remedy="Reload the page.")
    return detail


def _record(verb: str, detail: PersonalDetail, by: Actor) -> None:
    events.record(
        verb,
        by=by,
        client_id=detail.contact.client_id,
        subject=detail,
        kind=str(detail.kind),
        contact=detail.contact.name,
    )

"""Who at a client reads reports, and how: on the contact, else by what they are (R5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.rights import refuse_strangers
from steadyhand.reporting.models import ContactReading, Reading, ReportRules


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody at the client, and how they read."""

    contact: Contact
    reading: Reading
    is_set: bool


def usual_reading(contact: Contact) -> Reading:
    """What holds until somebody says otherwise: day to day every figure, who decides two or three."""
    if contact.day_to_day:
        return Reading.DETAIL
    return Reading.SHORT if contact.decides else Reading.NONE


def readers_of(client: Client) -> list[Reader]:
    """Everybody who is still there, with how they read. One query."""
    contacts = client.contacts.filter(left_on=None).select_related("reading")
    return [reader_of(contact) for contact in contacts]


def reader_of(contact: Contact) -> Reader:
    """How this contact reads."""
    row: ContactReading | None = getattr(contact, "reading", None)
    return Reader(contact, Reading(row.reading) if row else usual_reading(contact), row is not None)


def recipients(client: Client) -> list[Reader]:
    """Those a report is sent to: they read reports and have an address."""
    return [one for one in readers_of(client) if one.reading != Reading.NONE and one.contact.email]


@transaction.atomic
def set_reading(contact: Contact, reading: Reading, *, by: Actor) -> ContactReading:
    """How a contact reads reports from now on."""
    refuse_strangers(contact.client_id, by)
    if contact.left_on is not None:
        raise Refusal(f"{contact.name} has left.", remedy="Choose somebody who is still there.")
    row, _ = ContactReading.objects.update_or_create(contact=contact, defaults={"reading": Reading(reading)})
    events.record(
        "contact.reading_set",
        by=by,
        client_id=contact.client_id,
        subject=contact,
        name=contact.name,
        reading=Reading(reading).label,
    )
    return row


@transaction.atomic
def set_rules(
    client: Client,
    *,
    by: Actor,
    asks_approval: bool = False,
    activity_weekday: int | None = None,
    expected_return: Decimal | None = None,
    lead_gap: int = 20,
) -> ReportRules:
    """How this client is reported to from now on."""
    refuse_strangers(client.pk, by)
    row, _ = ReportRules.objects.update_or_create(
        client=client,
        defaults={
            "asks_approval": asks_approval,
            "activity_weekday": activity_weekday,
            "expected_return": expected_return,
            "lead_gap": lead_gap,
        },
    )
    events.record(
        "reports.arranged",
        by=by,
        client_id=client.pk,
        subject=row,
        approval=asks_approval,
        activity=activity_weekday,
    )
    return row

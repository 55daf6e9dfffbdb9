"""The people we trust with work that is not ours: added, changed, and no longer recommended (S18)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from steadyhand.commitments.keeping import NotYours
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Partner
from steadyhand.people.roles import Capability

FIELDS = ("name", "trade", "contact_name", "email", "phone", "note")


@transaction.atomic
def add_partner(name: str, trade: str, *, by: Actor, **details: str) -> Partner:
    """Somebody in our network: `contact_name`, `email`, `phone` and a `note` may be given."""
    _refuse_strangers(by)
    values = _checked({"name": name, "trade": trade, **details})
    if Partner.objects.standing().filter(name__iexact=values["name"], trade__iexact=values["trade"]).exists():
        raise Refusal(f"{values['name']} is in our network already.", field="name")
    partner = Partner.objects.create(made_at=clock.now(), **values)
    events.record("partner.added", by=by, subject=partner, name=partner.name, trade=partner.trade)
    return partner


@transaction.atomic
def change_partner(partner: Partner, *, by: Actor, **details: str) -> Partner:
    """Other details of theirs; what is not given stays."""
    _refuse_strangers(by)
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    values = _checked({field: getattr(row, field) for field in FIELDS} | details)
    changed = [field for field in FIELDS if getattr(row, field) != values[field]]
    for field in changed:
        setattr(row, field, values[field])
    if changed:
        row.save(update_fields=changed)
        events.record("partner.changed", by=by, subject=row, name=row.name, changed=changed)
    return row


@transaction.atomic
def retire_partner(partner: Partner, *, by: Actor, retired: bool = True) -> Partner:
    """We no longer send clients there, or do again; introductions made stay readable."""
    _refuse_strangers(by)
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    if (row.retired_at is not None) == retired:
        raise Refusal("That is so already.")
    row.retired_at = clock.now() if retired else None
    row.save(update_fields=["retired_at"])
    verb = "partner.retired" if retired else "partner.restored"
    events.record(verb, by=by, subject=row, name=row.name)
    return row


def _checked(values: dict[str, str]) -> dict[str, Any]:
    trimmed = {field: value.strip() for field, value in values.items() if field in FIELDS}
    for field, sentence in (("name", "Name them."), ("trade", "Say what they do.")):
        if not trimmed[field]:
            raise Refusal(sentence, remedy="A word or two.", field=field)
    return trimmed


def _refuse_strangers(by: Actor) -> None:
    if not by.may(Capability.KEEP_PROMISES):
        raise NotYours("Your role does not change our network.", remedy="Ask an account manager to.")

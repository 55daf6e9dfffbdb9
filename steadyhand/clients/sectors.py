"""Writing what holds for an industry, and what our services are (S22). Shared, with their history."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from steadyhand.clients.models import Client, SectorNote, Service, ServiceOffer
from steadyhand.clients.models.sector import same_word
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Conflict, Refusal

LONGEST = 10_000


@transaction.atomic
def write_sector_note(
    industry: str, text: str, *, by: Actor, replaces: SectorNote | None = None
) -> SectorNote:
    """What holds for clients of one industry. `replaces` is the note the writer had before them.

    A conflict when somebody else has written since; nothing is overwritten.
    """
    industry, text = " ".join(industry.split()), _text(text, "Write what holds for them.")
    if not industry:
        raise Refusal(
            "Say which industry.", remedy="Write it as it stands with the clients.", field="industry"
        )
    if len(industry) > 100:
        raise Refusal("An industry has at most 100 characters.", field="industry")
    key = same_word(industry)
    _make_way(SectorNote.objects.filter(key=key), replaces, f"the note on {industry}")
    note = SectorNote.objects.create(
        key=key, industry=industry, text=text, by_name=by.name, at=clock.now(), replaces=replaces
    )
    events.record("sector.noted", by=by, subject=note, industry=industry)
    return note


@transaction.atomic
def retire_sector_note(note: SectorNote, *, by: Actor) -> None:
    """The note does not hold any more."""
    _end(note)
    events.record("sector.retired", by=by, subject=note, industry=note.industry)


@transaction.atomic
def restore_sector_note(note: SectorNote, *, by: Actor) -> SectorNote:
    """An earlier note holds again, in place of the one that stands."""
    SectorNote.objects.filter(key=note.key, until=None).update(until=clock.now())
    SectorNote.objects.filter(pk=note.pk).update(until=None)
    events.record("sector.restored", by=by, subject=note, industry=note.industry)
    return SectorNote.objects.get(pk=note.pk)


@transaction.atomic
def describe_offer(
    name: str,
    *,
    by: Actor,
    what: str,
    brings: str = "",
    led_by: str = "",
    channel: str = "",
    replaces: ServiceOffer | None = None,
) -> ServiceOffer:
    """Say what a service of ours is, what it brings and who leads it; a new name renames it."""
    name, what = " ".join(name.split()), _text(what, "Say what it is.", field="what")
    if not name:
        raise Refusal("A service needs a name.", field="name")
    if max(len(name), len(led_by)) > 200:
        raise Refusal("That is longer than 200 characters.", remedy="Use a shorter name.", field="name")
    key = same_word(name)
    same = ServiceOffer.objects.filter(key=key) | ServiceOffer.objects.filter(
        pk=replaces.pk if replaces else 0
    )
    _make_way(same, replaces, f"“{name}”")
    offer = ServiceOffer.objects.create(
        key=key,
        name=name,
        channel=channel,
        what=what,
        brings=brings.strip(),
        led_by=led_by.strip(),
        by_name=by.name,
        at=clock.now(),
        replaces=replaces,
    )
    events.record("offer.described", by=by, subject=offer, name=name)
    return offer


@transaction.atomic
def retire_offer(offer: ServiceOffer, *, by: Actor) -> None:
    """We do not offer it any more."""
    _end(offer)
    events.record("offer.retired", by=by, subject=offer, name=offer.name)


@transaction.atomic
def restore_offer(offer: ServiceOffer, *, by: Actor) -> ServiceOffer:
    """An earlier description holds again, in place of the one that stands."""
    now = clock.now()
    ServiceOffer.objects.filter(key=offer.key, until=None).update(until=now)
    offer.replaced_by.filter(until=None).update(until=now)
    ServiceOffer.objects.filter(pk=offer.pk).update(until=None)
    events.record("offer.restored", by=by, subject=offer, name=offer.name)
    return ServiceOffer.objects.get(pk=offer.pk)


def standing_note(industry: str) -> SectorNote | None:
    """What is written on an industry today."""
    return SectorNote.objects.standing().filter(key=same_word(industry)).first()


def standing_offer(name: str) -> ServiceOffer | None:
    """The service of ours that goes by this name today."""
    return ServiceOffer.objects.standing().filter(key=same_word(name)).first()


def sector_note_of(client: Client) -> SectorNote | None:
    """What is written on the client's industry, if they have one. At most one query."""
    return standing_note(client.industry) if client.industry.strip() else None


def offers_of(services: list[Service]) -> list[ServiceOffer]:
    """The descriptions of these services, each once: by name, else by channel. One query."""
    standing = list(ServiceOffer.objects.standing())
    by_name = {offer.key: offer for offer in standing}
    by_channel = {offer.channel: offer for offer in reversed(standing) if offer.channel}
    found = (by_name.get(same_word(service.name)) or by_channel.get(service.channel) for service in services)
    return list(dict.fromkeys(offer for offer in found if offer is not None))


def _text(text: str, ask: str, field: str = "text") -> str:
    text = text.strip()
    if not text:
        raise Refusal(ask, remedy="A paragraph is enough.", field=field)
    if len(text) > LONGEST:
        raise Refusal(
            f"That is longer than {LONGEST:,} characters.", remedy="Keep to what helps.", field=field
        )
    return text


def _make_way(rows: models.QuerySet[Any], replaces: SectorNote | ServiceOffer | None, called: str) -> None:
    standing = list(rows.filter(until=None).select_for_update())
    seen = replaces.pk if replaces else None
    if (replaces is not None and not standing) or any(row.pk != seen for row in standing):
        raise Conflict(
            f"Somebody else has written {called} in the meantime.",
            remedy="Both texts are below: take over what you need, and save again.",
        )
    rows.filter(until=None).update(until=clock.now())


def _end(row: SectorNote | ServiceOffer) -> None:
    ended = type(row).objects.filter(pk=row.pk, until=None).update(until=clock.now())
    if not ended:
        raise Refusal("This was replaced or taken away since.", remedy="Reload the page.")

"""Bringing an agreement about, step by step, by calling the verbs."""

from __future__ import annotations

from steadyhand.clients.models import Contact
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.onboarding.agreements import groundwork, sharing
from steadyhand.onboarding.agreements.drafting import draft_agreement
from steadyhand.onboarding.agreements.signing import Ceremony, sign_for_agency, sign_for_client
from steadyhand.onboarding.models import Agreement
from tests.cast import Cast


def maya(cast: Cast) -> Contact:
    return cast.halden.contacts.get(name="Maya Lind")


def acting(contact: Contact) -> Actor:
    return Actor(ActorKind.CONTACT, contact.pk, contact.name)


def draft(cast: Cast, template: str = "contract", **more: object) -> Agreement:
    return draft_agreement(cast.halden, template, by=cast.jody.actor, **more)  # type: ignore[arg-type]


def shared(cast: Cast, **more: object) -> Agreement:
    row = draft(cast, **more)
    sharing.share(row, by=cast.jody.actor)
    return again(row)


def ready(cast: Cast, **more: object) -> Agreement:
    row = shared(cast, **more)
    for kind in ("brief", "objective", "plan"):
        groundwork.file_groundwork(row.engagement, kind, "Written.", by=cast.jody.actor)
    sharing.make_ready(row, by=cast.jody.actor)
    return again(row)


def again(row: Agreement) -> Agreement:
    """The row as it is stored, without what it remembers."""
    return Agreement.objects.get(pk=row.pk)


def ceremony(row: Agreement, name: str = "Maya Lind", **more: object) -> Ceremony:
    values = {
        "digest": row.shared_version.digest,
        "consents": True,
        "address": "192.0.2.7",
        "agent": "Firefox",
    }
    return Ceremony(name, **(values | {"through": "a link sent to them"} | more))


def both_sign(row: Agreement, cast: Cast) -> Agreement:
    sign_for_client(row, maya(cast), ceremony(row), by=acting(maya(cast)))
    sign_for_agency(row, cast.jody, ceremony(row, "Jody Marsh"), by=cast.jody.actor)
    return again(row)

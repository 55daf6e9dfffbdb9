"""A bundle that waits on one client: copy and a picture, commented, approved in part and scheduled."""

from __future__ import annotations

import datetime as dt

from steadyhand.clients.models import Client, Contact
from steadyhand.delivery.approvals.asking import ask_for_approval
from steadyhand.delivery.approvals.commenting import comment
from steadyhand.delivery.approvals.deciding import decide
from steadyhand.delivery.approvals.preparing import (
    Upload,
    add_piece,
    add_version,
    prepare_bundle,
    upload_version,
)
from steadyhand.delivery.approvals.reminding import remind
from steadyhand.delivery.approvals.scheduling import schedule_posting
from steadyhand.delivery.models import Bundle, PieceKind, PieceVersion, Verdict
from steadyhand.people.models import Member
from tests import cast
from tests.cast import SYSTEM
from tests.delivery.approving import actor_of, png

__all__ = ["Bundle", "asked_bundle", "picture_of"]


def asked_bundle(client: Client, contact: Contact, lead: Member) -> Bundle:
    """One of everything an approval has, all of it named by the client's word."""
    word = client.name.split()[0]
    due = cast.NOW.date() + dt.timedelta(days=7)
    bundle = prepare_bundle(client, f"{word} posts", by=SYSTEM, due_on=due, owner=lead, note=f"For {word}.")
    text = add_piece(bundle, f"{word} Monday", PieceKind.COPY, by=SYSTEM)
    version = add_version(text, by=SYSTEM, text=f"{word} rides on.", note=f"{word} asked.", member=lead)
    picture = add_piece(bundle, f"{word} header", PieceKind.PICTURE, by=SYSTEM)
    shown = upload_version(picture, Upload(f"{word}.png", png()), by=SYSTEM)
    ask_for_approval(bundle, [[contact]], by=SYSTEM)
    comment(shown, f"{word} is dark here.", by=actor_of(contact))
    comment(shown, f"{word} never likes blue.", by=SYSTEM)
    remind(bundle, by=SYSTEM)
    decide(version, Verdict.APPROVED, by=actor_of(contact))
    schedule_posting(text, cast.NOW + dt.timedelta(days=9), by=SYSTEM, member=lead)
    return bundle


def picture_of(bundle: Bundle) -> PieceVersion:
    """The version that is a file."""
    return PieceVersion.objects.get(piece__bundle=bundle, file__isnull=False)

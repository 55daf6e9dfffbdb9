"""A mail of one client that waits to be looked at before it leaves."""

from __future__ import annotations

from steadyhand.clients.models import Client, Contact
from steadyhand.comms.mail import supervising, writing
from steadyhand.comms.models import Review
from steadyhand.people import members
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests.cast import SYSTEM

__all__ = ["Review", "submitted"]


def submitted(client: Client, contact: Contact, lead: Member) -> Review:
    """The lead is under review, and has written something important."""
    word = client.name.split()[0]
    reviewer = members.add_member(
        f"reviewer{lead.pk}@northwind.test", by=SYSTEM, name="Reviewer Person", role=Role.DIRECTOR
    )
    supervising.put_under_review(lead, by=SYSTEM, reviewer=reviewer)
    draft = writing.draft_message(
        client,
        by=lead.actor,
        member=lead,
        contact=contact,
        subject=f"{word} budget",
        text=f"Hello {word}",
        important=True,
    )
    return writing.queue_message(draft, by=lead.actor).reviews.get()

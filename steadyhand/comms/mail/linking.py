"""A drafted mail that brings a contact the link to one thing, so that nobody copies a link by hand."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Contact
from steadyhand.comms.mail.drafting import draft_message
from steadyhand.comms.mail.letters import first_name
from steadyhand.comms.models import Message, MessageState
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member


@transaction.atomic
def draft_with_link(
    contact: Contact,
    item: tuple[str, int],
    *,
    by: Actor,
    member: Member | None,
    subject: str,
    opening: str,
    invitation: str,
    about: tuple[str, int],
) -> Message:
    """A draft for `member` to send: why we write, then what the link (to `item`: kind, id) lets them do.

    The one about the same thing that was not sent yet, where there is one: its link still opens. Refuses
    where the contact has no address.
    """
    if not contact.email:
        raise Refusal(
            f"{contact.name} has no e-mail address.",
            remedy="Add one on their page, or make the link alone.",
            field="contact",
        )
    waiting = Message.objects.filter(
        about_type=about[0], about_id=about[1], contact=contact, state=MessageState.DRAFT, subject=subject
    )
    if (found := waiting.order_by("-pk").first()) is not None:
        return found
    _, path = issue_link(contact, *item, by=by)
    parts = (f"Hello {first_name(contact.name)},", opening, f"{invitation}\n{settings.BASE_URL}{path}")
    return draft_message(
        contact.client,
        by=by,
        member=member,
        contact=contact,
        subject=subject,
        text="\n\n".join(parts),
        about=about,
    )

"""The mail that brings a contact the strategy: a first view, or the final version to sign off (S19)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.comms.mail.linking import draft_with_link
from steadyhand.comms.models import Message
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Showing, Strategy
from steadyhand.delivery.strategies import ABOUT
from steadyhand.people.models import Member

ITEM = "strategy"


@transaction.atomic
def bring_strategy(strategy: Strategy, contact: Contact, *, by: Actor, member: Member | None) -> Message:
    """A draft with their link in it, in the words of what they are asked."""
    version = strategy.versions.filter(shared_at__isnull=False).order_by("-number").first()
    if version is None:
        raise Refusal("The client has not been shown the strategy.", remedy="Show them a version first.")
    name = strategy.client.name
    if version.showing == Showing.FINAL and not hasattr(version, "sign_off"):
        subject = f"For your sign-off: strategy for {name}"
        opening = "the strategy is final from our side, and waits for your word."
        invitation = "Read it and sign it off here, or tell us what is not right yet, without an account:"
    else:
        subject = f"Our strategy for {name}"
        opening = "here is the strategy as it stands."
        invitation = "Read it and tell us what you think here, without an account:"
    return draft_with_link(
        contact,
        (ITEM, strategy.pk),
        by=by,
        member=member,
        subject=subject,
        opening=opening,
        invitation=invitation,
        about=(ABOUT, strategy.pk),
    )

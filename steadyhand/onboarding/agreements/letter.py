"""The mail that brings a contact an agreement: to read and comment on, to sign, or to keep (O3)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.comms.mail.linking import draft_with_link
from steadyhand.comms.models import Message
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.models import Agreement, AgreementState
from steadyhand.onboarding.models.agreement import IN_FORCE
from steadyhand.people.models import Member

ABOUT, ITEM = "onboarding.agreement", "agreement"


@transaction.atomic
def bring_agreement(agreement: Agreement, contact: Contact, *, by: Actor, member: Member | None) -> Message:
    """A draft with their link in it, in the words of where the agreement stands."""
    if agreement.shared_at is None:
        raise Refusal("The client does not see this draft yet.", remedy="Share it first, then send a link.")
    title = agreement.title
    if agreement.state == AgreementState.READY:
        subject = f"Ready to sign: {title}"
        opening = f"“{title}” stands as we agreed it, and is ready to be signed."
        invitation = "Read and sign it here, in the browser and without an account:"
    elif agreement.state in IN_FORCE:
        subject = f"Your copy: {title}"
        opening = f"“{title}” is signed by both of us."
        invitation = "Read it and keep your copy here, without an account:"
    elif agreement.is_open:
        subject = f"For your comments: {title}"
        opening = f"here is “{title}”, for you to read before anybody signs."
        invitation = "Say what you think of any clause here, without an account:"
    else:
        raise Refusal(f"“{title}” is {agreement.get_state_display()}.", remedy="Send the one that holds now.")
    return draft_with_link(
        contact,
        (ITEM, agreement.pk),
        by=by,
        member=member,
        subject=subject,
        opening=opening,
        invitation=invitation,
        about=(ABOUT, agreement.pk),
    )

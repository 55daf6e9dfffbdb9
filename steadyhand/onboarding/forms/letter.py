"""The letter that brings a form to a contact: a draft of ours, or by itself where finance sends its own."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from steadyhand.commitments.keeping import may_act_for
from steadyhand.comms.mail.drafting import draft_message
from steadyhand.comms.mail.letters import first_name
from steadyhand.comms.models import Message
from steadyhand.core import outbox
from steadyhand.core.actor import Actor
from steadyhand.onboarding.forms.sending import ABOUT
from steadyhand.onboarding.models import SentForm
from steadyhand.people.models import Member

LETTER = """Hello {name},

here is a short form, “{title}”: {link}

{how}
"""
HOW = (
    "It opens without an account and keeps what you type, so you can fill it in bit by bit, on whatever "
    "screen is near, and ask colleagues for the parts they know better. Please send it back when you are "
    "done; we ask only once."
)


@transaction.atomic
def bring_form(sent: SentForm, *, by: Actor, member: Member | None) -> Message | None:
    """Write the letter with the link that was just made (`link_path`): a draft for `member` to send.

    None where somebody sends it who does not write to this client (finance): then the mail leaves by itself.
    """
    contact = sent.contact
    assert contact is not None  # noqa: S101
    assert sent.link_path  # noqa: S101
    text = LETTER.format(
        name=first_name(contact.name), title=sent.title, link=f"{settings.BASE_URL}{sent.link_path}", how=HOW
    )
    if may_act_for(sent.client_id, by):
        return draft_message(
            sent.client,
            by=by,
            member=member,
            contact=contact,
            subject=sent.title,
            text=text,
            about=(ABOUT, sent.pk),
        )
    outbox.post("form", contact.email, sent.title, text, safe_to_repeat=True, client_id=sent.client_id)
    return None

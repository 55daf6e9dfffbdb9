"""Handing a section to a colleague at the client, who gets a link of their own to it (O1)."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from steadyhand.clients.book import add_contact
from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Contact
from steadyhand.core import clock, events, outbox
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.forms.reading import audience_of, demand_whole, locked_open
from steadyhand.onboarding.forms.sending import KIND
from steadyhand.onboarding.models import HandedSection, SentForm

#: Handings of one form; more is somebody trying out addresses.
MOST = 30
LETTER = """Hello {name},

{by} asks you to fill in one part of a form for {agency}: “{section}”.

{link}

It opens without an account, keeps what you type, and can be closed and opened again.
The link is yours: please do not pass it on.
"""


@transaction.atomic
def hand_section(
    sent: SentForm,
    section_key: str,
    *,
    by: Actor,
    contact: Contact | None = None,
    name: str = "",
    email: str = "",
) -> HandedSection:
    """Ask a colleague for one section: a contact we know, or a new one by name and address.

    The link goes to them by mail and is told to nobody else. Asking the same colleague again sends a new one.
    """
    row = locked_open(sent)
    giver = demand_whole(row, by)
    section = row.form.section(section_key)
    if section is None:
        raise Refusal("That part is not in this form.", remedy="Choose one of its parts.", field="section")
    taker = contact or _colleague(row, name, email, by)
    _demand_taker(row, giver, taker)
    if row.handed.count() >= MOST:
        raise Refusal("This form has been handed to very many people.", remedy="Ask us to help.")
    handed, _ = HandedSection.objects.get_or_create(
        form=row, section_key=section.key, contact=taker, defaults={"at": clock.now(), "by_name": giver.name}
    )
    path = issue_link(taker, KIND, row.pk, by=by)[1]
    agency = Agency.get().name
    outbox.post(
        "form-section",
        taker.email,
        f"{giver.name} asks you for a part of a form",
        LETTER.format(
            name=taker.name,
            by=giver.name,
            agency=agency,
            section=section.title,
            link=f"{settings.BASE_URL}{path}",
        ),
        safe_to_repeat=True,
        client_id=row.client_id,
        reply_to=giver.email,
    )
    events.record(
        "form.section_handed",
        by=by,
        client_id=row.client_id,
        subject=row,
        audience=audience_of(row),
        title=row.title,
        section=section.title,
        to=taker.name,
    )
    return handed


@transaction.atomic
def take_section_back(handed: HandedSection, *, by: Actor) -> None:
    """The section is not open to that colleague any more; what they wrote stays."""
    row = locked_open(handed.form)
    demand_whole(row, by)
    section = row.form.section(handed.section_key)
    events.record(
        "form.section_taken_back",
        by=by,
        client_id=row.client_id,
        subject=row,
        audience=audience_of(row),
        title=row.title,
        section=section.title if section else "",
        to=handed.contact.name,
    )
    handed.delete()


def _colleague(row: SentForm, name: str, email: str, by: Actor) -> Contact:
    """The contact with this address, or a new one."""
    email = email.strip().lower()
    if not email:
        raise Refusal("Write your colleague's e-mail address.", remedy="The link goes there.", field="email")
    found = row.client.contacts.filter(email=email).first()
    return found or add_contact(row.client, name or email.partition("@")[0], by=by, email=email)


def _demand_taker(row: SentForm, giver: Contact, taker: Contact) -> None:
    if taker.client_id != row.client_id or taker.left_on is not None:
        raise Refusal(
            "That colleague is not one we know.", remedy="Write their name and address.", field="contact"
        )
    if taker.pk == giver.pk:
        raise Refusal("This part is yours already.", remedy="Choose a colleague.", field="contact")
    if not taker.email:
        raise Refusal(
            f"We have no e-mail address of {taker.name}.", remedy="Write it below.", field="contact"
        )

"""A form at a client, being filled in by two people, marked with the client's word."""

from __future__ import annotations

from steadyhand.clients.book import add_contact
from steadyhand.clients.models import Client, Contact
from steadyhand.clients.portal_access import actor_of
from steadyhand.core import clock
from steadyhand.onboarding.forms.filling import add_file, save_answer
from steadyhand.onboarding.forms.handing import hand_section
from steadyhand.onboarding.forms.sending import send_form
from steadyhand.onboarding.forms.values import stamp
from steadyhand.onboarding.models import ClientChannel, Competitor, InvoicingDetails, SentForm
from tests.cast import SYSTEM
from tests.clients.test_files import png

#: Parts of addresses that are words of the form.
WORDS = {"form": "project", "section": "business", "question": "history"}


def form_filled(word: str, contact: Contact) -> None:
    """Sent to a contact, a part handed to a colleague, one field written by both, and a file."""
    client = contact.client
    sent = send_form(client, "onboarding", to=contact, by=SYSTEM)
    colleague = add_contact(client, f"{word} Colleague", by=SYSTEM, email=f"d@{word.lower()}.test")
    hand_section(sent, "business", by=actor_of(contact), contact=colleague)
    for who in (contact, colleague):
        save_answer(sent, "history", f"{word} tried by {who.name}", by=actor_of(who), base=stamp(""))
    save_answer(sent, "speaking", f"{word} style", by=actor_of(contact), base=stamp(""))
    add_file(sent, "brand-files", f"{word}.png", png(), by=actor_of(contact))
    kept = {"client": client, "by_name": "tests", "at": clock.now()}
    ClientChannel.objects.create(name=f"{word} radio", who=f"{word} Sound", **kept)
    Competitor.objects.create(name=f"{word} rival", **kept)
    InvoicingDetails.objects.create(legal_name=f"{word} Ltd", **kept)


def form_number(part: str, client: Client) -> int | None:
    """Of these, the one that a part of an address is about; None for parts of others."""
    sent = SentForm.objects.filter(client=client).first()
    if sent is None:
        return None
    match part:
        case "form":
            return sent.pk
        case "other_pk":
            return sent.other_answers.earliest("pk").pk
        case "file_pk":
            return sent.files.earliest("pk").pk
        case "handed_pk":
            return sent.handed.earliest("pk").pk
    return None

"""A form at Halden Bikes, and the people who fill it in."""

from __future__ import annotations

from typing import Any

from steadyhand.clients.models import Contact
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.onboarding.forms.filling import save_answer
from steadyhand.onboarding.forms.reading import answers_of
from steadyhand.onboarding.forms.returning import agree_terms, return_form, terms
from steadyhand.onboarding.forms.sending import send_form
from steadyhand.onboarding.forms.values import Value, stamp
from steadyhand.onboarding.models import SentForm
from tests.cast import Cast

#: What has to be answered before the shipped forms can be returned.
NEEDED: dict[str, dict[str, Value]] = {
    "onboarding": {
        "domain": "haldenbikes.test",
        "business": "Bicycles for hills.",
        "contacts": [{"name": "Finn Halden", "email": "finn@haldenbikes.test", "part": "decides"}],
        "objectives": "Forty orders a month.",
        "channels": [{"name": "Search", "run_by": "us", "budget_owner": "Ola", "monthly_budget": "£1,500"}],
        "competitors": [{"name": "Velo Nord", "website": "velonord.test"}],
        "has-crm": "no",
        "reach-by": ["Telephone"],
    },
    "finance": {
        "legal-name": "Halden Bikes Ltd",
        "address": "1 Hill Road",
        "invoice-email": "bills@haldenbikes.test",
        "needs-order-number": "no",
        "payment": "Bank transfer",
    },
}


def maya() -> Contact:
    return Contact.objects.select_related("client").get(name="Maya Lind")


def ola() -> Contact:
    return Contact.objects.select_related("client").get(name="Ola Brandt")


def actor_of(contact: Contact) -> Actor:
    """A contact, as events name them."""
    return Actor(ActorKind.CONTACT, contact.pk, contact.name)


def sent_to_maya(cast: Cast, key: str = "onboarding", **how: Any) -> SentForm:
    return send_form(cast.halden, key, to=maya(), by=cast.jody.actor, **how)


def write(sent: SentForm, key: str, value: Value, contact: Contact | None = None, **how: Any) -> Any:
    """Somebody types into a field that they have just opened."""
    base = how.pop("base", stamp(answers_of(sent).get(key, "")))
    return save_answer(sent, key, value, by=actor_of(contact or maya()), base=base, **how)


def returned(sent: SentForm, **answers: Value) -> SentForm:
    """Everything needed is written, the terms are agreed to, and it is back."""
    for key, value in (NEEDED[sent.form_key] | {k.replace("_", "-"): v for k, v in answers.items()}).items():
        write(sent, key, value)
    wanted = terms(sent)
    if wanted is not None:
        agree_terms(sent, by=actor_of(maya()), digest=wanted.digest)
    return return_form(sent, by=actor_of(maya()))

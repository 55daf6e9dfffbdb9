"""Forms of the demo agency's clients: one half filled in, one returned, one of finance's taken over."""

from __future__ import annotations

from collections.abc import Callable

from steadyhand.clients.models import Contact
from steadyhand.clients.portal_access import actor_of
from steadyhand.exchange.demo.handing_over import SALTMARSH
from steadyhand.exchange.demo.sketch import FIRST_MONTH
from steadyhand.exchange.demo.world import World, lead_of
from steadyhand.onboarding.forms.filling import save_answer
from steadyhand.onboarding.forms.reading import answers_of
from steadyhand.onboarding.forms.returning import agree_terms, return_form, terms
from steadyhand.onboarding.forms.sending import form_of, send_form
from steadyhand.onboarding.forms.taking_over import proposals, take_over
from steadyhand.onboarding.forms.values import Value, stamp
from steadyhand.onboarding.models import SentForm

BEGUN: dict[str, Value] = {
    "business": "Beer from the marsh: four all year round, one a season, and a taproom with a stove.",
    "history": "Two summers of Facebook, which filled the taproom in July and nobody since.",
    "objectives": "Full Saturdays in winter.",
    "has-crm": "no",
}
RETURNED: dict[str, Value] = {
    "business": "Six homes in Hampshire where people are old among friends. Families ask; residents decide.",
    "history": "Open days in the parish magazine, and two directories that list everybody.",
    "objectives": "That a family who needs a place finds us before the directories do.",
    "channels": [
        {"name": "Search", "run_by": "you", "budget_owner": "The homes, a third each"},
        {"name": "Directories", "run_by": "outside", "who": "Two listings", "monthly_budget": "420"},
        {"name": "Open days", "run_by": "us", "who": "The managers of the homes"},
    ],
    "competitors": [
        {"name": "The new house by the station", "note": "Rooms with balconies."},
        {"name": "Linden Court", "website": "lindencourt.example", "note": "Their letters to families."},
    ],
    "trouble": "Nobody answers the contact form at weekends, when families look.",
    "has-crm": "yes",
    "which-crm": "HubSpot",
    "crm-keeper": "The office in the first home",
    "lead-quality": "4",
    "brand-voice": "Warm and plain. Never “the elderly”.",
    "reach-by": ["Telephone", "E-mail"],
    "speaking": "Short. I read it between two rooms.",
    "bad-news": "By telephone, the same day.",
}
FINANCE: dict[str, Value] = {
    "address": "Accounts, 12 Quay Street, Southampton",
    "invoice-email": "accounts@oakhaven.example",
    "needs-order-number": "yes",
    "order-number": "PO 2231, for the whole year",
    "payment": "Bank transfer",
}


def tell(world: World) -> None:
    """Put the forms into the past."""
    # A weekend moves its acts to the Friday before, so each is later in the day than those before it.
    for offset, time, act in (
        (-8, "11:30", lambda contact: _send("onboarding", contact)),
        (-8, "11:35", lambda contact: _send("finance", contact)),
        (-6, "11:50", _pay),
        (-5, "12:15", lambda contact: _return("finance", contact)),
        (-5, "13:20", lambda contact: _write("onboarding", contact, RETURNED)),
        (-4, "14:40", lambda contact: _take_over(world, contact)),
        (-4, "16:45", lambda contact: _return("onboarding", contact)),
    ):
        _on(world, offset, time, lambda act=act: _with_contact(world, act))  # type: ignore[misc]
    _on(world, -1, "17:10", _half_filled)


def _with_contact(world: World, act: Callable[[Contact], object]) -> None:
    contact = world.contact(world.clients.get(FIRST_MONTH))
    if contact is not None and contact.email:
        act(contact)


def _send(key: str, contact: Contact) -> None:
    send_form(contact.client, key, to=contact, by=lead_of(contact.client).actor)


def _write(key: str, contact: Contact, answers: dict[str, Value]) -> None:
    """Typed into the fields; what is needed and we knew already stays as it is."""
    sent = _out(key, contact)
    if sent is None:
        return
    standing = answers_of(sent)
    domain = {} if standing.get("domain") else {"domain": f"{contact.client.ref}.example"}
    asked = {question.key for question in form_of(key)[1].questions}
    for question, value in {**domain, **answers}.items():
        if question in asked:
            save_answer(
                sent,
                question,
                value,
                by=actor_of(contact),
                base=stamp(standing.get(question, "")),
            )


def _pay(contact: Contact) -> None:
    _write("finance", contact, {"legal-name": f"{contact.client.name} Ltd", **FINANCE})


def _return(key: str, contact: Contact) -> None:
    sent = _out(key, contact)
    if sent is None:
        return
    wanted = terms(sent)
    if wanted is not None:
        agree_terms(sent, by=actor_of(contact), digest=wanted.digest)
    return_form(sent, by=actor_of(contact))


def _take_over(world: World, contact: Contact) -> None:
    sent = _out("finance", contact)
    if sent is not None:
        finance = world.team["bridget"].actor
        take_over(sent, [one.token for one in proposals(sent, by=finance)], by=finance)


def _half_filled() -> None:
    """The client that was just won has begun; what they have so far is kept."""
    sent = SentForm.objects.filter(client__name=SALTMARSH.name, form_key="onboarding").first()
    if sent is not None and sent.contact is not None:
        _write("onboarding", sent.contact, BEGUN)


def _out(key: str, contact: Contact) -> SentForm | None:
    rows = SentForm.objects.filter(client=contact.client_id, form_key=key).preloaded()
    return rows.filter(state__in=["sent", "begun", "returned"]).first()


def _on(world: World, offset: int, time: str, act: Callable[[], object]) -> None:
    day = world.working(offset)
    if day >= world.begins:
        world.plan(world.moment(day, time), act)

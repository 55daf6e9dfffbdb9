"""The papers of a win put into the account lead's reply: forms, finance form, draft agreement (W5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Contact, EngagementKind
from steadyhand.comms.mail.drafting import WRITABLE, save_draft
from steadyhand.comms.mail.letters import fill, gaps
from steadyhand.comms.models import Message
from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.agreements.drafting import draft_agreement, gaps_of
from steadyhand.onboarding.agreements.sharing import share
from steadyhand.onboarding.forms.sending import forms_of_playbook, send_form, send_form_again
from steadyhand.onboarding.handover import locked
from steadyhand.onboarding.models import Agreement, Handover
from steadyhand.playbook.agreement_templates import agreement_templates

#: The merge field of each paper, and what it is called when it could not be enclosed.
AGREEMENT, ONBOARDING, FINANCE = "agreement.link", "onboarding_form.link", "finance_form.link"
#: Who at a client is asked for invoicing details, by job title.
KEEPS_BOOKS = re.compile(r"\b(financ|account(s|ant|ing)\b|invoic|bookkeep|billing|treasur)", re.I)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The reply with its papers, and why each that is missing is."""

    reply: Message
    papers: list[str]
    missing: list[str]


@transaction.atomic
def enclose_papers(handover: Handover, *, by: Actor) -> Enclosed:
    """Fill the links that the reply still lacks: forms are sent, the agreement is shared; both wait on the
    client from now on. A draft agreement with gaps is left for its owner to finish."""
    row = locked(handover, by)
    reply = row.reply
    if reply is None or reply.state not in WRITABLE:
        raise Refusal(
            "The reply has left already.", remedy="Send links from the forms and the agreement themselves."
        )
    if row.contact is None:
        raise Refusal("We know nobody to send them to.", remedy="Choose a contact in the reply first.")
    wanted = [name for name in gaps(reply.text) if name in (AGREEMENT, ONBOARDING, FINANCE)]
    if not wanted:
        raise Refusal("Every link stands in the reply already.", remedy="Read it, and send it.")
    links: dict[str, str] = {}
    missing: list[str] = []
    for name in wanted:
        try:
            links[name] = settings.BASE_URL + _path(name, row, row.contact, by)
        except Refusal as refusal:
            missing.append(str(refusal))
    if not links:
        raise Refusal(" ".join(missing))
    reply = save_draft(reply, by=by, text=fill(reply.text, links))
    papers = [name.partition(".")[0].replace("_", " ") for name in links]
    events.record("handover.enclosed", by=by, client_id=row.client_id, subject=row, papers=papers)
    return Enclosed(reply, papers, missing)


def draft_of_win(handover: Handover, *, by: Actor) -> Agreement | None:
    """Part of winning: the agreement as a draft of the account lead's, internal until it is shared."""
    is_project = handover.engagement.kind == EngagementKind.PROJECT
    key = "project" if is_project else "contract"
    if not any(template.key == key for template in agreement_templates()):
        return None
    return draft_agreement(handover.client, key, by=by, engagement=handover.engagement, owner=handover.led_by)


def _path(name: str, row: Handover, contact: Contact, by: Actor) -> str:
    if name == AGREEMENT:
        return _agreement(row, contact, by)
    is_project = row.engagement.kind == EngagementKind.PROJECT
    key = "finance" if name == FINANCE else "project" if is_project else "onboarding"
    if not any(form.key == key for form in forms_of_playbook()):
        raise Refusal(f"The playbook has no form “{key}”.", remedy="Take its line out of the reply.")
    to = _bookkeeper(row, contact) if name == FINANCE else contact
    out = row.client.forms.filter(form_key=key, state__in=["sent", "begun", "returned"]).first()
    sent = send_form_again(out, by=by) if out else send_form(row.client, key, to=to, by=by)
    return sent.link_path


def _agreement(row: Handover, contact: Contact, by: Actor) -> str:
    found = Agreement.objects.filter(engagement=row.engagement, closed_at=None).order_by("-made_at").first()
    if found is None:
        raise Refusal("There is no draft agreement.", remedy="Draft one, then enclose it.")
    version = found.working_version
    if version is not None:
        if lacks := gaps_of(version):
            raise Refusal(
                f"The draft agreement still has {len(lacks)} gap{'' if len(lacks) == 1 else 's'} to fill.",
                remedy="Write them out, then enclose it.",
            )
        share(found, by=by)
    return issue_link(contact, "agreement", found.pk, by=by)[1]


def _bookkeeper(row: Handover, contact: Contact) -> Contact:
    """Who keeps the books there, where we know; else the one we write to."""
    known = row.client.contacts.filter(left_on=None).exclude(email="")
    return next((one for one in known if KEEPS_BOOKS.search(one.job_title)), contact)

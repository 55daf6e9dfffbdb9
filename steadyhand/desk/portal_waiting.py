"""What waits on a client, and what is shared with them: each area speaks for itself, here they meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from steadyhand.clients.models import Contact
from steadyhand.commitments.feed_file import words_to_client
from steadyhand.commitments.keeping import AD_HOC
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Chase
from steadyhand.core.models import Agency
from steadyhand.delivery.models import Bundle, Showing, Strategy, StrategyVersion
from steadyhand.onboarding.models import Agreement, AgreementState, SentForm, Side
from steadyhand.reporting.models import Dashboard, Report, ReportKind

#: Of each kind, on one page.
MOST_PAPERS = 20
#: Of reports whose leads they are asked about, the newest: nobody remembers last spring.
MOST_ASKED = 2

#: The kinds of item a link can open, and which of them are shared with a contact.
SHARED: Mapping[str, Callable[[Contact], QuerySet[Any]]] = {
    "agreement": lambda contact: Agreement.objects.shared_with(contact),
    "approval": lambda contact: Bundle.objects.shared_with(contact),
    "figures": lambda contact: Dashboard.objects.shared_with(contact),
    "form": lambda contact: SentForm.objects.shared_with(contact),
    "report": lambda contact: Report.objects.shared_with(contact).defer("content"),
    "strategy": lambda contact: Strategy.objects.shared_with(contact),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits on the client: what, what they do about it, until or since when.

    `kind` and `pk` name the item as a link does; one without a page is only told.
    """

    words: str
    kind: str = ""
    pk: int = 0
    verb: str = ""
    note: str = ""
    due: dt.date | None = None
    since: dt.datetime | None = None


def waiting_on(contact: Contact) -> list[Waiting]:
    """What waits on somebody at a client: by the day it is wanted, what has none last. One query a source."""
    found = [one for source in SOURCES for one in source(contact)]
    return sorted(found, key=lambda one: (one.due is None, one.due or dt.date.max))


@dataclass(frozen=True, slots=True)
class Paper:
    """Something that is shared with them, whether or not it waits; `kind` and `pk` as a link names it."""

    words: str
    kind: str
    pk: int


def papers_of(contact: Contact) -> list[Paper]:
    """Everything they may open, kind by kind, the newest first."""
    return [
        Paper(str(row) if kind != "strategy" else "Our strategy for you", kind, row.pk)
        for kind, shared in SHARED.items()
        for row in shared(contact).select_related("client").order_by("-pk")[:MOST_PAPERS]
    ]


def agreements(contact: Contact) -> Iterable[Waiting]:
    """To be signed by them, or to be read and talked over."""
    shared = Agreement.objects.shared_with(contact)
    for one in shared.filter(state=AgreementState.READY).exclude(signatures__side=Side.CLIENT):
        yield Waiting(one.title, "agreement", one.pk, "Read and sign", since=one.ready_at)
    for one in shared.filter(state=AgreementState.SHARED):
        yield Waiting(one.title, "agreement", one.pk, "Read and comment", since=one.shared_at)


def forms(contact: Contact) -> Iterable[Waiting]:
    """Sent to them, or with a section handed to them, and not sent back."""
    for one in SentForm.objects.shared_with(contact).waiting().select_related("commitment"):
        due = one.commitment.due_on if one.commitment else None
        verb = "Go on" if one.begun_at else "Fill in"
        yield Waiting(one.title, "form", one.pk, verb, due=due, since=one.sent_at)


def approvals(contact: Contact) -> Iterable[Waiting]:
    """Where they are asked to decide."""
    asked = Bundle.objects.shared_with(contact).waiting()
    mine = asked.filter(approvers__contact=contact.pk, approvers__ended_at=None).distinct()
    for one in mine:
        yield Waiting(one.title, "approval", one.pk, "Look and approve", due=one.due_on)


def strategies(contact: Contact) -> Iterable[Waiting]:
    """A final version that nobody of theirs has signed off yet, unless a newer one was shown."""
    shown = StrategyVersion.objects.filter(
        strategy__in=Strategy.objects.shared_with(contact), shared_at__isnull=False
    )
    newest = shown.select_related("sign_off").order_by("-number").first()
    if newest is not None and newest.showing == Showing.FINAL and not hasattr(newest, "sign_off"):
        words = f"Strategy, version {newest.number}"
        yield Waiting(words, "strategy", newest.strategy_id, "Read and sign off", since=newest.shared_at)


def lead_qualities(contact: Contact) -> Iterable[Waiting]:
    """Paid-search reports that were sent to them, whose leads they have not judged (L3)."""
    asked = Report.objects.shared_with(contact).filter(
        kind=ReportKind.PAID_SEARCH, recipients__contact=contact
    )
    for one in (
        asked.exclude(lead_qualities__contact=contact).defer("content").order_by("-sent_at")[:MOST_ASKED]
    ):
        yield Waiting(f"{one.title}: were the leads any good?", "report", one.pk, "Say", since=one.sent_at)


def requests(contact: Contact) -> Iterable[Waiting]:
    """What they, or anybody at the client, were asked for and have not answered (S7)."""
    asked = Chase.objects.open().filter(Q(contact=contact) | Q(contact=None), client=contact.client_id)
    for one in asked:
        yield Waiting(one.text, "request", one.pk, due=one.wanted_by, since=one.began_at)


def promises_held_up(contact: Contact) -> Iterable[Waiting]:
    """What the plan promised them and cannot go on without them; what was promised by hand stays ours."""
    agency = Agency.get()
    held = Commitment.objects.filter(client=contact.client_id).for_client_eyes().waiting()
    for one in held.exclude(rule=AD_HOC).order_by("due_at", "pk"):
        words = words_to_client(one.kind, one.rule, agency)
        yield Waiting(words, note="We go on once we hear from you.", since=one.waiting_since)


SOURCES: tuple[Callable[[Contact], Iterable[Waiting]], ...] = (
    agreements,
    forms,
    approvals,
    strategies,
    lead_qualities,
    requests,
    promises_held_up,
)

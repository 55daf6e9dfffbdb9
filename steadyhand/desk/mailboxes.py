"""Mailboxes as their page shows them, and what became of the mail of the last week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from steadyhand.comms.mail.providers import PROVIDERS, provider
from steadyhand.comms.models import Arrival, Fate, Mailbox, MailboxKind, Reason
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member

LATELY = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Became:
    """So many mails, and what became of them."""

    words: str
    count: int


@dataclass(frozen=True, slots=True)
class MailboxesPage:
    """One's own mailboxes, or the agency's; `providers` are those one may sign in with."""

    mailboxes: list[Mailbox]
    providers: list[MailboxKind]
    lately: list[Became]


def mailboxes_page(actor: Actor, member: Member | None) -> MailboxesPage:
    """A member's own mailboxes; without one the agency's, with what became of its mail."""
    rows = Mailbox.objects.visible_to(actor).connected().filter(member=member)
    offered = [kind for kind in PROVIDERS if provider(kind) is not None]
    return MailboxesPage(list(rows), offered, [] if member else _lately())


def _lately() -> list[Became]:
    """What became of it, and how often; what was left alone in private mailboxes is not counted."""
    since = clock.now() - LATELY
    rows = Arrival.objects.filter(at__gt=since).exclude(fate=Fate.LEFT).order_by()
    counted = rows.values_list("fate", "reason").annotate(many=Count("pk"))
    found = {(fate, reason): many for fate, reason, many in counted}
    return [
        Became(
            f"{Fate(fate).label}: {Reason(reason).label}" if reason else Fate(fate).label, found[fate, reason]
        )
        for fate, reason in sorted(found, key=lambda key: (list(Fate).index(Fate(key[0])), -found[key]))
    ]

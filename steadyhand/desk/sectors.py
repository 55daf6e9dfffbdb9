"""Sector notes and our services as pages read them, and the evidence for the service standard (S22, B17)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from steadyhand.clients.models import Client, PersonalDetail, SectorNote, ServiceOffer
from steadyhand.clients.models.sector import same_word
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.playbook.content import Evidence, ServiceStandardExample

#: How far back a personal detail counts as lately noted, and how many clients are named.
LATELY = dt.timedelta(days=90)
MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Sector:
    """A note on an industry, how many live clients one sees in it, and its earlier texts, newest first."""

    note: SectorNote
    clients: int
    earlier: list[SectorNote]


@dataclass(frozen=True, slots=True)
class Unwritten:
    """An industry of clients one sees on which nobody has written yet."""

    industry: str
    clients: int


def sectors(actor: Actor) -> tuple[list[Sector], list[Unwritten]]:
    """Every sector note, and the industries without one, most clients first. Two queries."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    seen = Client.objects.visible_to(actor).live().exclude(industry="").order_by()
    for industry in seen.values_list("industry", flat=True):
        names.setdefault(same_word(industry), industry)
        counts[same_word(industry)] += 1
    rows = list(SectorNote.objects.visible_to(actor))
    written = [
        Sector(note, counts[note.key], _before(note, rows))
        for note in sorted((row for row in rows if row.stands), key=lambda row: row.industry.casefold())
    ]
    known = {sector.note.key for sector in written}
    return written, [
        Unwritten(names[key], number) for key, number in counts.most_common() if key not in known
    ]


@dataclass(frozen=True, slots=True)
class Offered:
    """A service of ours, and its earlier descriptions, newest first."""

    offer: ServiceOffer
    earlier: list[ServiceOffer]


def catalogue(actor: Actor) -> list[Offered]:
    """Every service we offer, by name. One query."""
    rows = list(ServiceOffer.objects.visible_to(actor))
    standing = sorted((row for row in rows if row.stands), key=lambda row: row.name.casefold())
    return [Offered(offer, _before(offer, rows)) for offer in standing]


def _before[Row: (SectorNote, ServiceOffer)](row: Row, rows: Iterable[Row]) -> list[Row]:
    """What the row replaced, and what that replaced."""
    by_pk = {one.pk: one for one in rows}
    found: list[Row] = []
    earlier = by_pk.get(row.replaces_id or 0)
    while earlier is not None and earlier not in found:
        found.append(earlier)
        earlier = by_pk.get(earlier.replaces_id or 0)
    return found


@dataclass(frozen=True, slots=True)
class Proof:
    """Where one example of the service standard can be seen to happen.

    `said` is a sentence; `clients` are pages that show it. `measured` is False where nothing counts it yet,
    and `said` then tells what would.
    """

    example: ServiceStandardExample
    said: str
    measured: bool = False
    clients: list[tuple[str, str]] = field(default_factory=list)


#: What will count, where the product holds no evidence of its own yet.
WOULD_COUNT = {
    Evidence.DIPS: (
        "A drop in a client's figures that we told them of before they asked. Until figures are read in "
        "here, write the call or e-mail down when it happens; the client's timeline keeps the day."
    ),
    Evidence.INTRODUCTIONS: (
        "An introduction made for a client, with whom and why. Until introductions have a place of "
        "their own, write it down as a note on the client's timeline."
    ),
    Evidence.INSIGHTS: (
        "Calls that began with figures read and two or three recommendations written down. Until reports are "
        "kept in here, put them into the notes of the call; the timeline shows them beside it."
    ),
}


def proofs(examples: Iterable[ServiceStandardExample], actor: Actor) -> list[Proof]:
    """Each example with its evidence, as far as the reader may see the clients it comes from. Two queries."""
    return [
        _details(example, actor)
        if example.evidence is Evidence.PERSONAL_DETAILS
        else Proof(example, WOULD_COUNT[example.evidence])
        for example in examples
    ]


def _details(example: ServiceStandardExample, actor: Actor) -> Proof:
    since = clock.now() - LATELY
    rows = PersonalDetail.objects.standing().visible_to(actor).filter(contact__client__stage="live")
    of_clients = rows.order_by("-at").values_list("contact__client__ref", "contact__client__name", "at")
    lately = [(ref, name) for ref, name, at in of_clients if at >= since]
    known = len({ref for ref, _, _ in of_clients})
    clients = dict.fromkeys(lately)
    if not known:
        return Proof(
            example,
            "Nothing is noted yet about the people you look after. Start with one of them.",
            measured=True,
        )
    said = (
        f"On your account teams we know something personal of {known} client{'' if known == 1 else 's'}; "
        f"{len(lately)} detail{' was' if len(lately) == 1 else 's were'} noted in the last three months."
    )
    named = [(name, f"/clients/{ref}/knowledge/") for ref, name in list(clients)[:MOST_NAMED]]
    return Proof(example, said, measured=True, clients=named)

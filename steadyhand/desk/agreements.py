"""Agreements as pages show them: the list, one agreement, its versions side by side, and its evidence."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from steadyhand.clients.models import Assignment, Client, Contact, Engagement, Position
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.onboarding.agreements.drafting import ClauseText, filled_in, gaps_of
from steadyhand.onboarding.agreements.groundwork import missing_of, without_groundwork
from steadyhand.onboarding.models import (
    Agreement,
    AgreementSignature,
    AgreementState,
    AgreementVersion,
    ClauseComment,
    Groundwork,
    GroundworkKind,
    GroundworkWaiver,
    Side,
)
from steadyhand.people.models import Member
from steadyhand.playbook.merge_fields import MERGE_FIELDS, MergeField

MOST = 200
WORD = re.compile(r"\s+|[^\s]+")

#: What the list can be narrowed to.
STATES: dict[str, tuple[AgreementState, ...]] = {
    "open": (AgreementState.DRAFT, AgreementState.SHARED, AgreementState.READY),
    "signed": (AgreementState.SIGNED, AgreementState.SEALED),
    "closed": (AgreementState.WITHDRAWN, AgreementState.DECLINED, AgreementState.REPLACED),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text: kept (“=”), new (“+”) or gone (“-”)."""

    sign: str
    text: str


@dataclass(slots=True)
class ShownClause:
    """A clause with what was said about it, and how it differs from the version before."""

    key: str
    number: int
    title: str
    text: str
    comments: list[ClauseComment] = field(default_factory=list)
    change: str = ""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def open_comments(self) -> list[ClauseComment]:
        """What the client said and nobody has settled."""
        return [one for one in self.comments if not one.ours and one.settled_at is None]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a comparison: a clause or a date, word by word."""

    subject: str
    pieces: list[Piece]
    note: str = ""


@dataclass(slots=True)
class AgreementPage:
    """One agreement, as one of its versions reads."""

    agreement: Agreement
    version: AgreementVersion
    versions: list[AgreementVersion]
    clauses: list[ShownClause]
    general: list[ClauseComment]
    signatures: list[AgreementSignature]
    changes: list[Change] = field(default_factory=list)

    @property
    def of_client(self) -> AgreementSignature | None:
        """The client's signature."""
        return next((one for one in self.signatures if one.side == Side.CLIENT), None)

    @property
    def of_agency(self) -> AgreementSignature | None:
        """Ours."""
        return next((one for one in self.signatures if one.side == Side.AGENCY), None)

    @property
    def open_comments(self) -> int:
        """How much of what the client said is not settled."""
        rows = [*self.general, *(one for clause in self.clauses for one in clause.comments)]
        return sum(not one.ours and one.settled_at is None for one in rows)

    @property
    def previous(self) -> AgreementVersion | None:
        """The version before the one shown."""
        return next((one for one in reversed(self.versions) if one.number < self.version.number), None)


# --- for the client


def for_client(agreement: Agreement) -> AgreementPage | None:
    """As the client reads it: the newest version that was shared."""
    versions = [one for one in _versions(agreement) if one.shared_at is not None]
    return _page(agreement, versions, versions[-1]) if versions else None


# --- for staff


def agreements_list(actor: Actor, state: str, client: Client | None = None) -> list[Agreement]:
    """Those of clients one sees, newest first; of one client where it is given."""
    rows = Agreement.objects.visible_to(actor).preloaded().filter(state__in=STATES[state])
    if client is not None:
        rows = rows.filter(client=client)
    return list(rows[:MOST])


def agreement_page(pk: int, actor: Actor) -> AgreementPage | None:
    """One agreement as staff see it: the version in work, or else what the client has."""
    found = Agreement.objects.visible_to(actor).select_related("client", "engagement", "owner", "replaced_by")
    agreement = found.filter(pk=pk).first()
    if agreement is None:
        return None
    versions = _versions(agreement)
    return _page(agreement, versions, versions[-1])


def open_gaps(version: AgreementVersion) -> list[MergeField]:
    """What somebody still has to write in before it can be shared."""
    return [MERGE_FIELDS[name] for name in gaps_of(version)] if version.shared_at is None else []


def compared(before: AgreementVersion, after: AgreementVersion) -> list[Change]:
    """What differs between two versions: dates, then clause by clause in the order of the newer."""
    found = [
        Change(subject, differing(old, new))
        for subject, old, new in zip(("Begins", "Ends", "Notice"), _terms(before), _terms(after), strict=True)
        if old != new
    ]
    old_clauses = {one.key: one for one in filled_in(before)}
    for one in filled_in(after):
        old_one = old_clauses.pop(one.key, None)
        if old_one is None:
            found.append(Change(one.title, [Piece("+", one.text)], "new"))
        elif (old_one.title, old_one.text) != (one.title, one.text):
            note = f"was called “{old_one.title}”" if old_one.title != one.title else ""
            found.append(Change(one.title, differing(old_one.text, one.text), note))
    return found + [Change(one.title, [Piece("-", one.text)], "gone") for one in old_clauses.values()]


def differing(before: str, after: str) -> list[Piece]:
    """Both texts in one, word by word."""
    old, new = WORD.findall(before), WORD.findall(after)
    pieces: list[Piece] = []
    gone, come = "", ""

    def close() -> None:
        pieces.extend(Piece(sign, text) for sign, text in (("-", gone), ("+", come)) if text)

    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[a:b]), "".join(new[c:d])
        if what == "equal" and not (left.isspace() and (gone or come)):
            close()
            gone, come = "", ""
            pieces.append(Piece("=", left))
        else:  # the blank between two changes belongs to them: words are read, not letters
            gone, come = gone + left, come + right
    close()
    return pieces


def contacts_to_link(agreement: Agreement) -> list[Contact]:
    """Who at the client can be given a link."""
    return list(agreement.client.contacts.filter(left_on=None))


# --- papers before the start


@dataclass(frozen=True, slots=True)
class Start:
    """An engagement that begins, what of its papers is on file, and who chases the rest."""

    engagement: Engagement
    lacking: list[GroundworkKind]
    lead: Member | None


def starts(actor: Actor) -> list[Start]:
    """Engagements that begin without their brief, objective and plan, of clients one sees. Three queries."""
    zone = Agency.get().zone
    seen = Client.objects.visible_to(actor)
    found = list(without_groundwork(clock.today(zone)).filter(client__in=seen)[:MOST])
    lacking = missing_of(one.pk for one in found)
    leads = _leads(one.client_id for one in found)
    return [Start(one, lacking[one.pk], leads.get(one.client_id)) for one in found]


def groundwork_of(
    engagement: Engagement,
) -> tuple[list[tuple[GroundworkKind, Groundwork | None]], GroundworkWaiver | None]:
    """The three papers with what is on file of each, and whether it may start without."""
    filed = {one.kind: one for one in engagement.groundwork.filter(until=None)}
    waiver = engagement.groundwork_waivers.filter(until=None).first()
    return [(kind, filed.get(kind)) for kind in GroundworkKind], waiver


def _leads(clients: Iterable[int]) -> dict[int, Member]:
    places = Assignment.objects.filter(client__in=list(clients), position=Position.LEAD, until=None)
    return {place.client_id: place.member for place in places.select_related("member")}


def _versions(agreement: Agreement) -> list[AgreementVersion]:
    rows = agreement.versions.prefetch_related("clauses", "comments").order_by("number")
    versions = list(rows)
    for version in versions:
        version.agreement = agreement
    return versions


def _page(agreement: Agreement, versions: list[AgreementVersion], version: AgreementVersion) -> AgreementPage:
    comments: dict[str, list[ClauseComment]] = defaultdict(list)
    for one in versions:
        for said in one.comments.all():
            comments[said.clause_key].append(said)
    texts = filled_in(version) if version.shared_at is None else _as_shared(version)
    clauses = [
        ShownClause(one.key, number, one.title, one.text, comments.pop(one.key, []))
        for number, one in enumerate(texts, start=1)
    ]
    general = sorted((said for rows in comments.values() for said in rows), key=lambda said: said.at)
    page = AgreementPage(
        agreement, version, versions, clauses, general, list(agreement.signatures.select_related("version"))
    )
    if page.previous is not None:
        page.changes = compared(page.previous, version)
    return page


def _as_shared(version: AgreementVersion) -> list[ClauseText]:
    return [ClauseText(one.title, one.text, one.key) for one in version.clauses.all()]


def _terms(version: AgreementVersion) -> tuple[str, str, str]:
    ends = f"{version.ends_on:%-d %B %Y}" if version.ends_on else "runs on until notice"
    days = version.notice_days
    return f"{version.begins_on:%-d %B %Y}", ends, f"{days} day{'' if days == 1 else 's'}"

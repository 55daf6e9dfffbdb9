"""Who of us would suit a lead's contact, with the reasons, for and against (W2). No score is kept or hidden.

People are ordered by reasons for less reasons against, then by who has most time left. What a colleague
carries is counted over the promises the reader may see; for those who see every lead, over all of them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from steadyhand.clients.engagements import channel_of
from steadyhand.clients.models import (
    Assignment,
    Client,
    Contact,
    DetailKind,
    Knowledge,
    MarketingKnowledge,
    PersonalDetail,
    Position,
    Service,
)
from steadyhand.clients.models.sector import same_word
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.promised_time import WEEKS, PromisedTime, promised_time
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.newbusiness.models import Lead, Style
from steadyhand.people.models import Absence, Member
from steadyhand.people.roles import Capability, Role
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import tier_of

#: Who looks after clients.
ACCOUNT_ROLES = (Role.EXECUTIVE, Role.MANAGER, Role.SENIOR_MANAGER, Role.DIRECTOR)
#: Of the time there is: under this much promised is room, over that is too much.
ROOM, FULL = 70, 100
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, as a sentence; `is_for` says which way it speaks."""

    about: str
    text: str
    is_for: bool = True


@dataclass(slots=True)
class Suggestion:
    """One colleague, with what speaks for and against them, and how much of their time is promised."""

    member: Member
    reasons: list[Reason] = field(default_factory=list)
    share: int = 0

    @property
    def speaks_for(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.is_for]

    @property
    def speaks_against(self) -> list[Reason]:
        return [reason for reason in self.reasons if not reason.is_for]

    @property
    def place(self) -> tuple[int, int, str]:
        """What they are ordered by."""
        return len(self.speaks_against) - len(self.speaks_for), self.share, self.member.name.casefold()


def suggest(lead: Lead, actor: Actor, *, contact: Contact | None = None) -> list[Suggestion]:
    """Everybody who looks after clients, whom most speaks for first. Ten queries, however large the book."""
    people = Member.objects.visible_to(actor).here().filter(role__in=ACCOUNT_ROLES)
    found = {member.pk: Suggestion(member) for member in people}
    contact = contact or lead.client.contacts.filter(left_on=None).first()
    seen = _seen(actor)
    looks_after = _clients_of(found, seen)
    _by_tier(found.values(), lead)
    _by_sector(found, looks_after, lead)
    _by_services(found, looks_after, lead)
    _by_style(found, looks_after, contact, actor)
    _by_time(found, actor, lead)
    return sorted(found.values(), key=lambda one: one.place)


def time_of(members: Iterable[Member], actor: Actor) -> dict[int, PromisedTime]:
    """How much of each one's time is promised, over the promises the reader may see. Two queries."""
    return promised_time(members, None if _knows_all(actor) else Commitment.objects.visible_to(actor))


def _knows_all(actor: Actor) -> bool:
    return actor.may(Capability.SEE_ALL_LEADS) or actor.may(Capability.SEE_ALL_CLIENTS)


def _seen(actor: Actor) -> list[int] | None:
    """The clients that count; None for all of them."""
    if _knows_all(actor):
        return None
    return list(Client.objects.visible_to(actor).live().values_list("pk", flat=True))


def _clients_of(found: dict[int, Suggestion], seen: list[int] | None) -> dict[int, dict[int, str]]:
    """Per member the live clients they lead or help, with their industry."""
    places = Assignment.objects.filter(
        member__in=found,
        until=None,
        position__in=(Position.LEAD, Position.SUPPORT),
        client__stage="live",
    )
    if seen is not None:
        places = places.filter(client__in=seen)
    clients: dict[int, dict[int, str]] = defaultdict(dict)
    for member, client, industry in places.values_list("member", "client", "client__industry"):
        clients[member][client] = industry
    return clients


def _by_tier(suggestions: Iterable[Suggestion], lead: Lead) -> None:
    live = Version.live()
    if live is None or lead.is_project:
        return
    tier = tier_of(live.policy, lead.value)
    for one in suggestions:
        if one.member.role == tier.lead:
            one.reasons.append(Reason("size", f"Leads clients of this size: {tier.title}"))


def _by_sector(found: dict[int, Suggestion], clients: dict[int, dict[int, str]], lead: Lead) -> None:
    industry = same_word(lead.client.industry)
    if not industry:
        return
    for pk, one in found.items():
        count = sum(same_word(other) == industry for other in clients[pk].values())
        if count:
            one.reasons.append(Reason("sector", f"Looks after {_many(count)} in {lead.client.industry}"))


def _by_services(found: dict[int, Suggestion], clients: dict[int, dict[int, str]], lead: Lead) -> None:
    channels = {channel_of(name) for name in lead.services} - {""}
    everyones = {client for theirs in clients.values() for client in theirs}
    if not channels or not everyones:
        return
    bought: dict[int, set[str]] = defaultdict(set)
    rows = Service.objects.filter(channel__in=channels, engagement__client__in=everyones)
    for client, channel in rows.values_list("engagement__client", "channel"):
        bought[client].add(channel)
    for pk, one in found.items():
        count = sum(client in bought for client in clients[pk])
        if count:
            words = ", ".join(sorted(channel.replace("-", " ") for channel in channels))
            one.reasons.append(Reason("services", f"Looks after {_many(count)} with {words}"))


def _by_style(
    found: dict[int, Suggestion],
    clients: dict[int, dict[int, str]],
    contact: Contact | None,
    actor: Actor,
) -> None:
    """Working style and interests, as far as the contact is known to the reader."""
    if contact is None:
        return
    styles = {style.member_id: style for style in Style.objects.visible_to(actor).filter(member__in=found)}
    judged = MarketingKnowledge.objects.visible_to(actor).standing().filter(contact=contact).first()
    details = PersonalDetail.objects.visible_to(actor).standing()
    liked = details.filter(contact=contact, kind=DetailKind.INTEREST).values_list("text", flat=True)
    words = {word for text in liked for word in _words(text)}
    alike = _alike(judged.level, clients) if judged else Counter()
    for pk, one in found.items():
        style = styles.get(pk)
        if judged and style and judged.level in style.suits:
            kind = Knowledge(judged.level).label
            one.reasons.append(
                Reason("style", f"Says they suit a contact who “{kind[:1].lower()}{kind[1:]}”")
            )
        elif alike[pk]:
            contacts = "one contact" if alike[pk] == 1 else f"{alike[pk]} contacts"
            one.reasons.append(Reason("style", f"Works with {contacts} who know as much of marketing"))
        shared = [interest for interest in (style.interests if style else []) if _words(interest) & words]
        if shared:
            one.reasons.append(Reason("interests", f"In common: {', '.join(shared)}"))


def _alike(level: str, clients: dict[int, dict[int, str]]) -> Counter[int]:
    """Per member, contacts of theirs with the same knowledge of marketing."""
    everyones = {client for theirs in clients.values() for client in theirs}
    rows = MarketingKnowledge.objects.standing().filter(level=level, contact__client__in=everyones)
    by_client = Counter(rows.values_list("contact__client", flat=True))
    return Counter({pk: sum(by_client[client] for client in theirs) for pk, theirs in clients.items()})


def _by_time(found: dict[int, Suggestion], actor: Actor, lead: Lead) -> None:
    time = time_of([one.member for one in found.values()], actor)
    today = clock.today(lead.client.zone)
    soon = today + dt.timedelta(weeks=WEEKS)
    away = {
        absence.member_id: absence
        for absence in Absence.objects.filter(
            member__in=found, cancelled_at=None, starts_on__lte=soon, ends_on__gte=today
        )
    }
    for pk, one in found.items():
        one.share, said = time[pk].share, time[pk].words
        if one.share > FULL:
            one.reasons.append(Reason("load", f"Over capacity: {said}", is_for=False))
        elif one.share < ROOM:
            one.reasons.append(Reason("load", f"Has time: {said}"))
        if pk in away:
            absence = away[pk]
            span = f"{absence.starts_on:%-d %b} to {absence.ends_on:%-d %b}"
            one.reasons.append(Reason("away", f"Away {span}", is_for=False))


def _words(text: str) -> set[str]:
    """The words that can be compared: “Road cycling” as {“road”, “cycling”}."""
    cleaned = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return {word for word in cleaned.split() if len(word) > _SHORT}


def _many(count: int) -> str:
    return "one client" if count == 1 else f"{count} clients"

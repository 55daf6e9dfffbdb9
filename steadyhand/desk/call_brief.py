"""The call brief: everything worth knowing before one speaks with a client, on one page (S6).

It holds no truth of its own: each part is read from where it lives. Thirteen queries, however long the
history and however large the book; three more, and at most one child run, for a client with figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from steadyhand.clients.expectations import ExpectationDue, due_among
from steadyhand.clients.models import Client, Contact, Engagement, EngagementKind, PersonalDetail
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.commitments.models import Commitment
from steadyhand.comms.mail.letters import fill
from steadyhand.comms.models import Channel, Interaction
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.money import show
from steadyhand.desk.call_figures import CallFigures, call_figures
from steadyhand.desk.call_time import minutes_used
from steadyhand.desk.jottings import Jotting, JottingKind, jottings
from steadyhand.desk.timeline import Entry, timeline
from steadyhand.playbook.content import CallPart, Question
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import Policy, allowance_minutes
from steadyhand.reporting.insights.words import Offer, Prompt, prompts
from steadyhand.reporting.models import Insight, InsightState

#: How far ahead a birthday or an absence is worth a word.
SOON = dt.timedelta(days=30)

MOST_HAPPENED = 30
MOST_OWED = 200
MOST_CONTACTS = 12

#: Promises about these are things between us, not calls and reports of the plan.
QUESTION, CHASE = "comms.openquestion", "comms.chase"


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, with what we know of them and what is coming up for them."""

    contact: Contact
    details: list[PersonalDetail]
    working: list[Jotting]
    soon: list[str]


@dataclass(frozen=True, slots=True)
class CallTime:
    """Minutes of the client's calendar month (B4)."""

    month: dt.date
    allowed: int
    used: int
    planned: int

    @property
    def left(self) -> int:
        """What this month's spend still buys; below zero where more was given."""
        return self.allowed - self.used


@dataclass(frozen=True, slots=True)
class ToSay:
    """An expectation in words for this client, how often they heard it and when last."""

    key: str
    title: str
    words: str
    times: int
    last: dt.datetime | None

    @property
    def heard(self) -> str:
        """“never said”, “said once”, “said 4 times”."""
        if not self.times:
            return "never said"
        return "said once" if self.times == 1 else f"said {self.times} times"


@dataclass(slots=True)
class CallBrief:
    """Everything on it. `call` is the promise it prepares for, `since` the call before it."""

    client: Client
    today: dt.date
    call: Commitment | None
    contact: Contact | None
    since: Interaction | None
    happened: list[Entry]
    people: list[Person]
    owed: list[Commitment]
    waiting: list[Commitment]
    to_answer: list[Commitment]
    to_ring: list[Commitment]
    unknown: list[Question]
    known: list[tuple[Question, Jotting]]
    to_say: list[ToSay]
    said: list[ToSay]
    flags: list[Jotting]
    opportunities: list[Jotting]
    ratings: list[Jotting]
    ratings_month: dt.date | None
    sector: Jotting | None
    services: list[tuple[str, Jotting | None]]
    value: str
    ends: list[Engagement]
    call_time: CallTime | None
    parts: tuple[CallPart, ...]
    prompts: list[Prompt] = field(default_factory=list)
    insights: list[Insight] = field(default_factory=list)
    figures: CallFigures | None = None


def call_brief(
    client: Client, actor: Actor, *, version: Version | None, call: Commitment | None = None
) -> CallBrief:
    """The brief for the client's next call, or for one promised `call`, by the playbook in force.

    The actor sees the client; read it with its `plan`.
    """
    policy = version.policy if version else None
    now, today = clock.now(), clock.today(client.zone)
    running = list(client.engagements.running(today).prefetch_related("services"))
    contacts = list(client.contacts.filter(left_on=None)[:MOST_CONTACTS])
    owed = _owed(client, actor)
    call = call or next((row for row in owed if row.kind == Kind.CALL and row.due_on >= today), None)
    before = call.starts_at if call and call.starts_at and call.starts_at < now else now
    since = _last_call(client, before)
    happened = [
        e
        for e in timeline(client, actor, most=MOST_HAPPENED).entries
        if e.kind != "insight" and (not since or e.at > since.at)  # prompts have a place of their own
    ]
    notes = _by_kind(jottings(client, actor, contacts))
    details = _by_contact(PersonalDetail.objects.visible_to(actor).standing().filter(contact__in=contacts))
    expectations = due_among(client, policy.content.expectations if policy else (), running)
    answers = {note.key: note for note in notes.get(JottingKind.DISCOVERY, [])}
    questions = policy.content.questions if policy else ()
    months = [note.on for note in notes.get(JottingKind.RATING, [])]
    standing, heard = _insights(client, actor, today)
    figures = call_figures(client, running, standing, since.at if since else None)
    one_offs = [row for row in owed if row.kind in (Kind.FOLLOW_UP, Kind.ACTION) or row.waiting_since]
    services = _services(running, notes)
    call_time = _call_time(client, policy, running, owed, today) if policy else None
    values = _values(client, _whom(contacts), call, call_time)
    return CallBrief(
        client=client,
        today=today,
        call=call,
        contact=_whom(contacts),
        since=since,
        happened=happened,
        people=[_person(contact, details, notes, today) for contact in contacts],
        owed=[r for r in one_offs if not r.waiting_since and r.about_type not in (QUESTION, CHASE)],
        waiting=[row for row in one_offs if row.waiting_since],
        to_answer=[row for row in owed if row.about_type == QUESTION],
        to_ring=[row for row in owed if row.about_type == CHASE],
        unknown=[question for question in questions if question.key not in answers],
        known=[(question, answers[question.key]) for question in questions if question.key in answers],
        to_say=[_to_say(one, values) for one in expectations if one.due],
        said=[_to_say(one, values) for one in expectations if not one.due],
        flags=notes.get(JottingKind.FLAG, []),
        opportunities=notes.get(JottingKind.OPPORTUNITY, []),
        ratings=[note for note in notes.get(JottingKind.RATING, []) if note.on == max(months)],
        ratings_month=max(months).date() if months else None,
        sector=next(iter(notes.get(JottingKind.SECTOR, [])), None),
        services=services,
        value=_value(running, figures),
        ends=[engagement for engagement in running if engagement.ends_on],
        call_time=call_time,
        parts=policy.content.call_structure if policy else (),
        prompts=[
            one
            for one in prompts(
                [(question, answers[question.key].text) for question in questions if question.key in answers],
                [Offer(offer.key, offer.text, offer.more) for offer in notes.get(JottingKind.OFFER, [])],
                [name for name, _ in services],
            )
            if one.rule not in heard
        ],
        insights=standing,
        figures=figures,
    )


def _to_say(one: ExpectationDue, values: dict[str, str]) -> ToSay:
    entry = one.expectation
    return ToSay(
        entry.key, entry.title, fill(entry.say, values), one.times, one.last.at if one.last else None
    )


def _values(
    client: Client, contact: Contact | None, call: Commitment | None, call_time: CallTime | None
) -> dict[str, str]:
    """What an expectation may borrow of what is read already; what is not known stays a gap to see."""
    values = {"client.name": client.name, "client.industry": client.industry}
    if contact is not None:
        values |= {"contact.full_name": contact.name, "contact.first_name": contact.name.split()[0]}
    if call is not None:
        values["plan.calls"] = f"a {call.title[:1].lower()}{call.title[1:]}"
    if call_time is not None:
        values |= {
            "call_time.allowance": duration(call_time.allowed),
            "call_time.used": duration(call_time.used),
            "call_time.left": duration(max(call_time.left, 0)),
        }
    return values


def duration(minutes: int) -> str:
    """“1 hour 36 minutes”, as one says it."""
    hours, rest = divmod(minutes, 60)
    said = [f"{hours} hour{'s' * (hours != 1)}"] if hours else []
    if rest or not hours:
        said.append(f"{rest} minute{'s' * (rest != 1)}")
    return " ".join(said)


def _owed(client: Client, actor: Actor) -> list[Commitment]:
    rows = Commitment.objects.visible_to(actor).filter(client=client, state__in=OWED)
    return list(rows.select_related("owner").order_by("due_at", "pk")[:MOST_OWED])


def _insights(client: Client, actor: Actor, today: dt.date) -> tuple[list[Insight], set[str]]:
    """What is worth asking, planned first, and the rules that stand here or are quiet by now. One query."""
    rows = Insight.objects.visible_to(actor).filter(client=client).exclude(state=InsightState.PASSED)
    found = list(rows.select_related("client"))
    standing = sorted((row for row in found if row.is_standing), key=lambda r: (not r.is_planned, -r.weight))
    return standing, {row.rule for row in found if row.is_standing or (row.quiet_until or today) > today}


def _last_call(client: Client, before: dt.datetime) -> Interaction | None:
    calls = client.interactions.filter(channel=Channel.CALL, at__lt=before)
    return calls.select_related("contact", "member").order_by("-at", "-pk").first()


def _whom(contacts: list[Contact]) -> Contact | None:
    """Who is spoken with: the day-to-day contact, else the first."""
    return next((contact for contact in contacts if contact.day_to_day), next(iter(contacts), None))


def _by_kind(found: Iterable[Jotting]) -> dict[JottingKind, list[Jotting]]:
    return {kind: list(rows) for kind, rows in groupby(sorted(found, key=lambda n: n.kind), lambda n: n.kind)}


def _by_contact(rows: Iterable[PersonalDetail]) -> dict[int, list[PersonalDetail]]:
    found: dict[int, list[PersonalDetail]] = {}
    for row in rows:
        found.setdefault(row.contact_id, []).append(row)
    return found


def _person(
    contact: Contact,
    details: dict[int, list[PersonalDetail]],
    notes: dict[JottingKind, list[Jotting]],
    today: dt.date,
) -> Person:
    about = [*notes.get(JottingKind.KNOWLEDGE, []), *notes.get(JottingKind.WORKING, [])]
    theirs = details.get(contact.pk, [])
    return Person(
        contact,
        theirs,
        [note for note in about if note.contact_id == contact.pk],
        [words for detail in theirs if (words := _soon(detail, today))],
    )


def _soon(detail: PersonalDetail, today: dt.date) -> str:
    """A birthday or an absence that is near, in words; nothing for what is not."""
    birthday = detail.next_birthday(today)
    if birthday is not None and birthday - today <= SOON:
        return "birthday today" if birthday == today else f"birthday {birthday.day} {birthday:%b}"
    if detail.from_on is None or detail.until_on is None:
        return ""
    where = f", {detail.text}" if detail.text else ""
    if detail.from_on <= today <= detail.until_on:
        return f"away until {detail.until_on.day} {detail.until_on:%b}{where}"
    if today < detail.from_on <= today + SOON:
        return f"away from {detail.from_on.day} {detail.from_on:%b}{where}"
    if today - dt.timedelta(days=14) <= detail.until_on < today:
        return f"back since {detail.until_on.day} {detail.until_on:%b}{where}"
    return ""


def _services(
    running: list[Engagement], notes: dict[JottingKind, list[Jotting]]
) -> list[tuple[str, Jotting | None]]:
    """What they buy, each once, with our own description of it where there is one (S22)."""
    offers = {offer.key: offer for offer in notes.get(JottingKind.OFFER, [])}
    names = dict.fromkeys(service.name for engagement in running for service in engagement.services.all())
    return [(name, offers.get(" ".join(name.split()).casefold())) for name in names]


def _value(running: list[Engagement], figures: CallFigures | None) -> str:
    """The line of value to restate on every call: what they invest, in what, and what came of it."""
    if not running:
        return ""
    said = []
    for engagement in running:
        amount = show(engagement.amount, engagement.currency)
        monthly = " a month" if engagement.kind == EngagementKind.RETAINER else ""
        services = ", ".join(service.name for service in engagement.services.all())
        said.append(f"{amount}{monthly} in {services or engagement.title}")
    brought = f" {figures.brought}" if figures and figures.brought else ""
    return f"They invest {' and '.join(said)}.{brought}"


def _call_time(
    client: Client, policy: Policy, running: list[Engagement], owed: list[Commitment], today: dt.date
) -> CallTime | None:
    plan = getattr(client, "plan", None)
    if plan is None or not any(e.kind == EngagementKind.RETAINER for e in running):
        return None
    month = today.replace(day=1)
    calls = [
        r for r in owed if r.kind == Kind.CALL and r.due_on.replace(day=1) == month and r.due_on >= today
    ]
    return CallTime(
        month=month,
        allowed=allowance_minutes(policy, plan.monthly_spend),
        used=minutes_used([client.pk], today, client.zone).get(client.pk, 0),
        planned=sum(row.minutes for row in calls),
    )

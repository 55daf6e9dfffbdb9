"""Why a promise is here, how it stands, and everything that happened to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet

from steadyhand.clients.models import AgreedTime, Departure
from steadyhand.commitments.facts import Surroundings, load_clients
from steadyhand.commitments.keeping import AD_HOC
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import ClientPlan, Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Audience, Event
from steadyhand.people.roles import Capability
from steadyhand.playbook.evaluation import agency_promises, promises
from steadyhand.playbook.models import Version
from steadyhand.playbook.promises import Promise
from steadyhand.playbook.rules import RULES

#: Said beside the reason where it is not simply the playbook's.
SOURCES = {
    "departure": "This client departs from the playbook here.",
    "lift": "The client was lifted one band.",
}
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class Why:
    """The rule, the sentence, the version, and what people changed."""

    rule: str
    because: str
    version: Version | None = None
    source: str = ""
    notes: list[str] = field(default_factory=list)


def why(row: Commitment) -> Why:
    """Why this promise is here, as its own version of the playbook says it of the client's facts today."""
    if row.rule == AD_HOC:
        made = _events(row).filter(verb="commitment.promised").order_by("pk").first()
        who = made.actor_name if made else "Somebody"
        on = f" on {_day(made.at, row)}" if made else ""
        return Why("Promised once", f"{who} promised it{on}; no playbook asked for it.", notes=_changes(row))
    rule = RULES.get(row.rule)
    label = rule.noun.capitalize() if rule else row.rule
    promise = _promise(row)
    if promise is None:
        because = "The plan asked for it when it was made; as things stand today it would not ask again."
        return Why(label, because, row.version, notes=_changes(row))
    because = promise.because[:1].upper() + promise.because[1:] + "."
    return Why(label, because, row.version, SOURCES.get(promise.source, ""), _agreed(row) + _changes(row))


def _promise(row: Commitment) -> Promise | None:
    """What the row's version asks for with the client's facts as they are now."""
    if row.version is None:
        return None
    policy = row.version.policy
    if row.client_id is None:
        asked = agency_promises(policy)
    else:
        plan = ClientPlan.objects.filter(client=row.client_id).first()
        around = Surroundings.load(clock.today(row.zone))
        raised_on = {row.client_id: plan.raised_on if plan else None}
        clients = load_clients([row.client_id], around, raised_on)
        engagements = clients[0].engagements if clients else ()
        facts = next((e.facts for e in engagements if e.engagement_id == row.engagement_id), None)
        asked = promises(policy, facts) if facts is not None else ()
    of_rule = [promise for promise in asked if promise.rule == row.rule]
    return next((p for p in of_rule if p.slot == row.slot), of_rule[0] if of_rule else None)


def _agreed(row: Commitment) -> list[str]:
    """The day and time agreed with the client, and who departed from the playbook."""
    said = []
    agreed = AgreedTime.objects.filter(engagement=row.engagement_id, rule=row.rule).first()
    if agreed is not None:
        parts = [
            f"on {WEEKDAYS[agreed.weekday]}" if agreed.weekday is not None else "",
            f"on day {agreed.day_of_month} of the month" if agreed.day_of_month else "",
            f"at {agreed.time:%H:%M}" if agreed.time else "",
        ]
        said.append(f"Agreed with the client: {' '.join(part for part in parts if part)}.")
    departure = Departure.objects.filter(engagement=row.engagement_id, rule=row.rule).first()
    if departure is not None:
        said.append(f"{departure.by_name} agreed this on {_day(departure.at, row)}: {departure.reason}")
    return said


def _changes(row: Commitment) -> list[str]:
    """Who moved it, who handed it over."""
    said = []
    for move in row.moves.filter(undone_at=None).order_by("at", "pk"):
        reason = f": {move.note}" if move.note else "."
        said.append(f"{move.by_name} moved it from {short(move.from_day)} to {short(move.to_day)}{reason}")
    for handed in row.handovers.filter(undone_at=None).select_related("from_member", "to_member"):
        giver = f" from {handed.from_member.name}" if handed.from_member else ""
        said.append(f"{handed.by_name} handed it over{giver} to {handed.to_member.name}.")
    return said


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands, as one sentence, and whether that is late."""

    sentence: str
    late: bool


def standing(row: Commitment, now: dt.datetime) -> Standing:
    """“Due Thursday 26 November at 10:00”, “Done on …, late”, “Waived: …”."""
    if row.state in (State.DONE, State.DONE_LATE):
        act = row.completions.filter(undone_at=None).first()
        on = f" on {_day(act.at, row)} by {act.by_name}" if act else ""
        after = ", after the day it was due" if row.state == State.DONE_LATE else ""
        return Standing(f"Done{on}{after}.", False)
    if row.state == State.WAIVED:
        waived = row.waivers.filter(undone_at=None).first()
        return Standing(f"Waived by {waived.by_name}: {waived.note}" if waived else "Waived.", False)
    if row.state == State.WITHDRAWN:
        return Standing("Withdrawn: the plan no longer asks for it.", False)
    at = f" at {row.due_time:%H:%M}" if row.due_time else ""
    due = f"{row.due_on:%A} {row.due_on.day} {row.due_on:%B}{at}"
    if row.state == State.MISSED:
        return Standing(f"Missed: it was due {due} and can still be made good.", True)
    if row.waiting_since is not None:
        return Standing(f"Waiting on the client since {_day(row.waiting_since, row)}; due {due}.", False)
    late = row.is_overdue(now)
    return Standing(f"It was due {due}." if late else f"Due {due}.", late)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to the promise."""

    at: dt.datetime
    text: str
    note: str = ""


WORDS = {
    "promised": "promised it",
    "done": "marked it as done",
    "reopened": "took back that it was done",
    "waived": "waived it",
    "unwaived": "owes it again after all",
    "moved": "moved it",
    "unmoved": "took the move back",
    "handed_over": "handed it over",
    "taken_back": "took the handover back",
    "waiting": "waits on the client",
    "waiting_ended": "heard from the client",
    "missed": "stamped it as missed: its period ended unkept",
}


def history(row: Commitment, actor: Actor) -> list[Happened]:
    """Everything that happened to it, newest first."""
    events = _events(row).order_by("-pk")
    if not actor.may(Capability.SEE_PEOPLE_DATA):
        events = events.exclude(audience=Audience.PEOPLE)
    return [_happened(event) for event in events[:200]]


def _happened(event: Event) -> Happened:
    verb = event.verb.partition(".")[2]
    data = event.data
    text = f"{event.actor_name} {WORDS.get(verb, verb.replace('_', ' '))}"
    if verb == "done" and data.get("late"):
        text += ", late"
    if verb == "moved":
        time = f" at {data['to_time']}" if data.get("to_time") else ""
        days = (short(dt.date.fromisoformat(data[name])) for name in ("from_day", "to_day"))
        text += " from {} to {}{}".format(*days, time)
    if verb == "handed_over":
        text += f" to {data.get('to_member', '')}"
    return Happened(event.at, text, data.get("note") or data.get("reason") or "")


def _events(row: Commitment) -> QuerySet[Event]:
    return Event.objects.filter(subject_type=Commitment._meta.label_lower, subject_id=row.pk)


def _day(at: dt.datetime, row: Commitment) -> str:
    return short(at.astimezone(clock.zone_info(row.zone)).date())


def short(day: dt.date) -> str:
    """“Tue 3 Nov”, with the year where it is not this one."""
    year = "" if day.year == clock.now().year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"

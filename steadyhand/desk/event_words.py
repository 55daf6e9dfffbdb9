"""A business act in words: what an event says on a timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from steadyhand.clients.models import Position
from steadyhand.core.models import Event
from steadyhand.core.money import show
from steadyhand.playbook.rules import RULES

Told = tuple[str, str, str]
"""What is set bold, what follows it, and a note below."""

FIELDS = {
    "starts_on": "start",
    "ends_on": "end",
    "left_on": "left on",
    "job_title": "job title",
    "day_to_day": "day-to-day contact",
    "decides": "decides",
    "zone": "time zone",
    "lift": "lift",
    "propensity": "propensity to spend",
}


def told(event: Event) -> Told:
    """(lead, text, note). A verb nobody has words for is still told, by its name."""
    tell = WORDS.get(event.verb)
    if tell is None:
        noun, _, past = event.verb.partition(".")
        return f"{noun} {past}".replace("_", " ").capitalize(), str(event.data.get("title", "")), ""
    return tell(event.data)


def _title(data: dict[str, Any]) -> str:
    return f"“{data.get('title', '')}”"


def _day(text: object) -> str:
    try:
        day = dt.date.fromisoformat(str(text)[:10])
    except ValueError:
        return ""
    return f"{day.day} {day:%b %Y}"


def _rule(data: dict[str, Any]) -> str:
    rule = RULES.get(str(data.get("rule")))
    return rule.noun if rule else str(data.get("rule", ""))


def _money(data: dict[str, Any], name: str) -> str:
    return show(Decimal(str(data[name])), str(data.get("currency", "GBP")))


def _changes(data: dict[str, Any]) -> str:
    lines = []
    for name, (before, after) in data.get("changed", {}).items():
        label = FIELDS.get(name, name.replace("_", " "))
        if len(before) > 80 or len(after) > 80:
            lines.append(f"{label} rewritten")
        else:
            lines.append(f"{label}: {_value(before) or 'nothing'} → {_value(after) or 'nothing'}")
    return "; ".join(lines)


def _value(text: str) -> str:
    return "" if text == "None" else {"True": "yes", "False": "no"}.get(text, text)


def _team(data: dict[str, Any]) -> Told:
    position = Position(data["position"]).label
    member, before = data.get("member"), data.get("instead_of")
    if not member:
        return "Team", f"{before} is no longer {position}", ""
    return "Team", f"{member} is now {position}" + (f", instead of {before}" if before else ""), ""


def _done(data: dict[str, Any]) -> Told:
    return ("Done late" if data.get("late") else "Done"), _title(data), data.get("note", "")


def _moved(data: dict[str, Any]) -> Told:
    time = f", {data['to_time']}" if data.get("to_time") else ""
    return "Moved", f"{_title(data)} to {_day(data.get('to_day'))}{time}", data.get("reason", "")


def _agreed(data: dict[str, Any]) -> Told:
    days = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"]
    parts = []
    if data.get("weekday") is not None:
        parts.append(days[int(data["weekday"])])
    if data.get("day_of_month") is not None:
        parts.append(f"day {data['day_of_month']} of the month")
    if data.get("time"):
        parts.append(f"at {data['time']}")
    return "Agreed", f"{_rule(data)}: {' '.join(parts) or 'no fixed day or time any more'}", ""


def _departed(data: dict[str, Any]) -> Told:
    cadence = str(data.get("cadence") or "not at all").replace("_", "-")
    minutes = f", {data['minutes']} min" if data.get("minutes") else ""
    return "Departed from the playbook", f"{_rule(data)}: {cadence}{minutes}", data.get("reason", "")


def _begun(data: dict[str, Any]) -> Told:
    monthly = " a month" if data.get("kind") == "retainer" else ""
    return "Engagement begun", f"{data['title']}, {_money(data, 'amount')}{monthly}", ""


def _spend(data: dict[str, Any]) -> Told:
    return "Spend changed", f"{_money(data, 'before')} → {_money(data, 'after')}", data.get("reason", "")


def _paused(data: dict[str, Any]) -> Told:
    until = f" to {_day(data['to_day'])}" if data.get("to_day") else " until resumed"
    return "Paused", f"from {_day(data.get('from_day'))}{until}", data.get("reason", "")


def _tiered(data: dict[str, Any]) -> Told:
    return "Tier changed", f"{data.get('before')} → {data.get('after')}", "Because their spend changed"


WORDS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "client.added": lambda d: ("Added to the book", "", ""),
    "client.won": lambda d: ("Won", "from now on they are a client", ""),
    "client.changed": lambda d: ("Details changed", _changes(d), ""),
    "client.ended": lambda d: ("Left us", f"on {_day(d.get('on'))}", d.get("reason", "")),
    "client.merged": lambda d: ("Merged", f"{d.get('husk', '')} is the same client", ""),
    "client.tiered": _tiered,
    "client.team_changed": _team,
    "client.brief_read": lambda d: ("Brief read", f"by {d.get('member', '')}", ""),
    "client.brief_unread": lambda d: ("Brief not read after all", f"by {d.get('member', '')}", ""),
    "contact.added": lambda d: ("New contact", d.get("name", ""), ""),
    "contact.changed": lambda d: ("Contact changed", _changes(d), ""),
    "engagement.begun": _begun,
    "engagement.spend_changed": _spend,
    "engagement.changed": lambda d: ("Engagement changed", _changes(d), ""),
    "engagement.service_added": lambda d: ("Service added", d.get("name", ""), ""),
    "engagement.ended": lambda d: (
        "Engagement ends",
        f"{d.get('title', '')}, on {_day(d.get('on'))}",
        d.get("reason", ""),
    ),
    "engagement.paused": _paused,
    "engagement.resumed": lambda d: ("Resumed", f"from {_day(d.get('on'))}", ""),
    "plan.time_agreed": _agreed,
    "plan.departed": _departed,
    "plan.returned": lambda d: ("Back to the playbook", _rule(d), ""),
    "commitment.done": _done,
    "commitment.reopened": lambda d: ("Not done after all", _title(d), ""),
    "commitment.waived": lambda d: ("Waived", _title(d), d.get("reason", "")),
    "commitment.unwaived": lambda d: ("Owed again", _title(d), ""),
    "commitment.moved": _moved,
    "commitment.unmoved": lambda d: ("Moved back", f"{_title(d)} to {_day(d.get('to_day'))}", ""),
    "commitment.handed_over": lambda d: (
        "Handed over",
        f"{_title(d)} to {d.get('to_member', '')}",
        d.get("note", ""),
    ),
    "commitment.taken_back": lambda d: ("Taken back", _title(d), ""),
    "commitment.waiting": lambda d: ("Waiting on them", _title(d), d.get("note", "")),
    "commitment.waiting_ended": lambda d: ("They answered", _title(d), ""),
    "commitment.promised": lambda d: ("Promised", f"{_title(d)} by {_day(d.get('due_on'))}", ""),
    "commitment.missed": lambda d: ("Missed", f"{_title(d)}, due {_day(d.get('due_on'))}", ""),
}

"""A business act in words: what an event says on a timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from steadyhand.clients.models import Position
from steadyhand.core.models import Event
from steadyhand.core.money import show
from steadyhand.desk.telling import OF_ROOMS
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
    """(lead, text, note). A verb of an earlier version is still told, by its name."""
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


def _span(data: dict[str, Any]) -> str:
    first, last = _day(data.get("starts_on")), _day(data.get("ends_on"))
    return f"{first} to {last}" if last else f"from {first}"


def _closed(data: dict[str, Any]) -> Told:
    return "Closed", f"on {_day(data.get('day'))}", str(data.get("reason", ""))


def _set_rate(data: dict[str, Any]) -> Told:
    text = f"{data.get('currency')} at {data.get('rate')} from {_day(data.get('from_day'))}"
    return "Exchange rate set", text, ""


def _published(data: dict[str, Any]) -> Told:
    count = int(data.get("difference_count", 0))
    changes = f", {count} change{'' if count == 1 else 's'}" if count else ""
    return "Playbook published", f"version {data.get('version')}{changes}", str(data.get("note", ""))


def _counted(data: dict[str, Any]) -> Told:
    counts = data.get("counts") or {}
    said = ", ".join(f"{number:,} {what.replace('_', ' ')}" for what, number in counts.items() if number)
    return "Imported", said, ""


#: What a client's timeline tells.
OF_CLIENTS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "client.added": lambda d: ("Added to the book", "", ""),
    "client.won": lambda d: ("Won", "from now on they are a client", ""),
    "client.changed": lambda d: ("Details changed", _changes(d), ""),
    "client.ended": lambda d: ("Left us", f"on {_day(d.get('on'))}", d.get("reason", "")),
    "client.unwon": lambda d: ("Not won after all", "they are a prospect again", ""),
    "client.removed": lambda d: ("Removed", str(d.get("name", "")), ""),
    "client.merged": lambda d: ("Merged", f"{d.get('husk', '')} is the same client", ""),
    "client.tiered": _tiered,
    "client.team_changed": _team,
    "client.brief_read": lambda d: ("Brief read", f"by {d.get('member', '')}", ""),
    "client.brief_unread": lambda d: ("Brief not read after all", f"by {d.get('member', '')}", ""),
    "contact.added": lambda d: ("New contact", d.get("name", ""), ""),
    "contact.changed": lambda d: ("Contact changed", _changes(d), ""),
    "contact.removed": lambda d: ("Contact removed", str(d.get("name", "")), ""),
    "engagement.begun": _begun,
    "engagement.removed": lambda d: ("Engagement removed", str(d.get("title", "")), ""),
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
    "commitment.unpromised": lambda d: ("Promise taken back", _title(d), ""),
    "commitment.missed": lambda d: ("Missed", f"{_title(d)}, due {_day(d.get('due_on'))}", ""),
    "interaction.logged": lambda d: ("Written down", str(d.get("summary", "")), ""),
    "interaction.removed": lambda d: ("Struck out", f"“{d.get('summary', '')}”", ""),
    "feed.opened": lambda d: ("Calendar feed made", "", ""),
    "feed.renewed": lambda d: ("Calendar feed moved", "the old address gives nothing any more", ""),
    "feed.revoked": lambda d: ("Calendar feed ended", "its address gives nothing any more", ""),
}

#: What happened to the agency, its people, its playbook and its imports.
OF_THE_AGENCY: dict[str, Callable[[dict[str, Any]], Told]] = {
    "agency.founded": lambda d: ("Set up", str(d.get("name", "")), ""),
    "agency.changed": lambda d: ("Settings changed", _changes(d), ""),
    "agency.day_closed": _closed,
    "agency.day_reopened": lambda d: ("Open after all", f"on {_day(d.get('day'))}", ""),
    "agency.rate_set": _set_rate,
    "member.added": lambda d: ("New colleague", str(d.get("name", "")), ""),
    "member.invited": lambda d: ("Invited", str(d.get("name", "")), ""),
    "member.joined": lambda d: ("Joined", str(d.get("name", "")), ""),
    "member.changed": lambda d: ("Person changed", _changes(d), ""),
    "member.role_changed": lambda d: ("Role changed", f"{d.get('before')} → {d.get('after')}", ""),
    "member.left": lambda d: ("Left", str(d.get("name", "")), ""),
    "member.came_back": lambda d: ("Came back", str(d.get("name", "")), ""),
    "member.removed": lambda d: ("Removed", str(d.get("name", "")), ""),
    "member.absent": lambda d: ("Away", _span(d), ""),
    "member.absence_cancelled": lambda d: ("Here after all", _span(d), ""),
    "member.signed_out_everywhere": lambda d: ("Signed out everywhere", "", ""),
    "member.signin_link_made": lambda d: ("Sign-in link made", f"for {d.get('name', '')}", ""),
    "member.token_made": lambda d: ("API token made", f"“{d.get('label', '')}”", ""),
    "member.token_revoked": lambda d: ("API token ended", f"“{d.get('label', '')}”", ""),
    "view.kept": lambda d: ("View saved", f"“{d.get('name', '')}”", ""),
    "view.forgotten": lambda d: ("View forgotten", f"“{d.get('name', '')}”", ""),
    "playbook.draft_started": lambda d: ("Draft of the playbook started", "", ""),
    "playbook.draft_edited": lambda d: ("Draft of the playbook changed", "", ""),
    "playbook.draft_discarded": lambda d: ("Draft of the playbook thrown away", "", ""),
    "playbook.published": _published,
    "playbook.versions_forgotten": lambda d: ("Versions of the playbook removed", "", ""),
    "adoption.step_ticked": lambda d: ("Step done", str(d.get("title", "")), str(d.get("note", ""))),
    "adoption.step_unticked": lambda d: ("Step open again", str(d.get("title", "")), ""),
    "import.begun": lambda d: ("Import begun", ", ".join(d.get("files", [])), ""),
    "import.columns_chosen": lambda d: ("Columns chosen", f"for {d.get('file', '')}", ""),
    "import.asked": lambda d: ("Import asked for", str(d.get("work", "")), ""),
    "import.applied": _counted,
    "import.undone": lambda d: ("Import undone", "", ""),
    "import.dropped": lambda d: ("Import dropped", "nothing was written", ""),
    "mail.sent": lambda d: ("Mail sent", f"to {d.get('recipient', '')}", ""),
    "mail.failed": lambda d: ("Mail failed", f"to {d.get('recipient', '')}", str(d.get("error", ""))),
    "mail.uncertain": lambda d: (
        "Mail may have arrived",
        f"to {d.get('recipient', '')}",
        str(d.get("error", "")),
    ),
    "mail.cancelled": lambda d: ("Mail cancelled", f"to {d.get('recipient', '')}", ""),
    "mail.retried": lambda d: ("Mail tried again", f"to {d.get('recipient', '')}", ""),
    "mail.repeated": lambda d: ("Mail sent again", f"to {d.get('recipient', '')}", ""),
    "demo.loaded": lambda d: ("Demo agency loaded", f"{d.get('clients', 0)} clients", ""),
}

WORDS = OF_CLIENTS | OF_THE_AGENCY | OF_ROOMS

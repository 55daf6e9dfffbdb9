"""What the letters of a handover borrow that is not known of the client alone: winner, dates, terms, path."""

from __future__ import annotations

from collections.abc import Iterable

from steadyhand.clients.models import Client
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.mail.letters import day_words, first_name, letters
from steadyhand.comms.models import Meeting
from steadyhand.core import clock
from steadyhand.onboarding.escalation import escalation_path, path_words, response_words
from steadyhand.onboarding.openings import Opening
from steadyhand.people.models import Member
from steadyhand.playbook.models import Version

#: Keys of the playbook's letters (W5, O5).
ANSWER, INTRODUCTION = "win-answer", "introduction"
REPLY_LONG, REPLY_SHORT = "manager-reply-long", "manager-reply-short"
ACTIONS = "kickoff-actions"


def reply_key(*, sizeable: bool) -> str:
    """The long reply for a sizeable win, else the short one; whichever the playbook has (W5)."""
    wanted, other = (REPLY_LONG, REPLY_SHORT) if sizeable else (REPLY_SHORT, REPLY_LONG)
    return wanted if any(letter.key == wanted for letter in letters()) else other


def signed_by(winner: Member) -> dict[str, str]:
    """Name, role and telephone of whoever won the client."""
    return {
        "winner.name": winner.name,
        "winner.first_name": first_name(winner.name),
        "winner.role": winner.get_role_display(),
        "winner.phone": winner.phone,
    }


def offered(choices: Iterable[Opening]) -> dict[str, str]:
    """The dates offered for the kickoff, one a line."""
    return {"kickoff.choices": "\n".join(f"- {one.words}" for one in choices)}


def kickoff_values(client: Client, meeting: Meeting) -> dict[str, str]:
    """What was agreed, who does what, how they hear from us, and whom they turn to (O5, C3)."""
    decided = [f"- {one.text}" for one in meeting.decisions.filter(dropped_at=None)]
    return (
        {
            "meeting.title": meeting.title,
            "meeting.agreed": "\n".join(decided) or "- We go on as we discussed.",
            "meeting.actions": _actions(client, meeting),
            "escalation.path": path_words(escalation_path(client)),
        }
        | service_levels()
        | _rhythm(client)
    )


def service_levels() -> dict[str, str]:
    """Response, turnaround, sign-off and working hours as the playbook promises them (B11)."""
    version = Version.live()
    if version is None:
        return {}
    levels = version.policy.service_levels
    return {
        "sla.response_time": response_words(),
        "sla.turnaround": f"{levels.turnaround_working_days} working days",
        "sla.sign_off": f"{levels.sign_off_working_days} working days",
        "sla.working_hours": levels.working_hours,
    }


def _actions(client: Client, meeting: Meeting) -> str:
    rows = meeting.actions.filter(dropped_at=None, internal=False).select_related("owner", "commitment")
    lines = []
    for row in rows:
        who = client.name if row.theirs else first_name(row.owner.name) if row.owner else "We"
        day = row.commitment.due_on if row.commitment else row.due_on
        lines.append(f"- {who}: {row.text}" + (f", by {day_words(day)}" if day else ""))
    return "\n".join(lines) or "- Nothing for either of us to do; we carry on as planned."


def _rhythm(client: Client) -> dict[str, str]:
    """The next call and report, by what the plan calls them."""
    coming = Commitment.objects.filter(
        client=client,
        kind__in=[Kind.CALL, Kind.REPORT],
        state=State.OPEN,
        internal=False,
        due_on__gte=clock.today(client.zone),
    ).order_by("due_at")
    first: dict[str, str] = {}
    for row in coming.only("kind", "title", "due_on", "due_at")[:40]:
        said = f"a {row.title[:1].lower()}{row.title[1:]}, the first on {day_words(row.due_on)}"
        first.setdefault("plan.calls" if row.kind == Kind.CALL else "plan.reports", said)
    return first

"""The e-mail that follows a call: who does what, what we promised to find out, when we speak again."""

from __future__ import annotations

from steadyhand.comms.mail.letters import day_words, first_name, letters, values_for
from steadyhand.comms.mail.writing import draft_message
from steadyhand.comms.models import Call, Message, MessageState
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: What the draft is about, and the playbook's letter it begins from.
ABOUT, LETTER = "comms.call", "call-follow-up"


def draft_follow_up(call: Call, *, by: Actor, member: Member | None) -> Message:
    """A draft to whom we spoke to, or the one there is while it is not sent. Only of a call that has ended.

    A playbook without the letter, and a call with nobody in particular, get a plain one.
    """
    if call.ended_at is None:
        raise Refusal("The call is still on.", remedy="End it first; its actions belong into the mail.")
    waiting = Message.objects.filter(about_type=ABOUT, about_id=call.pk, state=MessageState.DRAFT)
    found = waiting.order_by("-pk").first()
    if found is not None:
        return found
    has_letter = call.contact is not None and any(letter.key == LETTER for letter in letters())
    return draft_message(
        call.client,
        by=by,
        member=member,
        contact=call.contact,
        template=LETTER if has_letter else "",
        subject="" if has_letter else f"After our call on {_day(call)}",
        text="" if has_letter else _plain(call, member),
        about=(ABOUT, call.pk),
        fields={"call.agreed": agreed(call), "call.held": _day(call), "call.next": next_call(call)}
        | signed_by(member),
    )


def agreed(call: Call) -> str:
    """Actions with owner and day, then what we promised to find out, one a line; never empty."""
    rows = call.actions.filter(dropped_at=None, internal=False).select_related("owner", "commitment")
    lines = []
    for row in rows:
        day = row.commitment.due_on if row.commitment else row.due_on
        who = (first_name(call.contact.name) if call.contact else call.client.name) if row.theirs else ""
        who = who or (first_name(row.owner.name) if row.owner else "we")
        lines.append(f"- {who[:1].upper()}{who[1:]}: {row.text}" + (f", by {day_words(day)}" if day else ""))
    for question in call.questions.filter(dropped_at=None, answered_at=None).select_related("commitment"):
        day = question.commitment.due_on if question.commitment else None
        said = f"- We find out: {question.text}"
        lines.append(said + (f", by {day_words(day)}" if day else ""))
    return "\n".join(lines) or "Nothing for either of us to do; we carry on as planned."


def next_call(call: Call) -> str:
    """“We speak again on Tuesday 1 December 2026, 10:00.”, or that a day is still to be found."""
    day = values_for(call.client).get("call.date")
    return f"We speak again on {day}." if day else "Tell me a day that suits you for our next call."


def signed_by(member: Member | None) -> dict[str, str]:
    """Whoever rang signs, also where somebody else leads the client."""
    if member is None:
        return {}
    return {"lead.name": member.name, "lead.role": member.get_role_display()}


def _plain(call: Call, member: Member | None) -> str:
    greeting = f"Hello {first_name(call.contact.name)}," if call.contact else "Hello,"
    signed = first_name(member.name) if member else ""
    parts = (
        greeting,
        "Thank you for your time. This is what we agreed:",
        agreed(call),
        next_call(call),
        signed,
    )
    return "\n\n".join(part for part in parts if part)


def _day(call: Call) -> str:
    return day_words(call.began_at.astimezone(clock.zone_info(call.client.zone)).date())

"""Minutes: what was said and decided, and sending them to those who were there (S9)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from steadyhand.comms.calls.merging import merge
from steadyhand.comms.mail.addresses import reply_address
from steadyhand.comms.mail.rendering import as_html, as_text
from steadyhand.comms.meetings import preparing
from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import Action, AgendaItem, Circulation, Decision, Meeting, MinutesEntry, Step
from steadyhand.core import clock, events, outbox
from steadyhand.core.actor import Actor
from steadyhand.core.models import MailState, OutboxMessage
from steadyhand.core.outbox import Attachment
from steadyhand.core.refusals import Refusal

#: What the outbox names as the cause of circulated minutes.
ABOUT = "comms.circulation"
LONGEST = 50_000


@transaction.atomic
def write_minutes(
    meeting: Meeting,
    text: str,
    *,
    by: Actor,
    item: AgendaItem | None = None,
    internal: bool = False,
    revision: int | None = None,
    base: str = "",
) -> MinutesEntry:
    """Keep what is written under one point, or in general; saved as somebody types, so no event.

    `base` and `revision` are what the writer started from: where somebody else has written since, both
    texts are merged and nobody's words are lost. `internal` is never circulated.
    """
    refuse_strangers(meeting, by)
    if item is not None and item.meeting_id != meeting.pk:
        raise Refusal("That point is on another agenda.")
    if meeting.cancelled_at is not None:
        raise Refusal(f"“{meeting.title}” was called off.", remedy="Take that back first.")
    lines = MinutesEntry.objects.select_for_update(of=("self",))
    entry = lines.filter(meeting=meeting, item=item, internal=internal).first()
    if entry is None:
        entry = MinutesEntry(meeting=meeting, item=item, internal=internal)
    written = text.replace("\r\n", "\n")[:LONGEST]
    if revision is not None and revision != entry.revision:
        written = merge(base.replace("\r\n", "\n"), written, entry.text)
    if entry.pk is None or written != entry.text:
        entry.text, entry.revision, entry.changed_at = written, entry.revision + 1, clock.now()
        entry.save()
    return entry


@transaction.atomic
def decide(meeting: Meeting, text: str, *, by: Actor, item: AgendaItem | None = None) -> Decision:
    """What was decided, in a line; circulated with the minutes."""
    refuse_strangers(meeting, by)
    if not text.strip():
        raise Refusal("Say what was decided.", remedy="A line is enough.", field="text")
    return Decision.objects.create(meeting=meeting, item=item, text=text.strip()[:300], made_at=clock.now())


@transaction.atomic
def drop_decision(decision: Decision, *, by: Actor) -> Decision:
    """It was noted by mistake."""
    refuse_strangers(decision.meeting, by)
    if decision.dropped_at is None:
        decision.dropped_at = clock.now()
        decision.save(update_fields=["dropped_at"])
    return decision


@transaction.atomic
def circulate_minutes(meeting: Meeting, *, by: Actor, pdf: bytes | None = None) -> Circulation:
    """Send minutes, decisions and actions to everybody who was expected, with the PDF where one was made.

    Keeps that preparation's promise. What is internal stays here.
    """
    refuse_strangers(meeting, by)
    if meeting.closed_at is None:
        raise Refusal("The meeting is not closed yet.", remedy="Close it, then circulate its minutes.")
    everybody = meeting.attendees.filter(removed_at=None).select_related("member", "contact")
    to = [one for one in everybody if one.address]
    if not to:
        raise Refusal("Nobody who was there has an e-mail address.", remedy="Add one, or hand out the PDF.")
    made = Circulation.objects.create(
        meeting=meeting,
        at=clock.now(),
        by_kind=str(by.kind),
        by_id=by.id,
        by_name=by.name,
        recipients=[one.shown_name for one in to],
    )
    leader = meeting.led_by
    subject = f"Minutes: {meeting.title}, {meeting.local.day} {meeting.local:%B %Y}"
    words = minutes_words(meeting)
    files = [Attachment(file_name(meeting), pdf, "application/pdf")] if pdf else []
    reply_to = reply_address(meeting.client, leader) if meeting.client is not None else ""
    for one in to:
        outbox.post(
            "minutes",
            f"{one.shown_name} <{one.address}>",
            subject,
            as_text(words, leader),
            as_html(subject, words, leader),
            sender=f"{leader.name} <{leader.email}>" if leader is not None else "",
            reply_to=reply_to,
            attachments=files,
            client_id=meeting.client_id,
            about=(ABOUT, made.pk),
            automatic=False,
        )
    preparing.finish(meeting, Step.MINUTES, by=by)
    _record("meeting.minutes_circulated", meeting, by=by, recipients=made.recipients)
    return made


@transaction.atomic
def call_back(circulation: Circulation, *, by: Actor) -> int:
    """Keep minutes that have not left from leaving; how many mails were stopped."""
    meeting = circulation.meeting
    refuse_strangers(meeting, by)
    waiting = OutboxMessage.objects.about(circulation).filter(state=MailState.QUEUED)
    stopped = 0
    for message in waiting:
        outbox.cancel(message, by=by)
        stopped += 1
    if not stopped:
        raise Refusal("Those minutes have left already.", remedy="Write to them if something was wrong.")
    circulation.undone_at = clock.now()
    circulation.save(update_fields=["undone_at"])
    preparing.unfinish(meeting, Step.MINUTES, by=by)
    _record("meeting.minutes_called_back", meeting, by=by, stopped=stopped)
    return stopped


def minutes_words(meeting: Meeting) -> str:
    """The minutes as a mail says them; nothing internal."""
    parts = [f"Here is what we talked about and agreed on {meeting.local.day} {meeting.local:%B %Y}."]
    for entry in meeting.entries.filter(internal=False).exclude(text="").select_related("item"):
        parts.append(f"{entry.item.title}\n{entry.text.strip()}" if entry.item else entry.text.strip())
    if decided := [f"- {one.text}" for one in meeting.decisions.filter(dropped_at=None)]:
        parts.append("Decided\n" + "\n".join(decided))
    actions = meeting.actions.filter(dropped_at=None, internal=False).select_related("owner")
    if agreed := [_action_line(one) for one in actions]:
        parts.append("Actions\n" + "\n".join(agreed))
    return "\n\n".join(parts)


def file_name(meeting: Meeting) -> str:
    """“minutes-2026-11-24.pdf”."""
    return f"minutes-{meeting.local:%Y-%m-%d}.pdf"


def who_acts(action: Action) -> str:
    """Whose action it is, as everybody may read it."""
    if action.theirs:
        return str(action.client.name) if action.client else "The client"
    return action.owner.name if action.owner else ""


def _action_line(action: Action) -> str:
    by_day = f", by {action.due_on.day} {action.due_on:%B}" if action.due_on else ""
    whose = who_acts(action)
    return f"- {action.text}" + (f" ({whose}{by_day})" if whose else by_day)


def _record(verb: str, meeting: Meeting, *, by: Actor, **data: Any) -> None:
    events.record(verb, by=by, client_id=meeting.client_id, subject=meeting, title=meeting.title, **data)

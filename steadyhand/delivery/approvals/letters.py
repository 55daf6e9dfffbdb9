"""What we write to whoever is asked: the mail that asks, the reminders, and the one a colleague gets."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Contact
from steadyhand.comms.mail.letters import day_words, first_name
from steadyhand.comms.mail.writing import draft_message, queue_message
from steadyhand.comms.models import Message, MessageState
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.approvals.following import ABOUT
from steadyhand.delivery.models import Bundle, Step

#: What a link for a contact opens (`clients.item_links`).
ITEM = "approval"

OPENINGS = {
    "": "“{title}” is ready for you: {pieces}. Please look at it by {day}.",
    Step.BEFORE: "“{title}” is waiting for you: {pieces}. We need your answer by {day}.",
    Step.ON: "Today is the day we agreed for “{title}”: {pieces}.",
    Step.AFTER: "We had hoped for your answer on “{title}” by {day}; {pieces} still to look at.",
    Step.BY_HAND: "“{title}” is still waiting for you: {pieces}. We need your answer by {day}.",
}


def write_to(
    bundle: Bundle, contact: Contact, *, by: Actor, pieces: int, step: str = "", handed_by: str = ""
) -> Message:
    """The mail with their link, as a draft; the one that was not sent yet, where there is one."""
    waiting = Message.objects.filter(
        about_type=ABOUT, about_id=bundle.pk, contact=contact, state=MessageState.DRAFT
    )
    if (found := waiting.order_by("-pk").first()) is not None:
        return found
    _, path = issue_link(contact, ITEM, bundle.pk, by=by)
    count = "one piece" if pieces == 1 else f"{pieces} pieces"
    day = day_words(bundle.due_on)
    opening = OPENINGS[step].format(title=bundle.title, pieces=count, day=day)
    if handed_by:
        opening = f"{handed_by} asks you to decide on “{bundle.title}”: {count}, by {day}."
    parts = [
        f"Hello {first_name(contact.name)},",
        opening,
        bundle.note if not step else "",
        f"Look, comment and decide here, without an account:\n{settings.BASE_URL}{path}",
        "If a colleague of yours should decide, hand it to them on that page.",
    ]
    return draft_message(
        bundle.client,
        by=by,
        member=bundle.owner,
        contact=contact,
        subject=_subject(bundle, step),
        text="\n\n".join(part for part in parts if part),
        about=(ABOUT, bundle.pk),
    )


def send(messages: Iterable[Message], *, by: Actor) -> list[Message]:
    """Let these drafts leave, outside any transaction; those that may not, stay drafts and are returned."""
    left = []
    for message in messages:
        if message.state != MessageState.DRAFT:
            continue
        try:
            queue_message(message, by=by)
        except Refusal:
            left.append(message)
    return left


def drafts(bundle: Bundle) -> list[Message]:
    """Mails about it that were not sent yet."""
    rows = Message.objects.filter(about_type=ABOUT, about_id=bundle.pk, state=MessageState.DRAFT)
    return list(rows.select_related("contact").order_by("pk"))


def _subject(bundle: Bundle, step: str) -> str:
    if step == Step.AFTER:
        return f"We still need your answer: {bundle.title}"
    return f"{'Reminder: ' if step else ''}For your approval: {bundle.title}"

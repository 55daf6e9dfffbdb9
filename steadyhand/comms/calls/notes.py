"""What is typed during a call: saved as it is typed, by as many people as are in it (S5)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.comms.calls.merging import merge
from steadyhand.comms.models import Call, CallNote, NoteTyping
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

#: Characters in one part of a call's notes, and in the key of a part.
LONGEST, LONGEST_KEY = 20_000, 60


@transaction.atomic
def save_note(
    call: Call, part: str, text: str, *, by: Actor, revision: int = 0, base: str = "", page: str = ""
) -> CallNote:
    """Keep the note of one part as somebody has it on their screen, merged with what others typed meanwhile.

    `base` is the text of `revision`, from which they started; `page` names their open page, so that words
    sent twice (the first answer was lost) are not doubled. Records no event: ending the call does.
    """
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if not may_act_for(call.client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
    if call.dropped_at is not None:
        raise Refusal(
            "This call was taken back as opened by mistake.", remedy="Copy your words; begin it again."
        )
    if call.ended_at is not None:
        raise Refusal(
            "This call has been ended meanwhile.", remedy="Copy your words; Undo the ending to add them."
        )
    if not part or len(part) > LONGEST_KEY:
        raise Refusal("That is no part of a call.", remedy="Load the page again.")
    text = text.replace("\r\n", "\n")
    note, _ = CallNote.objects.get_or_create(call=call, part=part, defaults={"changed_at": clock.now()})
    merged = merge(_started_from(note, revision, base.replace("\r\n", "\n"), page), text, note.text)
    if len(merged) > LONGEST:
        raise Refusal(
            f"A note holds {LONGEST:,} characters; this one has {len(merged):,}.",
            remedy="Shorten it, or go on under another part.",
        )
    if page:
        NoteTyping.objects.update_or_create(
            note=note, page=page[:40], defaults={"revision": revision, "text": text}
        )
    if merged != note.text:
        note.text, note.revision, note.changed_at = merged, note.revision + 1, clock.now()
        note.save(update_fields=["text", "revision", "changed_at"])
    return note


def _started_from(note: CallNote, revision: int, base: str, page: str) -> str:
    """The text a page's words are changes to: what it said last, if it never heard the answer to that."""
    if revision == note.revision:
        return note.text
    unheard = note.typings.filter(page=page[:40], revision=revision).first() if page else None
    return unheard.text if unheard is not None else base

"""Mail of the demo agency: a new colleague under review, what her manager made of it, drafts begun.

Nothing leaves: what counts as sent was never in the outbox.
"""

from __future__ import annotations

from steadyhand.comms.mail import reviewing, supervising, writing
from steadyhand.comms.models import Message
from steadyhand.core import outbox
from steadyhand.core.actor import Actor
from steadyhand.core.models import MailState, OutboxMessage
from steadyhand.exchange.demo.world import World, first_name
from steadyhand.people.models import Member

SENT_BY = Actor.system("demo")
CLIENT = "Marlow Instruments"

#: Days ago, time, subject, what was written, and the words it left with where the reviewer changed them.
REVIEWED: tuple[tuple[int, str, str, str, str], ...] = (
    (
        -24,
        "10:20",
        "What we agreed on Monday",
        "thank you for Monday. You send the list of dairies; we have the landing page for each by the 20th.",
        "",
    ),
    (
        -16,
        "11:05",
        "The dairy pages are up",
        "all six pages are live. Enquiries carry the dairy's name now, so you see which page they are from.",
        "",
    ),
    (
        -9,
        "09:40",
        "Fewer enquiries in the second week",
        "enquiries fell a bit last week, probably half-term.",
        "enquiries fell from 31 to 22 last week. Half-term explains some of it: the same week last year fell "
        "by a fifth. We look at the rest by Thursday and ring you.",
    ),
)
WAITING = (
    "Two suggestions for the spring budget",
    "we suggest moving £400 a month from brand searches to the brewery pages, where an enquiry costs half.",
)
BEGUN = ("Photographs from the factory", "could we come by one morning in the week of the")


def tell(world: World) -> None:
    """Plan it into the past; what lies before the demo's first day is left out."""
    amira, grace, imogen = (world.team[key] for key in ("amira", "grace", "imogen"))
    _on(world, -28, "09:15", lambda: supervising.put_under_review(amira, by=imogen.actor, reviewer=grace))
    for offset, time, subject, words, other_words in REVIEWED:

        def write(subject: str = subject, words: str = words, other_words: str = other_words) -> None:
            _reviewed(world, amira, grace, subject, words, other_words)

        _on(world, offset, time, write)
    _on(world, -1, "16:10", lambda: _written(world, amira, *WAITING, important=True, submitted=True))
    _on(world, -1, "16:40", lambda: _written(world, grace, *BEGUN))


def _on(world: World, offset: int, time: str, act: object) -> None:
    day = world.working(offset)
    if day >= world.begins and callable(act):
        world.plan(world.moment(day, time), act)


def _written(
    world: World, who: Member, subject: str, words: str, *, important: bool = False, submitted: bool = False
) -> Message:
    client = world.clients[CLIENT]
    contact = world.contact(client)
    greeting = f"Hello {first_name(contact.name)}" if contact else "Hello"
    draft = writing.draft_message(
        client,
        by=who.actor,
        member=who,
        contact=contact,
        subject=subject,
        text=f"{greeting},\n\n{words}",
        important=important,
    )
    return writing.queue_message(draft, by=who.actor) if submitted else draft


def _reviewed(
    world: World, writer: Member, reviewer: Member, subject: str, words: str, other_words: str
) -> None:
    message = _written(world, writer, subject, words, important=True, submitted=True)
    review = message.reviews.select_related("message__member").get()
    changed = {"text": message.text.replace(words, other_words)} if other_words else {}
    comment = "Figures first: they will ask." if other_words else ""
    count_as_sent(reviewing.approve(review, by=reviewer.actor, comment=comment, **changed))


def count_as_sent(message: Message) -> None:
    """It was sent, as far as the demo goes; no mail of it is left behind."""
    row = message.outbox
    assert row is not None  # noqa: S101 - it has just been approved
    OutboxMessage.objects.filter(pk=row.pk).update(state=MailState.UNCERTAIN)
    outbox.confirm(row, by=SENT_BY)
    row.delete()

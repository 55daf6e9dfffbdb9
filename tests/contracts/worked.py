"""Work shown to one client in the contract world: a line of each table and a plan, with the client's word."""

from __future__ import annotations

import datetime as dt

from steadyhand.clients.models import Client, Contact
from steadyhand.delivery.models import Backlink, PlannedWork, Recommendation
from steadyhand.delivery.work import entering, planning
from steadyhand.delivery.work.tables import ADVICE, CONTENT, LINKS, SCORES
from tests import cast
from tests.cast import SYSTEM

TODAY = cast.NOW.date()


def worked(word: str, client: Client, contact: Contact) -> None:
    """A link, a piece of content, advice that was declined, two scores, a plan; notes that stay inside."""
    day, site = TODAY.isoformat(), f"https://{word.lower()}.test"
    note = f"{word} thinks little of it"
    link = {"day": day, "type": "guest post", "status": "completed", "anchor": f"{word} wares", "note": note}
    entering.enter(client, LINKS, link | {"url": f"https://paper.test/{word}"}, by=SYSTEM)
    text = {
        "day": day,
        "title": f"How {word} does it",
        "type": "article",
        "status": "published",
        "note": note,
    }
    entering.enter(client, CONTENT, text | {"url": f"{site}/how"}, by=SYSTEM)
    advice = {"day": day, "url": f"{site}/slow", "issue": f"{word} is slow", "action": f"Hurry {word}"}
    row = entering.enter(client, ADVICE, advice | {"note": note}, by=SYSTEM)
    assert isinstance(row, Recommendation)
    entering.answer(row, "declined", f"{word} likes it slow", by=contact)
    for days, score in ((40, "61"), (5, "68")):
        when = (TODAY - dt.timedelta(days=days)).isoformat()
        entering.enter(
            client,
            SCORES,
            {"day": when, "score": score, "tool": f"{word} crawler", "part:speed": "50"},
            by=SYSTEM,
        )
    planning.plan_work(client, "links", 4, TODAY, by=SYSTEM)


def work_number(name: str, client: Client) -> int | None:
    """The number that stands in one of these addresses; lines are links."""
    if name.startswith("client-work-entry"):
        return Backlink.objects.get(client=client).pk
    if name == "client-work-plan-removal":
        return PlannedWork.objects.get(client=client).pk
    if name == "work-recommendation-answer":
        return Recommendation.objects.get(client=client).pk
    return None

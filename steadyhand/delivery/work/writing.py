"""Putting values on an entry: what follows from them is decided here, however they came (R3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import (
    Backlink,
    ContentItem,
    Entry,
    Recommendation,
    RecommendationState,
    SiteScore,
)
from steadyhand.delivery.work.lists import Lists

#: What a table or a program may say about a score of which only some parts are new.
FIELDS_OF: Mapping[type[Entry], tuple[str, ...]] = {
    Backlink: ("day", "domain", "type", "status", "anchor", "url", "authority", "note", "done_on"),
    ContentItem: ("day", "title", "type", "status", "url", "words", "note", "done_on"),
    Recommendation: (
        *("day", "url", "issue", "action", "note", "state"),
        *("answer", "answered_by", "answered_at", "by_client"),
    ),
    SiteScore: ("day", "score", "parts", "tool", "note", "from_parts"),
}


def write(
    entry: Entry, values: Mapping[str, Any], *, lists: Lists, today: dt.date, by: Actor, whole: bool = False
) -> bool:
    """Put values on an entry that may be new; whether anything is different now. Nothing is saved.

    `whole`: these are all its values (a form), so that parts of a score that are not named go.
    """
    _refuse_done_ahead(entry, values, lists, today)
    fields = FIELDS_OF[type(entry)]
    before = {name: getattr(entry, name) for name in fields}
    if isinstance(entry, Recommendation):
        _settle(entry, str(values.get("state", "")), by, reopens=whole)
    if isinstance(entry, SiteScore):
        _score(entry, values, whole)
    for name, value in values.items():
        if name in fields and name not in {"state", "score", "parts"}:
            setattr(entry, name, value)
    if isinstance(entry, Backlink | ContentItem):
        _be_done(entry, before, lists, today)
    return entry.pk is None or any(getattr(entry, name) != before[name] for name in fields)


def mean(parts: Mapping[str, int]) -> int:
    """The score of a website of which only the parts are known: their mean, each counting the same."""
    return round(sum(parts.values()) / len(parts))


def _refuse_done_ahead(entry: Entry, values: Mapping[str, Any], lists: Lists, today: dt.date) -> None:
    """Before anything is put on it: nothing is done, and nothing was measured, on a day to come."""
    if isinstance(entry, SiteScore) and (values.get("day") or entry.day) > today:
        raise Refusal("Nothing was measured yet on that day.", remedy="Correct the day.", field="day")
    if not isinstance(entry, Backlink | ContentItem):
        return
    day, status = values.get("day") or entry.day, values.get("status") or entry.status
    if day > today and status in lists.done(list_of_status(entry)):
        raise Refusal(
            f"It cannot be {status} on {day.day} {day:%B %Y}, which is still to come.",
            remedy="Correct the day or the status.",
            field="day",
        )


def list_of_status(entry: Backlink | ContentItem) -> str:
    """The list its status is chosen from."""
    return "link_status" if isinstance(entry, Backlink) else "content_status"


def _be_done(entry: Backlink | ContentItem, before: Mapping[str, Any], lists: Lists, today: dt.date) -> None:
    """Done on its day where it came done or was given another day with it, else on the day it became so."""
    words = lists.words(list_of_status(entry))
    word = next((one for one in words if one.word == entry.status), None)
    if word is None:
        return  # a word that is no longer offered counts as it did
    if not word.done:
        entry.done_on = None
    elif entry.pk is None or entry.day != before["day"]:
        entry.done_on = entry.day
    elif entry.done_on is None:
        entry.done_on = today


def _settle(entry: Recommendation, state: str, by: Actor, *, reopens: bool) -> None:
    """A table that still says “open” does not take back what somebody answered."""
    if not state or state == entry.state:
        return
    if state == RecommendationState.OPEN:
        if reopens:
            entry.state, entry.answer, entry.answered_by = RecommendationState.OPEN, "", ""
            entry.answered_at, entry.by_client = None, False
        return
    entry.state, entry.answer, entry.by_client = RecommendationState(state), "", False
    entry.answered_by, entry.answered_at = by.name, clock.now()


def _score(entry: SiteScore, values: Mapping[str, Any], whole: bool) -> None:
    if "parts" in values:
        entry.parts = dict(values["parts"]) if whole else {**entry.parts, **values["parts"]}
    said = values.get("score")
    if said is not None:
        entry.score, entry.from_parts = said, False
    elif entry.parts and (entry.pk is None or entry.from_parts or whole):
        entry.score, entry.from_parts = mean(entry.parts), True

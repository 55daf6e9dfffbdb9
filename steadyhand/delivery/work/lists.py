"""The agency's words for types and statuses: shipped, and changed as the agency likes (R3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, F, QuerySet, Value, When

from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Backlink, ContentItem, PlannedWork, SiteScore, WorkList

#: More words than anybody chooses from.
MOST = 30
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a list. `done`: a status that counts as done."""

    word: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Renamed:
    """A line of a list as somebody wrote it: what it `was` (empty: it is new) and what it is."""

    was: str
    word: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list: what it is called, what it is for, and the words it is shipped with."""

    key: str
    label: str
    one: str
    shipped: tuple[Word, ...]

    @property
    def is_status(self) -> bool:
        """Whether some of its words count as done."""
        return any(word.done for word in self.shipped)


#: As R3 names them; the parts of a score are those most audit tools tell apart.
KINDS: Mapping[str, ListKind] = {
    kind.key: kind
    for kind in (
        ListKind(
            "link_type",
            "Types of links",
            "type of link",
            (Word("guest post"), Word("niche edit"), Word("resource page")),
        ),
        ListKind(
            "link_status",
            "Statuses of links",
            "status of a link",
            (Word("in progress"), Word("completed", done=True)),
        ),
        ListKind(
            "content_type",
            "Types of content",
            "type of content",
            (Word("article"), Word("visual asset"), Word("web copy")),
        ),
        ListKind(
            "content_status",
            "Statuses of content",
            "status of content",
            (Word("editing"), Word("in review"), Word("published", done=True)),
        ),
        ListKind(
            "score_part",
            "Parts of the website's health",
            "part of the score",
            (Word("crawlability"), Word("speed"), Word("content"), Word("links")),
        ),
    )
}


class Lists:
    """All lists as they stand, read in one query."""

    def __init__(self) -> None:
        changed = {row.key: [Word(**one) for one in row.words] for row in WorkList.objects.all()}
        self._words = {key: changed.get(key) or list(kind.shipped) for key, kind in KINDS.items()}

    def words(self, key: str) -> list[Word]:
        """The words of a list, in its order."""
        return self._words[key]

    def choices(self, key: str) -> list[tuple[str, str]]:
        """The same for a form."""
        return [(one.word, one.word) for one in self._words[key]]

    def done(self, key: str) -> set[str]:
        """Those of them that count as done."""
        return {one.word for one in self._words[key] if one.done}

    def named(self, key: str, text: str) -> Word:
        """The word somebody means, however they write it; refuses others and says which there are."""
        meant = " ".join(text.split()).casefold()
        found = next((one for one in self._words[key] if one.word.casefold() == meant), None)
        if found is None:
            known = ", ".join(one.word for one in self._words[key])
            raise Refusal(
                f"“{text[:40]}” is no {KINDS[key].one} on your list.",
                remedy=f"Write one of: {known}; or add it under Settings, Work.",
            )
        return found


@transaction.atomic
def change_list(key: str, lines: Sequence[Renamed], *, by: Actor) -> list[Word]:
    """The list is these words from now on, in this order; what was renamed is renamed everywhere.

    A word that is left out is no longer offered; what bears it keeps it. Refuses an empty list, a word
    twice, and statuses of which none counts as done.
    """
    kind = KINDS[key]
    told = [Renamed(one.was, " ".join(one.word.split())[:LONGEST], one.done) for one in lines]
    told = [one for one in told if one.word]
    _refuse(kind, told)
    WorkList.objects.select_for_update().filter(key=key).first()
    before = {one.word: one for one in Lists().words(key)}
    words = [Word(one.word, one.done and kind.is_status) for one in told]
    WorkList.objects.update_or_create(
        key=key, defaults={"words": [{"word": one.word, "done": one.done} for one in words]}
    )
    renamed = {one.was: one.word for one in told if one.was in before and one.was != one.word}
    if renamed:
        RENAME[key](renamed)
    for line, word in zip(told, words, strict=True):
        if kind.is_status and line.was in before and before[line.was].done != word.done:
            _count_as_done(key, word)
    events.record("work.list_changed", by=by, list=kind.label, words=", ".join(one.word for one in words))
    return words


def _refuse(kind: ListKind, lines: Sequence[Renamed]) -> None:
    if not lines:
        raise Refusal(f"{kind.label} would be empty.", remedy="Leave at least one word.")
    if len(lines) > MOST:
        raise Refusal(f"That is more than {MOST} words.", remedy="Leave out those you never choose.")
    seen: set[str] = set()
    for one in lines:
        if one.word.casefold() in seen:
            raise Refusal(f"“{one.word}” stands there twice.", remedy="Take one out.")
        seen.add(one.word.casefold())
    if kind.is_status and not any(one.done for one in lines):
        raise Refusal(
            "No status counts as done.", remedy="Tick the one that says that the work is there to be seen."
        )


def _count_as_done(key: str, word: Word) -> None:
    rows: QuerySet[Any] = (Backlink if key == "link_status" else ContentItem)._default_manager.filter(
        status=word.word
    )
    if word.done:
        rows.filter(done_on=None).update(done_on=F("day"))
    else:
        rows.update(done_on=None)


def _rename(rows: QuerySet[Any], field: str, names: Mapping[str, str]) -> None:
    """In one statement, so that two words may change places."""
    cases = [When(**{field: was}, then=Value(word)) for was, word in names.items()]
    rows.filter(**{f"{field}__in": names}).update(
        **{field: Case(*cases, default=F(field), output_field=CharField())}
    )


def _rename_parts(names: Mapping[str, str]) -> None:
    rows = [
        row
        for row in SiteScore.objects.all().iterator(chunk_size=500)
        if not names.keys().isdisjoint(row.parts)
    ]
    for row in rows:
        row.parts = {names.get(name, name): value for name, value in row.parts.items()}
    SiteScore.objects.bulk_update(rows, ["parts"], batch_size=500)


def _rename_type(output: str) -> Callable[[Mapping[str, str]], None]:
    entries: QuerySet[Any] = Backlink.objects.all() if output == "links" else ContentItem.objects.all()

    def rename(names: Mapping[str, str]) -> None:
        _rename(entries.all(), "type", names)
        _rename(PlannedWork.objects.filter(output=output), "type", names)

    return rename


#: What bears the words of a list.
RENAME: Mapping[str, Callable[[Mapping[str, str]], None]] = {
    "link_type": _rename_type("links"),
    "content_type": _rename_type("content"),
    "link_status": lambda names: _rename(Backlink.objects.all(), "status", names),
    "content_status": lambda names: _rename(ContentItem.objects.all(), "status", names),
    "score_part": _rename_parts,
}

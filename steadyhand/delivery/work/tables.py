"""The four tables of work: what each holds, and what tells one of its lines from another (R3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import (
    Backlink,
    ContentItem,
    Entry,
    EntryQuerySet,
    Recommendation,
    SiteScore,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a line says. `reads` names how a cell is read (`delivery.work.cells`); `list` its words."""

    key: str
    label: str
    reads: str
    needed: bool = False
    list: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkTable:
    """One of the tables: `names` are the columns that name a line where it has no address."""

    key: str
    label: str
    one: str
    model: type[Entry]
    columns: tuple[Column, ...]
    names: str

    @property
    def rows(self) -> EntryQuerySet[Any]:
        """Its entries, of every client."""
        return EntryQuerySet(self.model)

    def column(self, key: str) -> Column | None:
        """The column of that name."""
        return next((one for one in self.columns if one.key == key), None)


_DAY = Column("day", "Date", "day", needed=True, also=("date", "published", "published on", "live date"))
_NOTE = Column("note", "Note among us", "text", also=("notes", "internal note", "comment"))

LINKS = WorkTable(
    "links",
    "Links",
    "link",
    Backlink,
    (
        _DAY,
        Column("domain", "Domain", "domain", needed=True, also=("site", "website", "referring domain")),
        Column("type", "Type", "word", needed=True, list="link_type", also=("link type", "kind")),
        Column("status", "Status", "word", needed=True, list="link_status", also=("link status", "state")),
        Column("anchor", "Anchor text", "text", also=("anchor",)),
        Column("url", "URL", "url", also=("link", "live url", "link url", "address", "page", "source url")),
        Column(
            "authority",
            "Authority",
            "score",
            also=("da", "dr", "domain authority", "domain rating", "authority score"),
        ),
        _NOTE,
    ),
    "domain",
)
CONTENT = WorkTable(
    "content",
    "Content",
    "piece of content",
    ContentItem,
    (
        _DAY,
        Column("title", "Title", "text", needed=True, also=("name", "headline")),
        Column("type", "Type", "word", needed=True, list="content_type", also=("content type", "kind")),
        Column(
            "status", "Status", "word", needed=True, list="content_status", also=("content status", "state")
        ),
        Column("url", "URL", "url", also=("link", "live url", "address", "page")),
        Column("words", "Words", "count", also=("word count", "wordcount", "length")),
        _NOTE,
    ),
    "title",
)
ADVICE = WorkTable(
    "recommendations",
    "Recommendations",
    "recommendation",
    Recommendation,
    (
        _DAY,
        Column("url", "URL", "url", needed=True, also=("page", "address", "link")),
        Column("issue", "Issue", "text", needed=True, also=("problem", "finding")),
        Column(
            "action",
            "Suggested action",
            "text",
            needed=True,
            also=("action", "recommendation", "fix", "suggestion"),
        ),
        Column("state", "State", "state", also=("status",)),
        _NOTE,
    ),
    "issue",
)
SCORES = WorkTable(
    "scores",
    "Website health",
    "score",
    SiteScore,
    (
        _DAY,
        Column("score", "Score", "score", also=("health", "health score", "site health", "total")),
        Column("tool", "Measured with", "text", also=("tool", "source", "audit tool")),
        _NOTE,
    ),
    "",
)

TABLES: Mapping[str, WorkTable] = {table.key: table for table in (LINKS, CONTENT, ADVICE, SCORES)}

#: How long a text may be, in each column that has one.
LENGTHS: Mapping[str, int] = {
    "note": 500,
    "anchor": 300,
    "title": 300,
    "issue": 160,
    "action": 500,
    "tool": 80,
    "url": 500,
    "domain": 200,
}

#: A part of a score, as a column: “part:speed”.
PART = "part:"


def table_named(key: str) -> WorkTable:
    """The table of that key, else a refusal."""
    if key not in TABLES:
        raise Refusal(f"“{key[:40]}” is none of: {', '.join(TABLES)}.", field="table")
    return TABLES[key]


def table_of(entry: Entry) -> WorkTable:
    """The table an entry stands in."""
    return next(table for table in TABLES.values() if isinstance(entry, table.model))

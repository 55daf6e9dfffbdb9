"""One table of an export: its name, its headings, and its rows for whoever exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from steadyhand.core.actor import Actor

type Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of an export: its file name, the headings people read, and its rows for somebody."""

    name: str
    headings: tuple[str, ...]
    rows: Callable[[Actor], Rows]


@dataclass(frozen=True, slots=True)
class TableRows:
    """These columns of what a query gives the actor, in the order in which the rows were made."""

    query: Callable[[Actor], models.QuerySet[Any]]
    paths: tuple[str, ...]

    def __call__(self, by: Actor) -> Rows:
        return self.query(by).order_by("pk").values_list(*self.paths).iterator(chunk_size=2000)


def rows_of(query: Callable[[Actor], models.QuerySet[Any]], *paths: str) -> TableRows:
    """The columns at these paths of what the actor may see."""
    return TableRows(query, paths)

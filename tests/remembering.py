"""A world that many tests begin with is brought about once by its verbs; later its rows are put back.

Only where putting back is the same as doing it again: in a transaction that the test takes back, with no row
of ours there yet, at the same moment.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery

from steadyhand.core import clock
from steadyhand.core.models import Agency, Event

#: What the tables themselves bring with them.
OF_THE_FRAMEWORK = {"auth", "contenttypes", "sites"}

#: Rows in one statement; a database takes only so many values at once.
AT_A_TIME = 100

type Statement = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Remembered:
    world: Any
    inserts: list[Statement]


_worlds: dict[Hashable, _Remembered] = {}


def remembered[World](name: Hashable, bring_about: Callable[[], World]) -> World:
    """What `bring_about` makes in an empty database; from the second time on without calling it."""
    is_safe = connection.in_atomic_block and not Agency.objects.exists() and not Event.objects.exists()
    if not is_safe:
        return bring_about()
    key = (connection.vendor, name, clock.now())
    if key not in _worlds:
        world = bring_about()
        _worlds[key] = _Remembered(copy.deepcopy(world), _statements())
        return world
    kept = _worlds[key]
    with connection.cursor() as cursor:
        for sql, values in kept.inserts:
            cursor.execute(sql, values)
    return copy.deepcopy(kept.world)


def _statements() -> list[Statement]:
    models = [model for model in apps.get_models(include_auto_created=True) if _is_ours(model)]
    return [statement for model in models for statement in _inserts(model)]


def _is_ours(model: type[Model]) -> bool:
    meta = model._meta
    return meta.managed and not meta.proxy and meta.app_label not in OF_THE_FRAMEWORK


def _inserts(model: type[Model]) -> Iterator[Statement]:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    for rows in batched(model._base_manager.all(), AT_A_TIME):
        query = InsertQuery(model)
        query.insert_values(fields, rows, raw=True)
        yield from query.get_compiler(connection=connection).as_sql()

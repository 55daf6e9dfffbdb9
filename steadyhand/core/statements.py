"""Query sets whose SQL is written once, for what is read at every request.

Building a query set and turning it into SQL costs several times what running it costs. A `Statement` does
both at its first use in a process, and from then on only fills in the values. `Seen` is the same for
query sets that start from `visible_to(actor)`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from steadyhand.core.actor import Actor

Row = tuple[Any, ...]


class Slot(Expression):
    """Stands in a query set for a value that each run gives by name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Statement:
    """A query set of `values_list` with slots in it.

    OF_USER = Statement(lambda: Member.objects.filter(user=Slot("user")).values_list("pk", "name"))
    OF_USER.rows(user=7)
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._written: dict[str, tuple[str, list[Any], dict[int, Any]]] = {}

    def rows(self, **values: Any) -> list[Row]:
        """The rows the query set would give with these values in its slots."""
        sql, params, converters = self._written.get(connection.vendor) or self._write()
        if not sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(sql, [_adapted(values[p.name]) if isinstance(p, Slot) else p for p in params])
            found: list[Row] = cursor.fetchall()
        return [_converted(row, converters) for row in found] if converters else found

    def first(self, **values: Any) -> Row | None:
        """The first of them, if there is one."""
        return next(iter(self.rows(**values)), None)

    def _write(self) -> tuple[str, list[Any], dict[int, Any]]:
        queryset = self._build()
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:  # this reader never sees anything
            sql, params = "", ()
        else:
            self._look_at(compiler, queryset)
        converters = compiler.get_converters([column[0] for column in compiler.select])
        written = self._written[connection.vendor] = (sql, list(params), converters)
        return written

    def _look_at(self, compiler: SQLCompiler, queryset: QuerySet[Any, Any]) -> None:
        """For whoever makes more of the rows than values."""


class Records[M: Model](Statement):
    """A statement of whole rows; `select_related`, `only` and `defer` hold as ever.

    LIVE = Records(lambda: Version.objects.select_related("playbook").defer("document").order_by("-pk")[:1])
    LIVE.found()
    """

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        super().__init__(build)
        self._makers: dict[str, Callable[[Row], M]] = {}

    def found(self, **values: Any) -> list[M]:
        """The rows as objects."""
        rows = self.rows(**values)
        return [self._makers[connection.vendor](row) for row in rows]

    def one(self, **values: Any) -> M | None:
        """The first of them, if there is one."""
        return next(iter(self.found(**values)), None)

    def _look_at(self, compiler: SQLCompiler, queryset: QuerySet[Any, Any]) -> None:
        # As Django's own ModelIterable does it.
        info, select = cast(dict[str, Any], compiler.klass_info), compiler.select
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        others = get_related_populators(info, select, queryset.db, cast(Any, queryset)._fetch_mode)

        def made(row: Row) -> M:
            one = cast(type[M], info["model"]).from_db(queryset.db, names, row[first:last])
            for other in others:
                other.populate(row, one)
            return one

        self._makers[connection.vendor] = made


class Seen:
    """A statement of what an actor sees: one text for each set of capabilities.

    OF_REF = Seen(lambda actor: Client.objects.visible_to(actor).filter(ref=Slot("ref")).values_list("pk"))
    OF_REF.rows(actor, ref="halden-bikes")
    """

    def __init__(self, build: Callable[[Actor], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._statements: dict[tuple[Any, ...], Statement] = {}

    def rows(self, actor: Actor, **values: Any) -> list[Row]:
        """The rows this actor sees."""
        return self._for(actor).rows(reader=actor.id, **values)

    def first(self, actor: Actor, **values: Any) -> Row | None:
        """The first of them, if there is one."""
        return next(iter(self.rows(actor, **values)), None)

    def _for(self, actor: Actor) -> Statement:
        key = (actor.kind, actor.id is None, actor.capabilities)
        if key not in self._statements:
            nameless = actor if actor.id is None else replace(actor, id=cast(int, Slot("reader")), name="")
            self._statements[key] = self._written(nameless)
        return self._statements[key]

    def _written(self, actor: Actor) -> Statement:
        return Statement(lambda: self._build(actor))


class SeenRecords[M: Model](Seen):
    """The same for whole rows."""

    def found(self, actor: Actor, **values: Any) -> list[M]:
        """The rows this actor sees, as objects."""
        return cast(Records[M], self._for(actor)).found(reader=actor.id, **values)

    def _written(self, actor: Actor) -> Statement:
        return Records[M](lambda: self._build(actor))


def _adapted(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _converted(row: Row, converters: dict[int, Any]) -> Row:
    values = list(row)
    for place, (functions, expression) in converters.items():
        for function in functions:
            values[place] = function(values[place], expression, connection)
    return tuple(values)

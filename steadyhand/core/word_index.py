"""Finding rows of a client by their words: FTS5 on SQLite, a GIN index over tsvector on PostgreSQL.

Both index the same folded words (`core.words`) and the row's client beside them, so that a word that is
common in the book is still rare at a client. The database itself keeps them equal to the rows, whoever
writes, moves or removes these: PostgreSQL by an index on an expression, SQLite by triggers. They are made
after the migrations (a migration may rebuild a table, and SQLite drops its triggers then).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import AppConfig, apps
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.models.signals import post_migrate

from steadyhand.core.words import words_in

#: How many rows with a common word are looked through.
MOST = 1000
MOST_LOOKED_FOR = 12

# Written in PL/pgSQL with its true cost so that the planner asks the index rather than every row.
FUNCTION = """
CREATE OR REPLACE FUNCTION steadyhand_words(client bigint, words text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
BEGIN
    RETURN array_to_tsvector(string_to_array(rtrim('=' || client || ' ' || words), ' '));
END $$
"""
GIN = "CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin (steadyhand_words(client_id, words))"

# Neither the words (they stand in the row) nor their places (nobody asks for a phrase) are stored again.
FTS5 = """
CREATE VIRTUAL TABLE IF NOT EXISTS {name}
USING fts5(words, content='', detail='none', columnsize=0, tokenize="ascii tokenchars '='")
"""
TEXT = "'=' || {row}client_id || ' ' || {row}words"
ADD = "INSERT INTO {name} (rowid, words) SELECT {row}id, " + TEXT + " WHERE {row}client_id IS NOT NULL;"
DROP = (
    "INSERT INTO {name} ({name}, rowid, words) SELECT 'delete', {row}id, "
    + TEXT
    + " WHERE {row}client_id IS NOT NULL;"
)
TRIGGERS = {
    "written": ("INSERT", ((ADD, "new."),)),
    "removed": ("DELETE", ((DROP, "old."),)),
    "changed": ("UPDATE OF id, client_id, words", ((DROP, "old."), (ADD, "new."))),
}


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows with all the words; `is_capped` when there are more, and these are the newest `MOST`."""

    ids: list[int]
    is_capped: bool = False


class WordIndex:
    """The index of a table that has `id`, `client_id`, `at` and `words`: `WordIndex("core.Event")`."""

    def __init__(self, model: str) -> None:
        self.model = model

    def hits(self, clients: Sequence[int], query: str) -> Hits:
        """Rows of these clients with every word of the query, the last one as the beginning of a word.

        None at all where there is no word in it. Three queries at most.
        """
        wanted = words_in(query)[:MOST_LOOKED_FOR]
        if not wanted or not clients:
            return Hits([])
        on_postgres = connection.vendor == "postgresql"
        with connection.cursor() as cursor:
            find = self._on_postgres if on_postgres else self._on_sqlite
            return find(cursor, clients, wanted)

    def _on_postgres(self, cursor: CursorWrapper, clients: Sequence[int], wanted: list[str]) -> Hits:
        sql = "SELECT id FROM {} WHERE steadyhand_words(client_id, words) @@ %s::tsquery LIMIT %s"
        found = _ids(cursor, sql.format(self._table), _tsquery(clients, wanted), MOST + 1)
        if len(found) <= MOST:
            return Hits(found)
        # A common word: reading back in time meets enough of them soon. (strpos, because the database
        # believes LIKE to be rare, and would sort the client's whole history.)
        has = " AND ".join(["strpos(' ' || words || ' ', %s) > 0"] * len(wanted))
        begins = [f" {word} " for word in wanted[:-1]] + [f" {wanted[-1]}"]
        sql = f"SELECT id FROM {self._table} WHERE client_id {_one_of(clients)} AND {has}"  # noqa: S608
        return Hits(_ids(cursor, f"{sql} ORDER BY at DESC, id DESC LIMIT %s", *clients, *begins, MOST), True)

    def _on_sqlite(self, cursor: CursorWrapper, clients: Sequence[int], wanted: list[str]) -> Hits:
        sql = "SELECT rowid FROM {0}_words WHERE {0}_words MATCH %s ORDER BY rowid DESC LIMIT %s"
        sql = sql.format(self._table)
        if len(_ids(cursor, sql, _match((), wanted), MOST + 1)) > MOST:
            # Common in the book, so whole words first: FTS5 reads those newest first and stops, but must
            # gather whatever begins so before it gives the first.
            found = _ids(cursor, sql, _match(clients, wanted), MOST + 1)
            if len(found) > MOST:
                return Hits(found[:MOST], is_capped=True)
        found = _ids(cursor, sql, f"{_match(clients, wanted)} *", MOST + 1)
        return Hits(found[:MOST], is_capped=len(found) > MOST)

    def keep(self, using: str = "default") -> None:
        """Make what is missing of it, and fill it from the rows."""
        with connections[using].cursor() as cursor:
            if connections[using].vendor == "postgresql":
                cursor.execute(FUNCTION)
                cursor.execute(GIN.format(name=f"{self._table}_words", table=self._table))
            else:
                self._keep_triggers(cursor)

    def _keep_triggers(self, cursor: CursorWrapper) -> None:
        table, name = self._table, f"{self._table}_words"
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name LIKE %s",
            [table, f"{name}_%"],
        )
        if cursor.fetchone()[0] == len(TRIGGERS):
            return
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(FTS5.format(name=name))
        for what, (act, steps) in TRIGGERS.items():
            deeds = " ".join(step.format(name=name, row=row) for step, row in steps)
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{what}")
            cursor.execute(f"CREATE TRIGGER {name}_{what} AFTER {act} ON {table} BEGIN {deeds} END")
        every = TEXT.format(row="")
        cursor.execute(
            f"INSERT INTO {name} (rowid, words) SELECT id, {every} FROM {table} WHERE client_id IS NOT NULL"  # noqa: S608
        )

    @property
    def _table(self) -> str:
        return str(apps.get_model(self.model)._meta.db_table)


def kept_after_migrations(room: AppConfig, index: WordIndex) -> None:
    """Have the index looked after whenever this room's tables may have changed."""

    def keep(using: str, **_: object) -> None:
        index.keep(using)

    post_migrate.connect(keep, sender=room, weak=False, dispatch_uid=f"words of {index.model}")


def _tsquery(clients: Sequence[int], wanted: list[str]) -> str:
    whose = " | ".join(f"'={client}'" for client in clients)
    exact = "".join(f"'{word}' & " for word in wanted[:-1])
    return f"({whose}) & {exact}'{wanted[-1]}':*"


def _match(clients: Sequence[int], wanted: list[str]) -> str:
    whose = " OR ".join(f'"={client}"' for client in clients)
    exact = "".join(f'"{word}" AND ' for word in wanted[:-1])
    return (f"({whose}) AND " if clients else "") + f'{exact}"{wanted[-1]}"'


def _ids(cursor: CursorWrapper, sql: str, *params: str | int) -> list[int]:
    cursor.execute(sql, params)
    return [row[0] for row in cursor.fetchall()]


def _one_of(clients: Sequence[int]) -> str:
    # One alone is compared, not listed: then the index gives the newest without sorting.
    return "= %s" if len(clients) == 1 else f"IN ({', '.join(['%s'] * len(clients))})"

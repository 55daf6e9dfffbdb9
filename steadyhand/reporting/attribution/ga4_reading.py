"""GA4's export to BigQuery, as files: nested events in, touches and conversions out.

A visit (`user_pseudo_id` with `ga_session_id`) is one touch, at its first event, also when it goes on past
midnight into the next day's file. It came from where its first event that names a source says; from nowhere
when none does: direct. A click on a Google ad (gclid) is google / cpc. Conversions are the events named as
goals.

A file is read once, some million events at a time, and leaves its visits and conversions as Parquet, its
*part*, with a note that is written last. Parts that are there are not read again, so that an import that was
killed goes on at the file it was in. All parts together then make the tables.
"""

# ruff: noqa: S608  # the words are ours; names of files and of goals are quoted

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from steadyhand.reporting.attribution.channels import DIRECT, channel_of
from steadyhand.reporting.attribution.questions import BadTable
from steadyhand.reporting.attribution.tables import is_parquet, quoted

#: What counts as a conversion where nobody says.
GOALS = ("purchase", "generate_lead", "sign_up")

#: Another shape of parts makes those that are kept worthless.
EDITION = 1

TEXTS = ("string_value", "int_value", "float_value", "double_value")
JSON_COLUMNS = """{event_date: 'VARCHAR', event_timestamp: 'VARCHAR', event_name: 'VARCHAR',
 user_pseudo_id: 'VARCHAR', event_params: 'STRUCT("key" VARCHAR, "value" STRUCT(string_value VARCHAR,
 int_value VARCHAR, float_value VARCHAR, double_value VARCHAR))[]',
 ecommerce: 'STRUCT(purchase_revenue VARCHAR)', collected_traffic_source:
 'STRUCT(manual_source VARCHAR, manual_medium VARCHAR, manual_campaign_name VARCHAR, gclid VARCHAR)'}"""
NEEDED = ("event_timestamp", "event_name", "event_params", "user_pseudo_id")


#: Events that are taken at once: what they hold is in memory until their visits are known.
PIECE = 4_000_000

COUNTS = ("events", "unread", "nobody", "loose")


#: What the events of a visit on one day say: when it began, where it came from first, what it brought. What
#: has no visit is there as well, without a user or a session. `came` is source, medium and campaign with
#: unit separators between; a session's id is text or a number.
SEEN = """u VARCHAR, session VARCHAR, number BIGINT, day VARCHAR, t BIGINT, engaged BOOLEAN,
 came VARCHAR, came_at BIGINT,
 sold STRUCT(t BIGINT, value DOUBLE, day VARCHAR, goal VARCHAR)[], events BIGINT, unread BIGINT"""
GROUPED = """SELECT u, session, number, day, min(t), bool_or(engaged),
 arg_min(came, t) FILTER (came IS NOT NULL), min(t) FILTER (came IS NOT NULL),
 list({{t: t, value: value, day: day, goal: goal}}) FILTER (goal IS NOT NULL AND t IS NOT NULL),
 count(*), count(*) FILTER (t IS NULL) FROM ({events}) GROUP BY u, session, number, day"""


SESSION = "coalesce(session, CAST(number AS VARCHAR))"


@dataclass(slots=True)
class Part:
    """What is known of one file: the days it has, what its events lack, and why it cannot be read."""

    days: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    wrong: str = ""


def read_file(
    connection: duckdb.DuckDBPyConnection, path: Path, parts: Path, goals: Iterable[str] = GOALS
) -> Part:
    """The part of a file, read if it is not in the folder `parts` yet."""
    stem = parts / _key(path, goals)
    try:
        return Part(**json.loads(stem.with_suffix(".json").read_bytes()))
    except (FileNotFoundError, ValueError):
        part = _see(connection, path, goals)
    connection.execute(f"COPY seen TO {quoted(str(stem.with_suffix('.parquet')))} (FORMAT parquet)")
    draft = stem.with_suffix(".new")
    draft.write_text(json.dumps(asdict(part)))
    draft.replace(stem.with_suffix(".json"))
    return part


def _see(connection: duckdb.DuckDBPyConnection, path: Path, goals: Iterable[str]) -> Part:
    """Make the table `seen` of a file."""
    connection.execute(f"CREATE OR REPLACE TABLE seen ({SEEN})")
    try:
        for events in _pieces(connection, path, ", ".join(map(quoted, goals))):
            connection.execute(f"INSERT INTO seen {GROUPED.format(events=events)}")
        return _part(connection)
    except duckdb.OutOfMemoryException:
        raise
    except (BadTable, duckdb.Error) as error:
        connection.execute("DELETE FROM seen")
        return Part(wrong=str(error).splitlines()[0])


def read_export(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], parts: Path, goals: Iterable[str] = GOALS
) -> list[str]:
    """Make `touches (user, time, channel, direct, day, session)`, `conversions (user, time, value, day,
    goal)` and `days (day)`; what was left out, in sentences.

    A file that is cut or is no export is left out and told; refuses where none can be read.
    """
    goals = list(goals)
    if len(paths) == 1:  # there is no place to go on at
        read, seen = {paths[0]: _see(connection, paths[0], goals)}, "seen"
    else:
        read = {path: read_file(connection, path, parts, goals) for path in paths}
        files = [quoted(str((parts / _key(path, goals)).with_suffix(".parquet"))) for path in paths]
        seen = f"read_parquet([{', '.join(files)}])"
    notices = [
        f"{path.name} is cut or no GA4 export and is left out: {part.wrong}"
        for path, part in read.items()
        if part.wrong
    ]
    if len(notices) == len(read):
        raise BadTable(
            " ".join(notices) or "There is no Parquet or JSON file.",
            remedy="Give GA4's BigQuery export as Parquet or as JSON, a row an event.",
        )
    notices += _lacking(read.values())
    connection.execute("CREATE TABLE days (day VARCHAR)")
    days = sorted({day for part in read.values() for day in part.days})
    connection.execute("INSERT INTO days SELECT unnest(CAST(? AS VARCHAR[]))", [days])
    connection.execute(
        f"CREATE OR REPLACE TABLE visits AS SELECT u, {SESSION} AS session, min(t) AS t,"
        " arg_min(day, t) AS day, bool_or(engaged) AS engaged, arg_min(came, came_at) AS came"
        f" FROM {seen} WHERE u IS NOT NULL AND {SESSION} IS NOT NULL AND t IS NOT NULL GROUP BY u, {SESSION}"
    )
    _make_touches(connection)
    connection.execute(
        "CREATE TABLE conversions AS SELECT coalesce(u, '(no id) ' || row_number() OVER ()) AS \"user\","
        " make_timestamp(sale.t) AS time, coalesce(sale.value, 0) AS value, sale.day AS day,"
        " sale.goal AS goal"
        f" FROM (SELECT u, unnest(sold) AS sale FROM {seen})"
    )
    return notices


def _key(path: Path, goals: Iterable[str]) -> str:
    """A name for what a file holds and is asked for."""
    stat = path.stat()
    said = json.dumps([EDITION, str(path.absolute()), stat.st_size, stat.st_mtime_ns, *goals])
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def _pieces(connection: duckdb.DuckDBPyConnection, path: Path, wanted: str) -> Iterator[str]:
    """Queries for the few columns wanted of one file, checked; one after another they are the file."""
    name = quoted(str(path))
    rows = 0
    if is_parquet(path):
        found = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({name})").fetchone()
        rows = found[0] if found else 0
        relation = f"read_parquet({name}, file_row_number = {rows > PIECE})"
    elif path.name.lower().endswith(".parquet"):
        raise BadTable("it does not begin as Parquet does.")
    else:
        layout = f"format = '{_json_format(path)}', ignore_errors = true, columns = {JSON_COLUMNS}"
        relation = f"read_json({name}, {layout})"
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    types = {column: str(kind) for column, kind, *_ in described}
    for column in NEEDED:
        if column not in types:
            raise BadTable(f"it has no column “{column}”.")
    query = _query(relation, types, wanted)
    if rows <= PIECE:
        yield query
        return
    for begin in range(0, rows, PIECE):
        yield f"{query} WHERE file_row_number >= {begin} AND file_row_number < {begin + PIECE}"


def _part(connection: duckdb.DuckDBPyConnection) -> Part:
    """What the table `seen` says of its events."""
    found = connection.execute(
        "SELECT list(DISTINCT day) FILTER (t IS NOT NULL), coalesce(sum(events), 0),"
        " coalesce(sum(unread), 0),"
        " coalesce(sum(events - unread) FILTER (u IS NULL), 0),"
        f" coalesce(sum(events - unread) FILTER (u IS NOT NULL AND {SESSION} IS NULL), 0) FROM seen"
    ).fetchone()
    days, *counts = found or (None, 0, 0, 0, 0)
    return Part(sorted(days or []), dict(zip(COUNTS, map(int, counts), strict=True)))


def _json_format(path: Path) -> str:
    """Rows one after another, or one array."""
    if path.name.lower().endswith(".gz"):
        return "newline_delimited"
    with path.open("rb") as file:
        return "array" if file.read(200).lstrip()[:1] == b"[" else "newline_delimited"


def _query(relation: str, types: dict[str, str], wanted: str) -> str:
    """Events with what is looked for in their parameters: only looked for where it can be."""
    fields = [name for name in TEXTS if name in types["event_params"]]
    params = "event_params"
    if not types["event_params"].endswith("[]"):  # BigQuery without list inference: list.element
        params = "list_transform(event_params.list, lambda x: x.element)"

    def param(key: str, kind: str = "VARCHAR", names: Sequence[str] = TEXTS) -> str:
        place = f"list_position(k, '{key}')"
        found = ", ".join(f"TRY_CAST(p[{place}].value.{name} AS {kind})" for name in fields if name in names)
        return f"CASE WHEN {place} > 0 THEN coalesce({found}) END"

    collected = types.get("collected_traffic_source", "")

    def source(key: str, column: str) -> str:
        also = f", collected.{column}" if column in collected else ""
        return f"nullif(coalesce({param(key)}{also}), '')"

    also_gclid = " OR collected.gclid <> ''" if "gclid" in collected else ""
    also_source = " OR collected.manual_source <> ''" if "manual_source" in collected else ""
    s, m = source("source", "manual_source"), source("medium", "manual_medium")
    c, g = source("campaign", "manual_campaign_name"), source("gclid", "gclid")
    # Few events say where a visit came from: only those are looked into. A click on an ad that lost its names
    # on the way is Google's.
    is_named = f"list_position(k, 'source') > 0 OR list_position(k, 'gclid') > 0{also_source}{also_gclid}"
    named = " || chr(31) || ".join(f"coalesce({name}, '')" for name in (s, m, c))
    came = (
        f"CASE WHEN {is_named} THEN"
        f" CASE WHEN {g} IS NOT NULL AND coalesce({s}, 'google') = 'google'"
        f" THEN 'google' || chr(31) || 'cpc' || chr(31) || coalesce({c}, '')"
        f" WHEN coalesce({s}, {g}) IS NOT NULL THEN {named} END END"
    )
    revenue = "TRY_CAST(revenue AS DOUBLE), " if "purchase_revenue" in types.get("ecommerce", "") else ""
    day = "CAST(event_date AS VARCHAR)" if "event_date" in types else "NULL"
    row = ", file_row_number" if "file_row_number" in types else ""
    return (
        "SELECT nullif(u, '') AS u, t, coalesce(d, strftime(make_timestamp(t), '%Y%m%d')) AS day,"
        f" CASE WHEN name IN ({wanted}) THEN name END AS goal,"
        f" {param('ga_session_id', names=('string_value',))} AS session,"
        f" {param('ga_session_id', 'BIGINT', ('int_value',))} AS number, {came} AS came,"
        f" coalesce({param('session_engaged')} = '1', false) AS engaged,"
        f" CASE WHEN name IN ({wanted}) THEN coalesce({revenue}{param('value', 'DOUBLE')}) END AS value{row}"
        " FROM (SELECT CAST(user_pseudo_id AS VARCHAR) AS u, TRY_CAST(event_timestamp AS BIGINT) AS t,"
        f" {day} AS d, event_name AS name, {params} AS p,"
        f" list_transform({params}, lambda x: x.key) AS k{row}"
        + (", collected_traffic_source AS collected" if collected else "")
        + (", ecommerce.purchase_revenue AS revenue" if revenue else "")
        + f" FROM {relation})"
    )


def _make_touches(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute("SELECT DISTINCT came FROM visits ORDER BY came").fetchall()
    channels = [channel_of(*((came or "\x1f\x1f").split("\x1f", 2))) for (came,) in rows]
    connection.execute(
        "CREATE TABLE named AS SELECT unnest(CAST(? AS VARCHAR[])) AS came,"
        " unnest(CAST(? AS VARCHAR[])) AS channel",
        [[came for (came,) in rows], channels],
    )
    connection.execute(
        'CREATE TABLE touches AS SELECT u AS "user", make_timestamp(t) AS time, channel,'
        f" channel = '{DIRECT}' AS direct, day, session, engaged FROM visits"
        " JOIN named ON visits.came IS NOT DISTINCT FROM named.came"
    )


def _lacking(parts: Iterable[Part]) -> list[str]:
    """What events lack, in sentences."""
    counts = Counter[str]()
    for part in parts:
        counts.update(part.counts)
    said = []
    if not counts["events"]:
        said.append("The export holds no events.")
    if unread := counts["unread"]:
        said.append(f"{unread:,} lines cannot be read (a cut file ends in one) and are left out.")
    if nobody := counts["nobody"]:
        said.append(
            f"{nobody:,} events name no user (no consent): they make no touch, their conversions no path."
        )
    if loose := counts["loose"]:
        said.append(f"{loose:,} events belong to no visit: they make no touch, their conversions count.")
    return said

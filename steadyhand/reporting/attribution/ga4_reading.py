"""GA4's export to BigQuery, as files: nested events in, touches and conversions out.

A visit (`user_pseudo_id` with `ga_session_id`) is one touch, at its first event, also when it goes on past
midnight into the next day's file. It came from where its first event that names a source says; from nowhere
when none does: direct. A click on a Google ad (gclid) is google / cpc. Conversions are the events named as
goals.
"""

# ruff: noqa: S608  # the words are ours; names of files and of goals are quoted

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from steadyhand.reporting.attribution.channels import DIRECT, channel_of
from steadyhand.reporting.attribution.questions import BadTable
from steadyhand.reporting.attribution.tables import is_parquet, quoted

#: What counts as a conversion where nobody says.
GOALS = ("purchase", "generate_lead", "sign_up")

TEXTS = ("string_value", "int_value", "float_value", "double_value")
JSON_COLUMNS = """{event_date: 'VARCHAR', event_timestamp: 'VARCHAR', event_name: 'VARCHAR',
 user_pseudo_id: 'VARCHAR', event_params: 'STRUCT("key" VARCHAR, "value" STRUCT(string_value VARCHAR,
 int_value VARCHAR, float_value VARCHAR, double_value VARCHAR))[]',
 ecommerce: 'STRUCT(purchase_revenue VARCHAR)', collected_traffic_source:
 'STRUCT(manual_source VARCHAR, manual_medium VARCHAR, manual_campaign_name VARCHAR, gclid VARCHAR)'}"""
NEEDED = ("event_timestamp", "event_name", "event_params", "user_pseudo_id")
KINDS = (".parquet", ".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")


@dataclass(slots=True)
class Export:
    """What a file or folder held, as the tables `touches` and `conversions` of the connection."""

    notices: list[str] = field(default_factory=list)
    files: int = 0


def read_export(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], goals: Iterable[str] = GOALS
) -> Export:
    """Make `touches (user, time, channel, direct, day, session)` and `conversions (user, time, value, day,
    goal)`.

    A file that is cut or is no export is left out and told; refuses where none can be read.
    """
    export = Export()
    selects = []
    for path in paths:
        try:
            selects.append(_events_of(connection, path))
        except (BadTable, duckdb.Error) as error:
            said = str(error).splitlines()[0]
            export.notices.append(f"{path.name} is cut or no GA4 export and is left out: {said}")
    if not selects:
        raise BadTable(
            " ".join(export.notices) or "There is no Parquet or JSON file.",
            remedy="Give GA4's BigQuery export as Parquet or as JSON, a row an event.",
        )
    export.files = len(selects)
    wanted = ", ".join(quoted(goal) for goal in goals)
    connection.execute(f"CREATE TABLE events AS {' UNION ALL '.join(selects)}")
    export.notices += _lacking(connection)
    _make_touches(connection)
    connection.execute(
        "CREATE TABLE conversions AS SELECT coalesce(u, '(no id) ' || row_number() OVER ()) AS \"user\","
        " make_timestamp(t) AS time, coalesce(value, 0) AS value, day, name AS goal"
        f" FROM events WHERE t IS NOT NULL AND name IN ({wanted})"
    )
    return export


def export_files(path: Path) -> list[Path]:
    """The files of an export: itself, or those in a folder, by name."""
    if path.is_dir():
        return sorted(one for one in path.rglob("*") if one.is_file() and one.name.lower().endswith(KINDS))
    return [path]


def _events_of(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """The query for the few columns wanted of one file, checked."""
    name = quoted(str(path))
    if is_parquet(path):
        relation = f"read_parquet({name})"
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
    return _query(relation, types)


def _json_format(path: Path) -> str:
    """Rows one after another, or one array."""
    if path.name.lower().endswith(".gz"):
        return "newline_delimited"
    with path.open("rb") as file:
        return "array" if file.read(200).lstrip()[:1] == b"[" else "newline_delimited"


def _query(relation: str, types: dict[str, str]) -> str:
    fields = [name for name in TEXTS if name in types["event_params"]]
    params = "event_params"
    if not types["event_params"].endswith("[]"):  # BigQuery without list inference: list.element
        params = "list_transform(event_params.list, lambda x: x.element)"

    def param(key: str, kind: str = "VARCHAR", names: Sequence[str] = TEXTS) -> str:
        found = f"p[list_position(k, '{key}')].value"
        return ", ".join(f"TRY_CAST({found}.{name} AS {kind})" for name in fields if name in names)

    collected = types.get("collected_traffic_source", "")

    def source(key: str, column: str) -> str:
        also = f", collected.{column}" if column in collected else ""
        return f"nullif(coalesce({param(key)}{also}), '')"

    revenue = "TRY_CAST(revenue AS DOUBLE), " if "purchase_revenue" in types.get("ecommerce", "") else ""
    day = "event_date" if "event_date" in types else "NULL"
    return (
        "SELECT nullif(u, '') AS u, t, coalesce(d, strftime(make_timestamp(t), '%Y%m%d')) AS day, name,"
        f" coalesce({param('ga_session_id', names=('string_value', 'int_value'))}) AS session,"
        f" {source('source', 'manual_source')} AS source, {source('medium', 'manual_medium')} AS medium,"
        f" {source('campaign', 'manual_campaign_name')} AS campaign, {source('gclid', 'gclid')} AS gclid,"
        f" coalesce(coalesce({param('session_engaged')}) = '1', false) AS engaged,"
        f" coalesce({revenue}{param('value', 'DOUBLE')}) AS value"
        " FROM (SELECT CAST(user_pseudo_id AS VARCHAR) AS u, TRY_CAST(event_timestamp AS BIGINT) AS t,"
        f" CAST({day} AS VARCHAR) AS d, event_name AS name, {params} AS p,"
        f" list_transform({params}, lambda x: x.key) AS k"
        + (", collected_traffic_source AS collected" if collected else "")
        + (", ecommerce.purchase_revenue AS revenue" if revenue else "")
        + f" FROM {relation})"
    )


def _make_touches(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE visits AS SELECT u, session, min(t) AS t, arg_min(day, t) AS day,"
        " max(engaged) AS engaged,"
        " arg_min({s: source, m: medium, c: campaign, g: gclid}, t)"
        "  FILTER (source IS NOT NULL OR gclid IS NOT NULL) AS came"
        " FROM events WHERE u IS NOT NULL AND session IS NOT NULL AND t IS NOT NULL GROUP BY u, session"
    )
    # A click on an ad that lost its names on the way is Google's.
    connection.execute(
        "CREATE TABLE sources AS SELECT DISTINCT CASE WHEN is_ad THEN 'google' ELSE came.s END AS source,"
        " CASE WHEN is_ad THEN 'cpc' ELSE came.m END AS medium, came.c AS campaign, came"
        " FROM (SELECT DISTINCT came, came.g IS NOT NULL AND coalesce(came.s, 'google') = 'google' AS is_ad"
        " FROM visits)"
    )
    rows = connection.execute("SELECT DISTINCT source, medium, campaign FROM sources").fetchall()
    connection.execute(
        "CREATE TABLE named (source VARCHAR, medium VARCHAR, campaign VARCHAR, channel VARCHAR)"
    )
    if rows:
        connection.executemany(
            "INSERT INTO named VALUES (?, ?, ?, ?)", [[*row, channel_of(*row)] for row in rows]
        )
    connection.execute(
        'CREATE TABLE touches AS SELECT u AS "user", make_timestamp(t) AS time, channel,'
        f" channel = '{DIRECT}' AS direct, day, session, engaged FROM visits"
        " JOIN sources ON visits.came IS NOT DISTINCT FROM sources.came"
        " JOIN named ON sources.source IS NOT DISTINCT FROM named.source"
        " AND sources.medium IS NOT DISTINCT FROM named.medium"
        " AND sources.campaign IS NOT DISTINCT FROM named.campaign"
    )


def _lacking(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What events lack, in sentences."""
    found = connection.execute(
        "SELECT count(*), count(*) FILTER (t IS NULL), count(*) FILTER (t IS NOT NULL AND u IS NULL),"
        " count(*) FILTER (t IS NOT NULL AND u IS NOT NULL AND session IS NULL) FROM events"
    ).fetchone()
    events, unread, nobody, loose = found or (0, 0, 0, 0)
    said = []
    if not events:
        said.append("The export holds no events.")
    if unread:
        said.append(f"{unread:,} lines cannot be read (a cut file ends in one) and are left out.")
    if nobody:
        said.append(
            f"{nobody:,} events name no user (no consent): they make no touch, their conversions no path."
        )
    if loose:
        said.append(f"{loose:,} events belong to no visit: they make no touch, their conversions count.")
    return said

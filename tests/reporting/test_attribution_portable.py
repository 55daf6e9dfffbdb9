"""The reduction as SQL gives what files give, on every engine that is at hand; it parses for the others."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
import sqlglot
import time_machine
from django.db import connection
from django.test import Client as Browser

from steadyhand.cli import attribution as command
from steadyhand.cli import doctor
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution import warehouse as engine_of_the_agency
from steadyhand.reporting.attribution.answering import answer_of
from steadyhand.reporting.attribution.asking import look
from steadyhand.reporting.attribution.portable import Tables, reduction
from steadyhand.reporting.attribution.questions import MODELS, Question
from steadyhand.reporting.attribution.warehouse import Rows, journeys_of
from steadyhand.setting_values import read_warehouse
from tests.cast import NOW, build, user_of
from tests.postgres import running_postgres
from tests.reporting.brute_force import DAY, Conversion, Touch
from tests.reporting.test_attribution import START, asked, world

COLUMNS = (
    'CREATE TABLE {} (client VARCHAR(40), "user" BIGINT, "time" TIMESTAMP, channel VARCHAR(40),'
    " direct BOOLEAN, seq BIGINT)",
    'CREATE TABLE {} (client VARCHAR(40), "user" BIGINT, "time" TIMESTAMP, value DOUBLE PRECISION)',
)
EPOCH = dt.datetime(1970, 1, 1)


def rows_of(touches: list[Touch], conversions: list[Conversion], client: str = "c") -> tuple[Any, Any]:
    """Both tables' rows."""
    at = [EPOCH + dt.timedelta(microseconds=row.time) for row in (*touches, *conversions)]
    return (
        [(client, t.user, at[n], t.channel, t.direct, n) for n, t in enumerate(touches)],
        [(client, c.user, at[len(touches) + n], c.value) for n, c in enumerate(conversions)],
    )


def a_world(seed: int) -> tuple[list[Touch], list[Conversion]]:
    """Users with ties, long paths, touches in no path, a channel with spaces, somebody who is very slow."""
    touches, conversions = world(seed, most=9)
    touches += [Touch(99, START + 5 * DAY - n % 2, "Organic Search") for n in range(20)]
    touches += [Touch(98, START, "A"), Touch(98, START + 29 * DAY, "B", True)]
    return touches, [*conversions, Conversion(99, START + 5 * DAY, 7.5), Conversion(98, START + 29 * DAY)]


def same(got: Any, wanted: Any) -> None:
    """Two answers, to the last digits."""
    if isinstance(wanted, dict):
        assert got.keys() == wanted.keys()
        for key, one in wanted.items():
            same(got[key], one)
    elif isinstance(wanted, list):
        assert len(got) == len(wanted)
        for mine, one in zip(got, wanted, strict=True):
            same(mine, one)
    elif isinstance(wanted, float):
        assert got == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    else:
        assert got == wanted


def compare(rows: Rows, wanted: dict[str, Any]) -> None:
    """What an engine brought back, made into an answer, beside that of the files."""
    got = answer_of(journeys_of(rows), top=1000)
    for answer in (got, wanted):
        answer["paths"].sort(key=lambda row: row["path"])
    for part in ("models", "assisted", "paths", "length", "lag", "unattributed", "null_paths", "conversions"):
        same(got[part], wanted[part])


@pytest.mark.parametrize(
    ("lookback", "half_life", "days"), [(30, 7, None), (9.5, 0.01, None), (30, 7, (10, 40))]
)
def test_duckdb(tmp_path: Path, lookback: float, half_life: float, days: tuple[int, int] | None) -> None:
    touches, conversions = a_world(11)
    engine = duckdb.connect()
    for name, rows, columns in zip(
        ("touchpoints", "conversions"), rows_of(touches, conversions), COLUMNS, strict=True
    ):
        engine.execute(columns.format(name))
        engine.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    since, before = (START + day * DAY for day in days) if days else (None, None)
    query = reduction("duckdb", Tables(), lookback=lookback, half_life=half_life, since=since, before=before)
    bounds = {"start": _iso(since), "end": _iso(before)} if since and before else {}
    wanted = asked(tmp_path, touches, conversions, lookback=lookback, half_life=half_life, top=1000, **bounds)
    compare(engine.execute(query).fetchall(), wanted)


def _iso(micros: int) -> str:
    return (EPOCH + dt.timedelta(microseconds=micros)).isoformat()


@pytest.mark.parametrize("dialect", ["bigquery", "spark", "postgres"])
def test_it_parses_where_it_is_not_run(dialect: Any) -> None:
    query = reduction(dialect, Tables("shop.touches", client="o'brien"), lookback=30, half_life=7)
    parsed = sqlglot.parse_one(query, read=dialect)
    assert {cte.alias for cte in parsed.find_all(sqlglot.exp.CTE)} >= {"hits", "paths", "loose", "shared"}
    assert {"o'brien"} <= {literal.this for literal in parsed.find_all(sqlglot.exp.Literal)}
    assert "2592000000000" in query and "_OF(" not in query


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[str]:
    """A PostgreSQL: the test database of this process, else a server of its own."""
    if connection.vendor == "sqlite":
        with running_postgres() as url:
            yield url
        return
    known = connection.settings_dict
    yield psycopg.conninfo.make_conninfo(
        host=known["HOST"],
        port=known["PORT"],
        user=known["USER"],
        password=known["PASSWORD"],
        dbname=known["NAME"],
    )


Warehouse = Callable[..., str]


@pytest.fixture
def warehouse(server: str) -> Iterator[Warehouse]:
    """The agency's own database with two tables; called with their rows it gives the setting."""
    with psycopg.connect(server, autocommit=True) as there:
        there.execute("DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop")
        for name, columns in zip(("touches", "sales"), COLUMNS, strict=True):
            there.execute(columns.format(f"shop.{name}"))
        known = there.info
        host = f"{known.user}:{known.password}@/" if known.host.startswith("/") else ""
        address = host or f"{known.user}:{known.password}@{known.host}:{known.port}/"

        def filled(touches: list[Touch], conversions: list[Conversion], client: str) -> str:
            for name, rows in zip(("touches", "sales"), rows_of(touches, conversions, client), strict=True):
                with there.cursor() as cursor:
                    cursor.executemany(
                        f"INSERT INTO shop.{name} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows
                    )
            socket = f"&host={known.host}&port={known.port}" if host else ""
            return f"postgresql://{address}{known.dbname}?touchpoints=shop.touches&conversions=shop.sales{socket}"

        yield filled
        there.execute("DROP SCHEMA shop CASCADE")


@pytest.mark.django_db
def test_paths_come_from_the_agencys_own_database(
    warehouse: Warehouse, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command, the page and the doctor ask it; another client's rows stay out."""
    with time_machine.travel(NOW, tick=False):
        cast = build(planned=False)
        touches, conversions = a_world(12)
        warehouse([Touch(1, START, "Elsewhere")], [Conversion(1, START, 1000)], "other")
        settings.ANALYTICS = read_warehouse(warehouse(touches, conversions, cast.halden.ref))
        run("--client", cast.halden.ref, "--top", "1000", "--json")
        got, wanted = capsys.readouterr().out, asked(tmp_path, touches, conversions, top=1000)
        for part in ("models", "lag", "length", "unattributed"):
            same(_json(got)[part], wanted[part])
        assert len(_json(got)["models"]) == len(MODELS)
        visitor = Browser()
        visitor.force_login(user_of(cast.jody))
        page = visitor.get(f"{cast.halden.get_absolute_url()}paths/?start=2026-01-01&end=2026-04-01")
        said = page.content.decode()
        assert "the agency’s own database, tables shop.touches and shop.sales" in said
        assert "Organic Search" in said and "paths__bring" not in said and "Elsewhere" not in said
        assert [f.well for f in doctor.examine() if f.what == "analytics"] == [True]


@pytest.mark.django_db  # so that it follows the other one, and the server starts once
def test_what_is_wrong_there_is_a_sentence(warehouse: Warehouse, server: str) -> None:
    url = read_warehouse(warehouse([Touch(1, START, "A")], [Conversion(1, START)], "c")).url  # type: ignore[union-attr]

    def looked(touchpoints: str = "shop.touches", conversions: str = "shop.sales") -> str:
        return engine_of_the_agency.look(Question(touchpoints, conversions, engine=url))

    assert "shop.touches and shop.sales of" in looked()
    with pytest.raises(Refusal, match=r"has no table shop\.clicks"):
        looked("shop.clicks")
    with pytest.raises(Refusal, match=r"shop.touches of STEADYHAND_ANALYTICS has no column “value”; it has"):
        looked(conversions="shop.touches")
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(
            'CREATE VIEW shop.words AS SELECT client, "user", "time"::text, value FROM shop.sales'
        )
    with pytest.raises(Refusal, match=r"“time” of the table shop.words .* is text, not a timestamp"):
        looked(conversions="shop.words")
    with pytest.raises(Refusal, match="did not answer") as refused:
        look(Question("a", "b", engine="postgresql://nobody:secret@127.0.0.1:1/none"))
    assert "doctor" in refused.value.remedy and "secret" not in str(refused.value)


def run(*words: str) -> None:
    """The command as it is typed."""
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    command.run(parser.parse_args(words))


def _json(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found

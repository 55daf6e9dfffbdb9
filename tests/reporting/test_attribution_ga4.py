"""GA4's export becomes touches and conversions: its edge cases, and importing it again."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from steadyhand.clients import book
from steadyhand.clients.models import Client
from steadyhand.core import agency
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution import ga4_reading, importing
from steadyhand.reporting.attribution.asking import ask
from steadyhand.reporting.attribution.channels import channel_of
from steadyhand.reporting.attribution.import_child import bring_in
from steadyhand.reporting.attribution.questions import Question
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db


def event(name: str, at: str, user: str | None = "1.1", session: Any = 100, **params: Any) -> dict[str, Any]:
    """One row of the export, as BigQuery writes JSON: whole numbers as text."""
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    rows = {"ga_session_id": session, **params}
    return {
        "event_date": f"{moment:%Y%m%d}",
        "event_timestamp": str(int(moment.timestamp() * 1_000_000)),
        "event_name": name,
        "user_pseudo_id": user,
        "event_params": [
            {
                "key": key,
                "value": {"int_value": str(value)} if isinstance(value, int) else {"string_value": value},
            }
            for key, value in rows.items()
            if value is not None
        ],
    }


def export(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read(
    folder: Path, source: Path, **more: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """Touches, conversions and what was said of an export."""
    into = folder / "out"
    into.mkdir(exist_ok=True)
    said = bring_in(into=str(into), now="1900000000", ga4=str(source), **more)
    return *(_rows(into / f"{name}.parquet") for name in ("touchpoints", "conversions")), said


def _rows(path: Path) -> list[dict[str, Any]]:
    found = duckdb.execute(f"SELECT * FROM '{path}'")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


class TestReading:
    def test_a_visit_is_one_touch_from_where_its_first_source_says(self, tmp_path):
        source = export(
            tmp_path / "events.json",
            event("session_start", "2026-11-01 10:00:00"),
            event("page_view", "2026-11-01 10:00:01", source="google", medium="organic"),
            event("page_view", "2026-11-01 10:09:00", source="bing", medium="cpc"),
            event("purchase", "2026-11-01 10:10:00", value=20),
            event("session_start", "2026-11-02 10:00:00", session=200, source="newsletter", medium="email"),
        )
        touches, conversions, said = read(tmp_path, source)
        assert [(t["channel"], t["direct"], t["time"].hour) for t in touches] == [
            ("Organic Search", False, 10),
            ("Email", False, 10),
        ]
        assert [(c["user"], c["value"], c["goal"]) for c in conversions] == [("1.1", 20.0, "purchase")]
        assert said["notices"] == []

    def test_a_visit_without_a_source_is_direct(self, tmp_path):
        touches, *_ = read(
            tmp_path, export(tmp_path / "e.json", event("session_start", "2026-11-01 10:00:00"))
        )
        assert [(t["channel"], t["direct"]) for t in touches] == [("Direct", True)]

    def test_a_click_on_an_ad_that_lost_its_names_is_googles(self, tmp_path):
        source = export(tmp_path / "e.json", event("page_view", "2026-11-01 10:00:00", gclid="Cj0"))
        assert read(tmp_path, source)[0][0]["channel"] == "Paid Search"

    def test_a_visit_across_midnight_is_one_touch_on_the_first_day(self, tmp_path):
        folder = tmp_path / "exports"
        folder.mkdir()
        export(folder / "b.json", event("page_view", "2026-11-02 00:05:00"))
        export(
            folder / "a.json", event("session_start", "2026-11-01 23:58:00", source="t.co", medium="referral")
        )
        touches, *_ = read(tmp_path, folder)
        assert [(t["day"], t["channel"]) for t in touches] == [("20261101", "Organic Social")]

    @pytest.mark.parametrize("engaged", ["1", 1])
    def test_engaged_is_a_text_or_a_number(self, tmp_path, engaged):
        source = export(
            tmp_path / "e.json",
            event("session_start", "2026-11-01 10:00:00", session_engaged="0"),
            event("page_view", "2026-11-01 10:01:00", session_engaged=engaged),
            event("session_start", "2026-11-02 10:00:00", session=2),
        )
        assert [t["engaged"] for t in read(tmp_path, source)[0]] == [True, False]

    def test_missing_ids_make_no_touch_and_lose_no_conversion(self, tmp_path):
        source = export(
            tmp_path / "e.json",
            event("page_view", "2026-11-01 10:00:00", user=None),
            event("purchase", "2026-11-01 10:01:00", user=None),
            event("purchase", "2026-11-01 10:02:00", user=""),
            event("generate_lead", "2026-11-01 10:03:00", session=None),
        )
        touches, conversions, said = read(tmp_path, source)
        assert touches == []
        assert [c["user"] for c in conversions][2:] == ["1.1"]
        assert len({c["user"] for c in conversions}) == 3
        assert "3 events name no user" in said["notices"][0]
        assert "1 events belong to no visit" in said["notices"][1]

    def test_a_cut_file_is_told_and_the_rest_carried_on(self, tmp_path):
        folder = tmp_path / "exports"
        folder.mkdir()
        whole = export(folder / "a.json", event("session_start", "2026-11-01 10:00:00"))
        whole.write_text(whole.read_text() + '{"event_date": "20261101", "event_na')
        (folder / "b.parquet").write_bytes(b"PAR1cut")
        (folder / "c.json").write_text("")
        touches, _, said = read(tmp_path, folder)
        assert len(touches) == 1
        assert "b.parquet is cut or no GA4 export" in said["notices"][0]
        assert "1 lines cannot be read" in " ".join(said["notices"])

    def test_what_is_no_export_is_refused(self, tmp_path):
        (tmp_path / "e.parquet").write_bytes(b"nothing")
        with pytest.raises(Refusal, match=r"e\.parquet is cut or no GA4 export"):
            read(tmp_path, tmp_path / "e.parquet")
        (tmp_path / "empty").mkdir()
        with pytest.raises(Refusal, match="There is no Parquet or JSON file"):
            read(tmp_path, tmp_path / "empty")

    def test_parquet_says_the_same_as_json(self, tmp_path):
        source = export(
            tmp_path / "e.json",
            event("session_start", "2026-11-01 10:00:00", source="google", medium="cpc"),
            event("purchase", "2026-11-01 10:01:00", value=7),
        )
        parquet = tmp_path / "e.parquet"
        duckdb.execute(
            "COPY (SELECT event_date, event_timestamp::BIGINT AS event_timestamp, event_name, user_pseudo_id,"
            ' event_params::STRUCT("key" VARCHAR, "value" STRUCT(string_value VARCHAR, int_value BIGINT,'
            " float_value DOUBLE, double_value DOUBLE))[] AS event_params,"
            " {'purchase_revenue': CASE WHEN event_name = 'purchase' THEN 9.5 END} AS ecommerce"
            f" FROM read_json('{source}')) TO '{parquet}'"
        )
        by_json, by_parquet = read(tmp_path, source), read(tmp_path, parquet)
        assert by_parquet[0] == by_json[0]
        assert [c["value"] for c in by_json[1]] == [7]
        assert [c["value"] for c in by_parquet[1]] == [9.5]

    def test_a_large_file_is_taken_in_pieces(self, tmp_path, monkeypatch):
        source, parquet = tmp_path / "e.json", tmp_path / "e.parquet"
        export(
            source,
            *(event("page_view", f"2026-11-01 10:0{n}:00", session=1 + n % 2, value=n) for n in range(9)),
            event("purchase", "2026-11-01 10:20:00", session=1, source="google", medium="cpc", value=7),
        )
        duckdb.execute(f"COPY (FROM read_json('{source}')) TO '{parquet}'")
        whole = read(tmp_path, parquet)
        monkeypatch.setattr(ga4_reading, "PIECE", 3)
        parquet.touch()
        pieces = read(tmp_path, parquet)
        assert pieces[:2] == whole[:2]
        assert [t["channel"] for t in pieces[0]] == ["Paid Search", "Direct"]

    def test_days_in_the_future_are_told(self, tmp_path):
        source = export(tmp_path / "e.json", event("purchase", "2031-11-01 10:00:00"))
        assert "2 touches or conversions lie in the future." in read(tmp_path, source)[2]["notices"]


def a_client() -> Client:
    agency.found(by=SYSTEM, name="Northwind")
    return book.add_client("Halden Bikes", by=SYSTEM)


class TestImporting:
    def test_a_day_again_replaces_that_day_and_a_visit_stays_one_touch(self, tmp_path):
        client = a_client()
        first = export(
            tmp_path / "1.json",
            event("session_start", "2026-11-01 23:58:00", source="google", medium="organic"),
            event("purchase", "2026-11-01 23:59:00", user=None),
        )
        second = export(tmp_path / "2.json", event("purchase", "2026-11-02 00:10:00", value=3))
        importing.import_ga4(client, first, by=SYSTEM)
        row = importing.import_ga4(client, second, by=SYSTEM)
        again = importing.import_ga4(client, second, by=SYSTEM)
        assert (row.touches, row.conversions) == (again.touches, again.conversions) == (1, 2)
        folder = importing.folder_of(again)
        said = ask(Question(str(folder / "touchpoints.parquet"), str(folder / "conversions.parquet")))
        assert said["paths"] == [{"path": ["Organic Search"], "conversions": 1, "value": 3}]
        assert Event.objects.filter(verb="journeys.imported", client_id=client.pk).count() == 3

    def test_an_import_that_was_killed_goes_on_with_the_file_it_was_at(self, tmp_path, monkeypatch):
        client, folder = a_client(), tmp_path / "exports"
        folder.mkdir()
        for day in (1, 2, 3):
            export(
                folder / f"events_2026110{day}.json",
                event("session_start", f"2026-11-0{day} 10:00:00", session=day),
                event("purchase", f"2026-11-0{day} 10:00:00", user=None),
            )
        monkeypatch.setattr(importing, "BATCH", 1)
        heard: list[tuple[int, int, str]] = []
        parts = importing._home() / "parts" / str(client.pk)

        def until_the_second(done: int, files: int, name: str) -> None:
            heard.append((done, files, name))
            if done == 1:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            importing.import_ga4(client, folder, by=SYSTEM, progress=until_the_second)
        assert importing.newest(client) is None
        first = {file: file.stat().st_mtime_ns for file in parts.glob("*.parquet")}
        assert len(first) == 1
        kept: dict[Path, int] = {}

        def look(done: int, files: int, name: str) -> None:
            kept.update({file: file.stat().st_mtime_ns for file in parts.glob("*.parquet")})

        row = importing.import_ga4(client, folder, by=SYSTEM, progress=look)
        assert (row.touches, row.conversions) == (3, 3)
        assert first.items() <= kept.items() and len(kept) == 2
        assert not parts.exists()
        assert heard == [(0, 3, "events_20261101.json"), (1, 3, "events_20261102.json")]

    def test_tables_replace_what_was_there_and_old_files_go(
        self, tmp_path, django_capture_on_commit_callbacks
    ):
        client = a_client()
        ga4 = importing.import_ga4(
            client, export(tmp_path / "1.json", event("session_start", "2026-11-01 10:00:00")), by=SYSTEM
        )
        touches, sales = tmp_path / "t.csv", tmp_path / "c.csv"
        touches.write_text("user,time,channel\n1,2026-11-01,Email\n2,never,Email\n")
        sales.write_text("user,time,value\n1,2026-11-02,5\n")
        with django_capture_on_commit_callbacks(execute=True):
            row = importing.import_tables(client, touches, sales, by=SYSTEM)
        assert (row.touches, row.conversions, row.source) == (1, 1, "tables")
        assert "1 rows of t.csv have a time that cannot be read" in row.notices[0]
        assert importing.newest(client) == row
        assert not importing.folder_of(ga4).exists()

    def test_what_is_refused_leaves_nothing(self, tmp_path):
        client = a_client()
        with pytest.raises(Refusal, match="There is no file or folder"):
            importing.import_ga4(client, tmp_path / "none", by=SYSTEM)
        (tmp_path / "no.json").write_text('{"a": 1}')
        with pytest.raises(Refusal):
            importing.import_tables(client, tmp_path / "no.json", tmp_path / "no.json", by=SYSTEM)
        assert importing.newest(client) is None


@pytest.mark.parametrize(
    ("source", "medium", "campaign", "channel"),
    [
        ("(direct)", "(none)", None, "Direct"),
        (None, None, None, "Direct"),
        ("google", "organic", None, "Organic Search"),
        ("google", "cpc", "brand", "Paid Search"),
        ("google", "cpc", "pmax cross-network", "Cross-network"),
        ("google", "cpc", "shopping uk", "Paid Shopping"),
        ("facebook.com", "paid_social", None, "Paid Social"),
        ("facebook.com", "referral", None, "Organic Social"),
        ("youtube.com", "referral", None, "Organic Video"),
        ("youtube.com", "cpc", None, "Paid Video"),
        ("somewhere", "cpm", None, "Display"),
        ("somewhere", "retargeting", None, "Paid Other"),
        ("amazon", "referral", None, "Organic Shopping"),
        ("newsletter", "e-mail", None, "Email"),
        ("partner.example", "affiliate", None, "Affiliates"),
        ("partner.example", "referral", None, "Referral"),
        ("spotify", "audio", None, "Audio"),
        ("sms", "text", None, "SMS"),
        ("app", "web_push", None, "Mobile Push Notifications"),
        ("somewhere", "something", None, "Unassigned"),
    ],
)
def test_the_channel_of_a_visit(source, medium, campaign, channel):
    assert channel_of(source, medium, campaign) == channel

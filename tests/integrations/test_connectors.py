"""One suite for every connector, against a server of its tool's shape that has good and bad days."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from steadyhand.clients import book
from steadyhand.core import clock
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.integrations.google import calling
from steadyhand.integrations.google.fake import Fault, Google, serving, sessions
from steadyhand.integrations.google_ads import provider as ads
from steadyhand.integrations.google_analytics import provider as analytics
from steadyhand.integrations.search_console import provider as search
from steadyhand.reporting.metrics import fetching, periods, store
from steadyhand.reporting.metrics.connecting import connect, disconnect, renew, run_now
from steadyhand.reporting.metrics.fetching import fetch_due, progress
from steadyhand.reporting.metrics.providers import provider
from steadyhand.reporting.metrics.reading import figures
from steadyhand.reporting.models import Connection, RawAnswer, Source
from tests import cast
from tests.cast import NOW, SYSTEM, Cast
from tests.reporting import inline

FIRST = dt.date(2026, 11, 1)
YESTERDAY = dt.date(2026, 11, 23)
DAYS = 23


@dataclass(frozen=True)
class Tool:
    """A connector, an account of it, a metric to look at, and what that is for a day."""

    key: str
    account: str
    metric: str
    per_session: float
    questions: int


TOOLS = [
    Tool("google-analytics", "properties/123456789", "sessions", 1.0, 3),
    Tool("search-console", "https://haldenbikes.test", "clicks", 0.5, 3),
    Tool("google-ads", "123-456-7890", "ad_clicks", 1.0, 2),
]


#: What is not the tool's own doing is looked at with one of them.
one_of_them = pytest.mark.parametrize("tool", TOOLS[:1], indirect=True, ids=lambda tool: tool.key)


@pytest.fixture(params=TOOLS, ids=lambda tool: tool.key)
def tool(request: pytest.FixtureRequest) -> Tool:
    return request.param  # type: ignore[no-any-return]


def another_public_key() -> str:
    return new_pair()[1]


@pytest.fixture(scope="module")
def pair() -> tuple[str, str]:
    return new_pair()


def new_pair() -> tuple[str, str]:
    """A private key and its public half."""
    made = rsa.generate_private_key(65537, 2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


@pytest.fixture
def google(pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with serving(pair[1]) as server:
        monkeypatch.setattr(calling, "TOKENS", f"{server.address}/token")
        for module in (analytics, search, ads):
            monkeypatch.setattr(module, "BASE", server.address)
        yield server


@pytest.fixture
def people(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    monkeypatch.setattr(store, "_ask", inline.ask)
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def values(pair: tuple[str, str], tool: Tool, **other: str) -> dict[str, str]:
    key = {
        "type": "service_account",
        "client_email": "reader@agency.test",
        "private_key": pair[0],
        "private_key_id": "k1",
    }
    typed = {"account": tool.account, "key": json.dumps(key), "developer_token": "abcdefghij0123456789AB"}
    return typed | other


@pytest.fixture
def connected(people: Cast, google: Google, pair: tuple[str, str], tool: Tool) -> Connection:
    known = provider(tool.key)
    assert known is not None
    return connect(people.halden, known, values(pair, tool), by=people.jody.actor, since=FIRST)


def again(connected: Connection) -> Connection:
    return Connection.objects.select_related("source", "client").get(pk=connected.pk)


def month(connected: Connection, metric: str) -> Decimal:
    """November's total, as every page shows it."""
    (figure,) = figures(connected.client, [metric], periods.month(2026, 11))
    assert figure.value is not None
    return figure.value


def expected(tool: Tool, factor: float = 1.0) -> float:
    return sum(
        int(sessions(FIRST + dt.timedelta(days=n)) * factor)
        if tool.key == "google-ads"
        else sessions(FIRST + dt.timedelta(days=n)) * factor * tool.per_session
        for n in range(DAYS)
    )


def test_everything_up_to_yesterday_is_read_and_again_tomorrow(
    connected: Connection, google: Google, tool: Tool
) -> None:
    fetch_due(by=SYSTEM)
    row = again(connected)
    assert (row.cursor, row.failures, row.leased_until) == (YESTERDAY, 0, None)
    assert progress(row).percent == 100
    assert float(month(row, tool.metric)) == pytest.approx(expected(tool))
    assert row.source.error == "" and row.source.complete_until is not None
    assert row.source.complete_until < YESTERDAY  # the last days still change
    assert row.due_at is not None and row.due_at.date() == dt.date(2026, 11, 25)
    assert len(google.asked) == tool.questions and google.tokens_given == 1
    kept = RawAnswer.objects.get()
    assert (kept.first_day, kept.last_day) == (FIRST, YESTERDAY)
    assert fetch_due(by=SYSTEM) == 0


def test_late_figures_replace_what_was_there(connected: Connection, google: Google, tool: Tool) -> None:
    fetch_due(by=SYSTEM)
    google.factor = 2.0
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        fetch_due(by=SYSTEM)
        row = again(connected)
        assert row.cursor == YESTERDAY + dt.timedelta(days=1)
    spans = [span for span in store.spans(row.client_id) if span.metric == tool.metric]
    known = provider(tool.key)
    assert known is not None
    assert sum(span.revised for span in spans) > 0
    assert Event.objects.filter(verb="figures.received").count() == 2


#: What a request is answered with, what the sources page says of it, and when it is tried again.
BAD_DAYS = [
    (Fault(401, "Request had invalid credentials."), "Make a new one", None),
    (Fault(403, "No permission."), "reader@agency.test", None),
    (Fault(403, "Quota exceeded for quota metric."), "quota", dt.timedelta(minutes=15)),
    (Fault(429, "Slow down.", {"Retry-After": "420"}), "later", dt.timedelta(minutes=7)),
    (Fault(429, "Slow down."), "later", dt.timedelta(minutes=15)),
    (Fault(500), "500", dt.timedelta(minutes=2)),
    (Fault(503, "Down.", {"Retry-After": "Tue, 24 Nov 2037 10:00:00 GMT"}), "503", dt.timedelta(days=1)),
    (Fault(cut=True), "cut off", dt.timedelta(minutes=2)),
    (Fault(400, "Field nonsense is not a valid metric."), "nonsense", None),
]


def test_a_bad_day_is_a_sentence_and_loses_nothing(connected: Connection, google: Google, tool: Tool) -> None:
    for fault, says, waits in BAD_DAYS:
        google.faults = [fault]
        Connection.objects.update(due_at=clock.now(), failures=0)
        fetch_due(by=SYSTEM)
        row = again(connected)
        assert row.cursor is None and row.leased_until is None
        assert says in row.source.error and "PRIVATE" not in row.source.error
        assert row.source.failing
        assert row.due_at == (None if waits is None else NOW + waits), fault
    run_now(row, by=SYSTEM)
    fetch_due(by=SYSTEM)
    mended = again(connected)
    assert mended.cursor == YESTERDAY and mended.failures == 0 and not mended.source.failing
    assert float(month(mended, tool.metric)) == pytest.approx(expected(tool))


@one_of_them
def test_it_waits_longer_each_time_and_tells_it_once(connected: Connection, google: Google) -> None:
    google.faults = [Fault(500) for _ in range(4)]
    waits = []
    for _ in range(4):
        Connection.objects.update(due_at=clock.now())
        fetch_due(by=SYSTEM)
        due = again(connected).due_at
        assert due is not None
        waits.append((due - NOW).total_seconds() / 60)
    assert waits == [2, 4, 8, 16]
    assert Event.objects.filter(verb="figures.refused").count() == 1


@one_of_them
def test_killed_between_figures_and_cursor_it_reads_the_same_days_again(
    connected: Connection, google: Google, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: bytes) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(fetching.files, "put", killed)
        fetch_due(by=SYSTEM)
    assert again(connected).cursor is None
    before = store.digest(connected.client_id)
    assert before and fetch_due(by=SYSTEM) == 0  # its lease holds: somebody may still be reading
    with time_machine.travel(NOW + dt.timedelta(minutes=6), tick=False):
        assert fetch_due(by=SYSTEM) == 1
    assert store.digest(connected.client_id) == before
    assert again(connected).cursor == YESTERDAY


def test_a_long_past_is_read_in_stretches_and_goes_on_where_it_stopped(
    people: Cast, google: Google, pair: tuple[str, str], tool: Tool
) -> None:
    known = provider(tool.key)
    assert known is not None
    made = connect(
        people.halden, known, values(pair, tool), by=SYSTEM, since=YESTERDAY - dt.timedelta(days=200)
    )
    google.faults = []
    served, answer = [0], google.answer

    def second_stretch_fails(path: str, body: dict[str, Any]) -> Any:
        served[0] += 1
        if served[0] == tool.questions + 1:
            google.faults.append(Fault(500))
        return answer(path, body)

    google.answer = second_stretch_fails  # type: ignore[method-assign]
    fetch_due(by=SYSTEM)
    half = again(made)
    assert half.cursor is not None and half.cursor < YESTERDAY
    assert 0 < progress(half).percent < 100
    run_now(half, by=SYSTEM)
    fetch_due(by=SYSTEM)
    assert again(made).cursor == YESTERDAY
    spans = {span.metric: span for span in store.spans(made.client_id)}
    assert spans[tool.metric].first_day == made.since


@one_of_them
def test_days_without_an_answer_stay_unknown(connected: Connection, google: Google, tool: Tool) -> None:
    google.missing = {dt.date(2026, 11, 7)}
    fetch_due(by=SYSTEM)
    left_out = sessions(dt.date(2026, 11, 7)) * tool.per_session
    assert float(month(again(connected), tool.metric)) == pytest.approx(expected(tool) - left_out)


@one_of_them
def test_a_clock_that_is_ahead_does_not_shut_us_out(connected: Connection, google: Google) -> None:
    google.ahead = 30
    fetch_due(by=SYSTEM)
    assert again(connected).cursor == YESTERDAY


@one_of_them
def test_a_client_that_left_is_not_read(connected: Connection, google: Google) -> None:
    book.end_client(connected.client, on=NOW.date(), reason="Budget", by=SYSTEM)
    assert fetch_due(by=SYSTEM) == 0 and not google.asked


def test_pages_that_overlap_count_each_row_once(people: Cast, google: Google, pair: tuple[str, str]) -> None:
    google.at_most, google.repeats = 10, 3
    known = provider("google-analytics")
    assert known is not None
    made = connect(people.halden, known, values(pair, TOOLS[0]), by=SYSTEM, since=FIRST)
    fetch_due(by=SYSTEM)
    assert float(month(again(made), "sessions")) == pytest.approx(expected(TOOLS[0]))


@one_of_them
def test_a_key_of_somebody_else_is_refused_until_it_is_renewed(
    connected: Connection, google: Google, pair: tuple[str, str], tool: Tool
) -> None:
    good, google.public_key = google.public_key, another_public_key()
    fetch_due(by=SYSTEM)
    row = again(connected)
    assert row.due_at is None and "Make a new one" in row.source.error
    google.public_key = good
    known = provider(tool.key)
    assert known is not None
    renew(row, known, values(pair, tool), by=SYSTEM)
    fetch_due(by=SYSTEM)
    assert again(connected).cursor == YESTERDAY


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"key": "not json"}, "not a key file"),
        ({"key": "{}"}, "not the key of a service account"),
        ({"key": '{"type": "service_account", "client_email": "a@b"}'}, "lacks private_key"),
        ({"account": "nonsense"}, "(property|site|account)"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(
    people: Cast, pair: tuple[str, str], tool: Tool, other: dict[str, str], says: str
) -> None:
    known = provider(tool.key)
    assert known is not None
    with pytest.raises(Refusal, match=f"(?i){says}"):
        connect(people.halden, known, values(pair, tool, **other), by=SYSTEM)
    assert not Connection.objects.exists() and not Source.objects.exists()


def test_one_account_is_connected_once_and_its_figures_outlive_it(
    connected: Connection, google: Google, pair: tuple[str, str], tool: Tool
) -> None:
    known = provider(tool.key)
    assert known is not None
    with pytest.raises(Refusal, match="connected for Halden Bikes already"):
        connect(connected.client, known, values(pair, tool), by=SYSTEM)
    fetch_due(by=SYSTEM)
    row = again(connected)
    assert pair[0].splitlines()[1] not in row.secret
    disconnect(row, by=SYSTEM)
    assert Source.objects.get().rows > 0 and not Connection.objects.exists()
    assert fetch_due(by=SYSTEM) == 0

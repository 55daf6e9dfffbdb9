"""Attribution equals brute force, keeps its invariants, and says what is wrong with a table."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution import asking, journeys, tables
from steadyhand.reporting.attribution.answering import answer
from steadyhand.reporting.attribution.ordering import by_user
from steadyhand.reporting.attribution.questions import MODELS, Question
from tests.reporting import brute_force as slow
from tests.reporting.brute_force import DAY, Conversion, Touch

START = 1_767_225_600_000_000  # 1 January 2026
HEURISTICS = ("first", "last", "last_non_direct", "linear", "time_decay", "position")


def asked(folder: Path, touches: list[Touch], conversions: list[Conversion], **more: Any) -> dict[str, Any]:
    """The answer to two tables, written as CSV."""
    rows = [(t.user, _time(t.time), t.channel, t.direct) for t in touches]
    touchpoints = write(folder / "touchpoints.csv", ["user", "time", "channel", "direct"], rows)
    sold = [(c.user, _time(c.time), c.value) for c in conversions]
    return answer(
        Question(
            str(touchpoints), str(write(folder / "conversions.csv", ["user", "time", "value"], sold)), **more
        )
    )


def write(path: Path, headings: list[str], rows: list[tuple[Any, ...]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def _time(microseconds: int) -> str:
    return (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=microseconds)).isoformat()


def world(seed: int, users: int = 60, channels: str = "ABCDEFG", most: int = 6) -> Any:
    """Users with several conversions, ties in time, touches before and after, some beyond the look-back."""
    chance = random.Random(seed)
    touches = [
        Touch(
            user,
            START + chance.randrange(60 * 24) * DAY // 24,
            channel,
            channel == "A" or chance.random() < 0.1,
        )
        for user in range(users)
        for channel in chance.choices(channels, k=chance.randrange(most))
    ]
    conversions = [
        Conversion(user, START + chance.randrange(60 * 24) * DAY // 24, chance.randrange(-5, 100) / 4)
        for user in chance.choices(range(users), k=users)
    ]
    chance.shuffle(touches)
    return touches, conversions


def close(got: dict[str, float], wanted: dict[str, float], within: float = 1e-9) -> None:
    for channel, amount in got.items():
        assert amount == pytest.approx(wanted.get(channel, 0), rel=within, abs=within), channel


class TestAgainstBruteForce:
    @pytest.mark.parametrize("seed", range(4))
    def test_every_model_equals_its_definition(self, tmp_path, seed):
        touches, conversions = world(seed)
        lookback, half_life = (30, 7) if seed % 2 else (12.5, 2.25)
        got = asked(tmp_path, touches, conversions, lookback=lookback, half_life=half_life)
        found, null = slow.paths_of(touches, conversions, lookback)
        channels = sorted({touch.channel for touch in touches})
        for model in HEURISTICS:
            close(got["models"][model]["credit"], slow.heuristic(found, model, half_life))
            close(got["models"][model]["value"], slow.heuristic(found, model, half_life, of_value=True))
        close(got["models"]["markov"]["credit"], slow.markov(found, null, channels))
        close(got["models"]["shapley"]["credit"], slow.shapley(found, channels))
        assert got["unattributed"] == sum(1 for _, path in found if not path) > 0
        assert got["null_paths"] == len(null) > 0
        assert list(got["models"]) == list(MODELS)

    def test_the_reports_count_what_is_on_the_paths(self, tmp_path):
        touches, conversions = world(9)
        got = asked(tmp_path, touches, conversions)
        found = [(conversion, path) for conversion, path in slow.paths_of(touches, conversions)[0] if path]
        for channel, said in got["assisted"].items():
            helped = [c for c, path in found if channel in {touch.channel for touch in path[:-1]}]
            assert said["conversions"] == len(helped)
            assert said["value"] == pytest.approx(sum(c.value for c in helped))
            assert said["last"] == sum(1 for _, path in found if path[-1].channel == channel)
        by_length = {row["touches"]: row["conversions"] for row in got["length"]}
        assert by_length == {n: sum(1 for _, p in found if len(p) == n) for n in {len(p) for _, p in found}}
        days = [(c.time - path[0].time) // DAY for c, path in found]
        assert {row["days"]: row["conversions"] for row in got["lag"]} == {d: days.count(d) for d in days}
        listed = {tuple(row["path"]): row["conversions"] for row in got["paths"]}
        names = [tuple(touch.channel for touch in path) for _, path in found]
        assert listed == {name: names.count(name) for name in names}

    def test_paths_beyond_a_word_and_users_in_parts_count_the_same(self, tmp_path, monkeypatch):
        touches, conversions = world(3, users=25, most=45)
        whole = asked(tmp_path, touches, conversions)
        monkeypatch.setattr(tables, "PART", 100)
        monkeypatch.setattr(journeys, "CHUNK", 50)
        parted = asked(tmp_path, touches, conversions)
        found, null = slow.paths_of(touches, conversions)
        for model in MODELS:
            close(parted["models"][model]["credit"], whole["models"][model]["credit"])
        close(whole["models"]["markov"]["credit"], slow.markov(found, null, list("ABCDEFG")))
        assert parted["length"] == whole["length"]

    @pytest.mark.parametrize("far", [10, 1 << 62, -(1 << 60)])
    def test_users_whose_names_begin_alike_are_told_apart(self, far):
        chance = np.random.default_rng(8)
        touching, converting = chance.integers(0, 9, 300), chance.integers(0, 9, 200)
        touching[17] = far  # leaves the others fewer bits than tell them apart
        touched, converted = by_user(touching, converting)
        for ordered, users in ((touched, touching), (converted, converting)):
            cuts = touched.cuts(20)
            parts = [ordered.between(*ends)[1] for ends in itertools.pairwise(cuts)]
            assert np.concatenate(parts).tolist() == np.argsort(users, kind="stable").tolist()
        for ends in itertools.pairwise(cuts):
            (names, place), (buyers, sold) = touched.between(*ends), converted.between(*ends)
            shared = set(names.tolist()) & set(buyers.tolist())
            assert len(shared) == len(set(touching[place].tolist()) & set(converting[sold].tolist()))

    @pytest.mark.parametrize("kinds", [20, 70])
    def test_many_channels_share_as_few_do(self, tmp_path, kinds):
        names = [chr(0x4E00 + n) for n in range(kinds)]
        touches, conversions = world(7, channels="".join(names))
        got = asked(tmp_path, touches, conversions)
        found = [(conversion, path) for conversion, path in slow.paths_of(touches, conversions)[0] if path]
        wanted = dict.fromkeys(names, 0.0)
        for _, path in found:
            on = {touch.channel for touch in path}
            for name in on:
                wanted[name] += 1 / len(on)
        close(got["models"]["shapley"]["credit"], wanted)
        for name, said in got["assisted"].items():
            assert said["conversions"] == sum(name in {t.channel for t in path[:-1]} for _, path in found)

    def test_users_may_be_words(self, tmp_path):
        touches, conversions = world(5)
        numbers = asked(tmp_path, touches, conversions)
        named = lambda row: row._replace(user=f"visitor {row.user}")  # noqa: E731
        words = asked(tmp_path, [named(t) for t in touches], [named(c) for c in conversions])
        for model in MODELS:
            close(words["models"][model]["credit"], numbers["models"][model]["credit"])


class TestTheRules:
    def test_both_ends_of_the_look_back_count_and_ties_keep_the_order_of_the_file(self, tmp_path):
        at = START + 40 * DAY
        touches = [
            Touch(1, at - 30 * DAY - 1, "too early"),
            Touch(1, at, "second at the end"),
            Touch(1, at, "third at the end"),
            Touch(1, at - 30 * DAY, "first"),
            Touch(1, at + 1, "too late"),
        ]
        got = asked(tmp_path, touches, [Conversion(1, at)])
        assert got["paths"][0]["path"] == ["first", "second at the end", "third at the end"]
        assert got["null_paths"] == 1

    def test_an_earlier_conversion_does_not_cut_a_path(self, tmp_path):
        touches = [Touch(1, START, "A"), Touch(1, START + 2 * DAY, "B")]
        got = asked(tmp_path, touches, [Conversion(1, START + DAY), Conversion(1, START + 3 * DAY)])
        assert {tuple(row["path"]) for row in got["paths"]} == {("A",), ("A", "B")}

    def test_a_path_of_direct_only_is_direct(self, tmp_path):
        touches = [Touch(1, START, "A", True), Touch(2, START, "A"), Touch(2, START + 1, "D", True)]
        got = asked(tmp_path, touches, [Conversion(1, START + 2), Conversion(2, START + 2)])
        assert got["models"]["last_non_direct"]["credit"] == {"A": 2, "D": 0}
        assert got["models"]["last"]["credit"] == {"A": 1, "D": 1}

    def test_without_a_column_for_it_direct_is_known_by_its_name(self, tmp_path):
        touchpoints = write(
            tmp_path / "t.csv",
            ["user", "time", "channel"],
            [(1, "2026-01-01", "Email"), (1, "2026-01-02", "(direct)")],
        )
        conversions = write(tmp_path / "c.csv", ["user", "time", "value"], [(1, "2026-01-03", 5)])
        got = answer(Question(str(touchpoints), str(conversions)))
        assert got["models"]["last_non_direct"]["value"]["Email"] == 5

    def test_only_conversions_of_the_period_count(self, tmp_path):
        touches = [Touch(1, START, "A")]
        conversions = [Conversion(1, START + n * DAY) for n in (1, 2, 3)]
        got = asked(tmp_path, touches, conversions, start="2026-01-03", end="2026-01-04")
        assert got["conversions"] == 1

    def test_few_conversions_say_how_sure_the_models_are(self, tmp_path):
        touches, conversions = world(1)
        got = asked(tmp_path, touches, conversions)
        for model in ("markov", "shapley"):
            for channel, (low, high) in got["intervals"][model].items():
                assert low <= got["models"][model]["credit"][channel] <= high or high - low < 3
            assert any(high > low for low, high in got["intervals"][model].values())
        assert got["intervals"] == asked(tmp_path, touches, conversions)["intervals"]


journeys_of_a_few = st.lists(
    st.tuples(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=6), st.booleans()),
    min_size=1,
    max_size=12,
).filter(lambda paths: any(converts for _, converts in paths))


def _tables(paths: list[tuple[list[str], bool]]) -> tuple[list[Touch], list[Conversion]]:
    touches = [
        Touch(u, START + n * DAY // 24, c) for u, (path, _) in enumerate(paths) for n, c in enumerate(path)
    ]
    return touches, [Conversion(u, START + 8 * DAY, 2.0) for u, (_, converts) in enumerate(paths) if converts]


class TestInvariants:
    @settings(max_examples=15, deadline=None)
    @given(paths=journeys_of_a_few)
    def test_credits_sum_to_conversions_and_a_renaming_permutes(self, tmp_path_factory, paths):
        folder = tmp_path_factory.mktemp("any")
        touches, conversions = _tables(paths)
        got = asked(folder, touches, conversions)["models"]
        renamed = dict(zip("ABCD", "zyxw", strict=True))
        other = asked(folder, [t._replace(channel=renamed[t.channel]) for t in touches], conversions)[
            "models"
        ]
        for model, said in got.items():
            assert sum(said["credit"].values()) == pytest.approx(len(conversions))
            assert sum(said["value"].values()) == pytest.approx(2 * len(conversions))
            close(other[model]["credit"], {renamed[c]: amount for c, amount in said["credit"].items()})

    @settings(max_examples=10, deadline=None)
    @given(paths=journeys_of_a_few, again=st.sampled_from("ABCD"))
    def test_a_channel_that_follows_itself_changes_no_removal_effect(self, tmp_path_factory, paths, again):
        folder = tmp_path_factory.mktemp("any")
        doubled = [([c for c in path for _ in range(1 + (c == again))], converts) for path, converts in paths]
        once = asked(folder, *_tables(paths))["models"]["markov"]["credit"]
        close(asked(folder, *_tables(doubled), lookback=60)["models"]["markov"]["credit"], once)


class TestBadInput:
    def test_a_missing_column_is_named_with_those_there_are(self, tmp_path):
        good = write(tmp_path / "c.csv", ["user", "time", "value"], [(1, "2026-01-01", 1)])
        bad = write(tmp_path / "t.csv", ["user", "when", "channel"], [(1, "2026-01-01", "A")])
        with pytest.raises(Refusal, match=r"t.csv has no column “time”; it has user, when, channel"):
            answer(Question(str(bad), str(good)))

    def test_a_file_that_is_no_table_and_one_that_is_not_there(self, tmp_path):
        good = write(tmp_path / "c.csv", ["user", "time", "value"], [(1, "2026-01-01", 1)])
        cut = tmp_path / "cut.parquet"
        cut.write_bytes(b"PAR1 and then nothing")
        with pytest.raises(Refusal, match=r"cut\.parquet cannot be read as a table"):
            answer(Question(str(cut), str(good)))
        with pytest.raises(Refusal, match="There is no file"):
            Question(str(tmp_path / "none.csv"), str(good))
        empty = tmp_path / "empty.csv"
        empty.write_text("")
        with pytest.raises(Refusal):
            answer(Question(str(empty), str(good)))

    def test_what_one_row_lacks_leaves_out_that_row_and_is_told(self, tmp_path):
        touchpoints = write(
            tmp_path / "t.csv",
            ["user", "time", "channel"],
            [(1, "2026-01-01", "A"), (1, "yesterday", "B"), ("", "2026-01-01", "C"), (2, "2026-01-01", "")],
        )
        conversions = write(
            tmp_path / "c.csv",
            ["user", "time", "value"],
            [(1, "2026-01-02", "-5"), (2, "2026-01-02", "much"), (3, "2026-01-02", "inf")],
        )
        got = answer(Question(str(touchpoints), str(conversions)))
        said = " ".join(got["notices"])
        assert got["models"]["last"]["credit"] == {"(not set)": 1, "A": 1}
        assert got["models"]["last"]["value"] == {"(not set)": 0, "A": -5}
        assert got["unattributed"] == 1
        assert "1 rows of t.csv name no user" in said
        assert "such as “yesterday”" in said
        assert "2 conversions have no value that can be read" in said
        assert "1 conversions have a negative value" in said

    def test_a_table_without_any_time_is_refused(self, tmp_path):
        good = write(tmp_path / "c.csv", ["user", "time", "value"], [(1, "2026-01-01", 1)])
        bad = write(tmp_path / "t.csv", ["user", "time", "channel"], [(1, "1/2/26", "A")])
        with pytest.raises(Refusal, match=r"No time in t.csv can be read; one is “1/2/26”"):
            answer(Question(str(bad), str(good)))

    def test_times_with_and_without_a_zone_mix(self, tmp_path):
        touchpoints = write(
            tmp_path / "t.csv",
            ["user", "time", "channel"],
            [(1, "2026-01-01 12:00:00", "UTC"), (1, "2026-01-01T12:30:00+01:00", "half an hour before")],
        )
        conversions = write(tmp_path / "c.csv", ["user", "time", "value"], [(1, "2026-01-01T12:00:00Z", 1)])
        got = answer(Question(str(touchpoints), str(conversions)))
        assert got["paths"][0]["path"] == ["half an hour before", "UTC"]

    def test_no_conversions_and_no_touches_at_all(self, tmp_path):
        got = asked(tmp_path, [Touch(1, START, "A"), Touch(2, START, "B")], [])
        assert got["models"]["markov"]["credit"] == {"A": 0, "B": 0}
        assert got["paths"] == [] and got["null_paths"] == 2
        assert "There are no conversions" in " ".join(got["notices"])
        got = asked(tmp_path, [], [Conversion(1, START)])
        assert got["unattributed"] == 1
        assert got["models"]["linear"]["credit"] == {}

    def test_one_channel_gets_all(self, tmp_path):
        got = asked(tmp_path, [Touch(u, START, "A") for u in range(3)], [Conversion(0, START)])
        assert all(said["credit"] == {"A": pytest.approx(1)} for said in got["models"].values())
        assert "one channel only" in " ".join(got["notices"])

    def test_a_path_of_ten_thousand_touches(self, tmp_path):
        touches = [Touch(1, START + n * 1_000_000, "ABC"[n % 3]) for n in range(10_000)]
        got = asked(tmp_path, touches, [Conversion(1, START + DAY, 9)])
        assert got["length"] == [{"touches": 10_000, "conversions": 1, "value": 9}]
        assert sum(got["models"]["linear"]["value"].values()) == pytest.approx(9)
        assert got["models"]["shapley"]["credit"]["B"] == pytest.approx(1 / 3)

    @pytest.mark.parametrize("days", [0, -3, 1e9, float("nan")])
    def test_a_look_back_that_is_none(self, tmp_path, days):
        with pytest.raises(Refusal, match="look-back"):
            asked(tmp_path, [], [], lookback=days)

    def test_a_half_life_far_below_the_age_of_touches(self, tmp_path):
        touches = [Touch(1, START, "A"), Touch(1, START + DAY, "B")]
        got = asked(tmp_path, touches, [Conversion(1, START + 20 * DAY)], half_life=0.0001)
        assert got["models"]["time_decay"]["credit"] == {"A": 0, "B": 1}


class TestAsking:
    def test_a_second_look_asks_no_child(self, tmp_path, monkeypatch):
        touches, conversions = world(2)
        whole = asked(tmp_path, touches, conversions)
        question = Question(str(tmp_path / "touchpoints.csv"), str(tmp_path / "conversions.csv"))
        first = asking.ask_once(question, tmp_path / "kept")
        assert first["models"]["last"] == whole["models"]["last"]
        monkeypatch.setattr(asking, "run_child", lambda *_, **__: pytest.fail("asked again"))
        assert asking.ask_once(question, tmp_path / "kept") == first

    def test_the_child_refuses_in_our_words(self, tmp_path):
        bad = write(tmp_path / "t.csv", ["who"], [])
        with pytest.raises(Refusal, match=r"t.csv has no column “user”") as refused:
            asking.ask(Question(str(bad), str(bad)))
        assert refused.value.remedy == "Name its columns user, time, channel."

"""The rules, asked of plain inputs: when they speak, when they keep silent, and that chance says nothing."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from steadyhand.playbook.content import Question, QuestionKind
from steadyhand.reporting.insights.catalogue import findings
from steadyhand.reporting.insights.facts import Assist, Facts
from steadyhand.reporting.insights.rules import RULES
from steadyhand.reporting.insights.words import Offer, prompts
from steadyhand.reporting.metrics import periods
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.metrics.reading import Figure

OCTOBER = periods.month(2026, 10)

#: value now, a month before, a year before
type Values = Mapping[str, tuple[float | None, float | None, float | None]]


def figure(key: str, now: float | None, month: float | None, year: float | None, **marks: Any) -> Figure:
    def exact(value: float | None) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    known: dict[str, Any] = {
        "currency": "GBP" if METRICS[key].money else "",
        "source": "Upload",
        "cut_off": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        "zone": "Europe/London",
        "provisional": False,
        "sampled": False,
        "until": OCTOBER.end,
    }
    return Figure(METRICS[key], OCTOBER, exact(now), exact(month), exact(year), **(known | marks))


def facts(values: Values, marks: Mapping[str, Any] | None = None, **more: Any) -> Facts:
    figures = {key: figure(key, *three, **(marks or {})) for key, three in values.items()}
    return Facts(OCTOBER, dt.date(2026, 11, 24), figures, **more)


BRAND: Values = {
    "conversion_rate": (0.036, 0.03, 0.03),
    "sessions": (20000, 20000, 20000),
    "conversions": (720, 600, 600),
    "impressions": (80000, 90000, 100000),
}
ROOM: Values = {
    "cpa": (20.0, 24.0, 25.0),
    "cost": (16000, 16000, 16000),
    "ad_conversions": (800, 666, 640),
}
LEADLESS: Values = {"ad_clicks": (1300, 1000, 1000), "leads": (40, 90, 90)}
PLACE: Values = {
    "position": (4.1, 5.2, 5.0),
    "ctr": (0.02, 0.03, 0.03),
    "impressions": (50000, 50000, 50000),
    "clicks": (1000, 1500, 1500),
}
TWELVE = {periods.shifted(OCTOBER, -back).start: Decimal(100) for back in range(13)}
CHRISTMAS = TWELVE | {dt.date(2025, 12, 1): Decimal(190)}
NEUTRAL: Values = {"conversions": (1000, 1000, 1000)}

SPEAKS: dict[str, tuple[Values, dict[str, Any]]] = {
    "brand-awareness": (BRAND, {}),
    "room-to-invest": (ROOM, {}),
    "one-channel": (
        NEUTRAL,
        {"channels": {"Paid search": Decimal(700), "Direct": Decimal(300)}},
    ),
    "clicks-without-leads": (LEADLESS, {}),
    "clicks-without-conversions": ({"ad_clicks": (1300, 1000, 1), "ad_conversions": (40, 90, 1)}, {}),
    "brand-searches": ({"clicks": (5000, 5000, 5000)}, {"brand": (Decimal("0.3"), Decimal("0.45"))}),
    "helping-channel": (
        {},
        {"assists": (Assist("Social", Decimal("0.4"), Decimal("0.05"), Decimal(300)),)},
    ),
    "place-without-clicks": (PLACE, {}),
    "season-returns": (NEUTRAL, {"months": {"conversions": CHRISTMAS}}),
    "dearer-clicks": ({"cpc": (1.5, 1.2, 1.0), "cost": (900, 1, 800), "ad_clicks": (600, 1, 800)}, {}),
    "larger-orders": ({"revenue": (12000, 1, 10000), "transactions": (200, 1, 300)}, {}),
    "visits-without-interest": (
        {
            "sessions": (13000, 1, 10000),
            "engagement_rate": (0.4, 0.5, 0.5),
            "engaged_sessions": (5200, 1, 5000),
        },
        {},
    ),
}

#: The same with one thing changed, so that nothing is to be said.
SILENT: dict[str, tuple[str, Values, dict[str, Any]]] = {
    "impressions rose": ("brand-awareness", {**BRAND, "impressions": (120000, 1, 100000)}, {}),
    "too few impressions": ("brand-awareness", {**BRAND, "impressions": (800, 1, 1000)}, {}),
    "too few conversions for the rate": (
        "brand-awareness",
        {**BRAND, "conversions": (36, 30, 30), "sessions": (1000, 1000, 1000)},
        {},
    ),
    "nothing a year ago": ("brand-awareness", {**BRAND, "impressions": (80000, 90000, None)}, {}),
    "more was spent": ("room-to-invest", {**ROOM, "cost": (21000, 16000, 16000)}, {}),
    "the fall is chance": ("room-to-invest", {**ROOM, "ad_conversions": (46, 40, 40)}, {}),
    "channels for a part only": ("one-channel", NEUTRAL, {"channels": {"A": Decimal(390), "B": Decimal(1)}}),
    "exactly half": ("one-channel", NEUTRAL, {"channels": {"A": Decimal(500), "B": Decimal(500)}}),
    "a handful of leads": ("clicks-without-leads", {**LEADLESS, "leads": (3, 9, 9)}, {}),
    "the place got worse": ("place-without-clicks", {**PLACE, "position": (6.0, 5.2, 5.0)}, {}),
    "few paths": (
        "helping-channel",
        {},
        {"assists": (Assist("Social", Decimal("0.4"), Decimal("0.05"), Decimal(20)),)},
    ),
    "an even year": ("season-returns", NEUTRAL, {"months": {"conversions": TWELVE}}),
    "ten months only": (
        "season-returns",
        NEUTRAL,
        {"months": {"conversions": dict(list(CHRISTMAS.items())[:10])}},
    ),
    "the name is searched as ever": (
        "brand-searches",
        {"clicks": (5000, 5000, 5000)},
        {"brand": (Decimal("0.42"), Decimal("0.45"))},
    ),
}


@pytest.mark.parametrize("key", sorted(SPEAKS))
def test_it_speaks_asks_and_brings_its_numbers(key: str) -> None:
    values, more = SPEAKS[key]
    found = {one.rule: one for one in findings(facts(values, **more))}[key]
    assert "?" in found.question and found.says.endswith(".") and found.advice
    assert found.period == "2026-10" and found.page
    assert found.numbers and all(number.label and number.now and number.source for number in found.numbers)
    assert 0 < found.weight < 10


@pytest.mark.parametrize("why", sorted(SILENT))
def test_it_keeps_silent(why: str) -> None:
    key, values, more = SILENT[why]
    assert key not in [one.rule for one in findings(facts(values, **more))]


def test_every_rule_is_tried_here_and_says_when_it_speaks() -> None:
    assert SPEAKS.keys() == RULES.keys() and len(RULES) >= 8
    assert all(each.when and each.title for each in RULES.values())
    assert RULES["brand-awareness"].floor == "at least 5,000 search impressions and 30 conversions"


def test_the_docs_state_each_rule_as_it_is() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "insights.md").read_text(encoding="utf-8")
    missing = [
        each.key for each in RULES.values() if f"{each.title} | {each.when} | {each.floor or '–'}" not in docs
    ]
    assert not missing, "write them into docs/insights.md"


@pytest.mark.parametrize("key", sorted(set(SPEAKS) - {"helping-channel"}))
def test_provisional_figures_say_nothing(key: str) -> None:
    values, more = SPEAKS[key]
    assert findings(facts(values, {"provisional": True}, **more)) == []


def test_sampled_figures_are_said_to_be_sampled() -> None:
    found = findings(facts(BRAND, {"sampled": True}))[0]
    assert found.says.endswith("counted from samples.") and all(n.sampled for n in found.numbers)


def test_the_numbers_are_those_of_the_pages() -> None:
    rate, seen = findings(facts(BRAND))[0].numbers
    assert (rate.label, rate.now, rate.then, rate.change) == ("Conversion rate", "3.6%", "3.0%", "+20%")
    assert (seen.now, seen.then, seen.tone) == ("80,000", "100,000", "act")
    assert (seen.period, seen.compared) == ("October 2026", "October 2025")


def test_chance_alone_says_next_to_nothing() -> None:
    """Small clients whose true levels never change: what moves is chance."""
    spoken = 0
    for seed in range(200):
        chance = random.Random(seed)  # invented figures

        def count(mean: float, chance: random.Random = chance) -> float:
            return max(0, round(chance.gauss(mean, mean**0.5)))

        sums = {
            key: (count(mean), count(mean), count(mean))
            for key, mean in {
                "sessions": 1200,
                "conversions": 35,
                "impressions": 6000,
                "clicks": 320,
                "ad_clicks": 600,
                "ad_conversions": 40,
                "leads": 25,
                "transactions": 60,
            }.items()
        }
        values: dict[str, Any] = {**sums, "cost": (900, 900, 900), "revenue": (5000, 5000, 5000)}
        for key, over, under in (
            ("conversion_rate", "conversions", "sessions"),
            ("ctr", "clicks", "impressions"),
            ("cpa", "cost", "ad_conversions"),
            ("cpc", "cost", "ad_clicks"),
        ):
            values[key] = tuple(round(a / b, 4) for a, b in zip(values[over], values[under], strict=True))
        spoken += len(findings(facts(values)))
    assert spoken <= 4


def test_words_end_in_a_question_and_name_the_goal() -> None:
    trouble = Question.model_construct(key="problems-now", kind=QuestionKind.DISCOVERY)
    offers = [Offer("exhibition stands", "A following around trade shows.", ""), Offer("seo", "Search.", "")]
    said = [(trouble, "Trade shows cost us a fortune.")]
    one = prompts(said, offers, ["SEO"], "20% more bikes by 31 December 2026")[0]
    assert one.rule == "offer-exhibition-stands" and one.ask.endswith("?")
    assert "Trade shows cost us a fortune." in one.ask and "20% more bikes" in one.ask
    assert prompts(said, offers, ["Exhibition stands"]) == []

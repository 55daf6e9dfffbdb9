"""Prompts as rows: made by the night once, said, dismissed with a reason, opened as an opportunity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from steadyhand.clients.discovery import answer_question
from steadyhand.clients.models import Client
from steadyhand.clients.sectors import describe_offer
from steadyhand.comms.calls.holding import begin_call
from steadyhand.comms.models import Call
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.growth.opportunities import drop_opportunity, open_opportunity
from steadyhand.people.models import Member
from steadyhand.reporting.insights import facts as reading
from steadyhand.reporting.insights import making, saying
from steadyhand.reporting.insights.facts import Assist
from steadyhand.reporting.insights.making import make_for, make_insights
from steadyhand.reporting.metrics import periods, store, wording
from steadyhand.reporting.metrics.reading import figures
from steadyhand.reporting.models import Insight, InsightState, Source
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.reporting.reporting_world import measure

pytestmark = pytest.mark.django_db

#: A day's value in October 2026, September 2026 and October 2025: more buy, fewer see them.
FEWER_SEE = {
    "sessions": (700.0, 700.0, 700.0),
    "conversions": (28.0, 22.0, 20.0),
    "impressions": (2000.0, 2500.0, 2900.0),
    "cost": (100.0, 100.0, 100.0),
}


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        made = casting.build(planned=False)
        measure(made.halden, FEWER_SEE)
        yield made


def prompt_of(world: Cast, rule: str = "brand-awareness") -> Insight:
    make_for(world.halden)
    return Insight.objects.get(client=world.halden, rule=rule)


def call_with(client: Client, member: Member) -> Call:
    return begin_call(client, by=member.actor, member=member)


def test_the_night_makes_one_row_for_client_rule_and_period(world: Cast) -> None:
    assert make_insights() == 1
    row = Insight.objects.get()
    assert (row.client, row.rule, row.period, row.state) == (
        world.halden,
        "brand-awareness",
        "2026-10",
        "open",
    )
    assert [number["label"] for number in row.numbers] == ["Conversion rate", "Search impressions"]
    assert row.numbers[1]["source"] == "Upload" and row.numbers[1]["compared"] == "October 2025"
    assert row.seen_at == "/clients/halden-bikes/figures/?period=2026-10"
    assert make_insights() == 0
    assert Insight.objects.count() == Event.objects.filter(verb="insight.found").count() == 1


def test_its_numbers_are_the_figures_pages(world: Cast) -> None:
    row = prompt_of(world)
    told = figures(world.halden, ["conversion_rate", "impressions"], periods.month(2026, 10))
    assert [n["now"] for n in row.numbers] == [wording.value(f.metric, f.value) for f in told]


def test_revised_figures_renew_it_or_let_it_pass(world: Cast) -> None:
    row = prompt_of(world)
    day = dt.date(2026, 10, 1)
    store.write(
        world.halden.pk, [store.Observation("csv", "impressions", day, 900.0)], at=NOW + dt.timedelta(hours=1)
    )
    assert make_for(world.halden) == 0
    before, row = row.numbers, Insight.objects.get()
    assert row.state == "open" and row.numbers != before
    many = [store.Observation("csv", "impressions", dt.date(2026, 10, n), 9000.0) for n in range(1, 32)]
    store.write(world.halden.pk, many, at=NOW + dt.timedelta(hours=2))
    make_for(world.halden)
    assert Insight.objects.get().state == InsightState.PASSED


def test_provisional_days_make_no_prompt(world: Cast) -> None:
    Source.objects.update(complete_until=dt.date(2026, 10, 20))
    assert make_for(world.halden) == 0


def test_a_client_without_figures_asks_no_child(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(asked: object) -> None:
        raise AssertionError("a child was asked")

    monkeypatch.setattr(store, "_ask", refuse)
    assert make_for(world.orbit) == 0


def test_one_client_is_one_child_run(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    child = store._ask

    def noted(question: Mapping[str, Any]) -> Any:
        asked.append(question)
        return child(question)

    monkeypatch.setattr(store, "_ask", noted)
    store.forget_answers(world.halden.pk)
    make_for(world.halden)
    reading.read_facts(world.halden)
    assert len(asked) == 1


def test_paths_that_were_brought_in_speak_too(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [Assist("Social", Decimal("0.4"), Decimal("0.05"), Decimal(300), "August 2026")]
    monkeypatch.setattr(making, "assists_of", lambda client: tuple(lines))
    make_for(world.halden)
    row = Insight.objects.get(rule="helping-channel")
    assert row.seen_at == "/clients/halden-bikes/paths/" and row.numbers[0]["period"] == "August 2026"


def test_dismissed_with_a_reason_its_rule_is_quiet_for_half_a_year(world: Cast) -> None:
    row, by = prompt_of(world), world.jody.actor
    with pytest.raises(Refusal, match="Say why"):
        saying.dismiss_insight(row, "  ", by=by)
    row = saying.dismiss_insight(row, "They closed the shop in Leeds.", by=by)
    assert row.quiet_until == NOW.date() + dt.timedelta(days=180)
    make_for(world.halden)
    Insight.objects.update(period="2026-09")  # as if it had been a month ago
    make_for(world.halden)
    assert Insight.objects.count() == 1
    Insight.objects.update(quiet_until=NOW.date())
    make_for(world.halden)
    assert Insight.objects.filter(state="open", period="2026-10").count() == 1


def test_planned_then_said_in_a_call_and_taken_back(world: Cast) -> None:
    row, by = prompt_of(world), world.jody.actor
    saying.plan_insight(row, by=by)
    make_for(world.halden)
    call = call_with(world.halden, world.jody)
    used = saying.use_insight(row, call, by=by)
    assert (used.state, used.call, used.settled_at) == ("used", call, NOW)
    with pytest.raises(Refusal, match="said already"):
        saying.use_insight(row, call, by=by)
    again = saying.reopen_insight(row, by=by)
    assert (again.state, again.call, again.quiet_until) == ("open", None, None)
    verbs = list(
        Event.objects.filter(verb__startswith="insight.").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["insight.found", "insight.planned", "insight.used", "insight.reopened"]


def test_a_call_with_somebody_else_does_not_use_it(world: Cast) -> None:
    row = prompt_of(world)
    with pytest.raises(Refusal, match="another client"):
        saying.use_insight(row, call_with(world.orbit, world.jody), by=world.jody.actor)


def test_strangers_leave_it_alone(world: Cast) -> None:
    row, stranger = prompt_of(world), casting.joined("Hedda Kvist", world.sam.role)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="account team"):
        saying.plan_insight(row, by=stranger.actor)
    with pytest.raises(Refusal, match="account team"):
        open_opportunity(row, by=stranger.actor)


def test_it_becomes_an_opportunity_and_comes_back_with_it(world: Cast) -> None:
    row, by = prompt_of(world), world.jody.actor
    chance = open_opportunity(row, by=by, owner=world.jody)
    row.refresh_from_db()
    assert (row.state, chance.insight, chance.text) == ("taken", row, row.says)
    with pytest.raises(Refusal, match="an opportunity already"):
        open_opportunity(row, by=by)
    drop_opportunity(chance, by=by)
    row.refresh_from_db()
    assert row.state == "open"
    assert open_opportunity(row, by=by).pk != chance.pk


def test_their_words_make_prompts_too(world: Cast) -> None:
    describe_offer(
        "Exhibition stands", what="We build a following around trade shows.", by=world.keiran.actor
    )
    answer_question(world.orbit, "problems-now", "Trade shows cost us a fortune.", by=world.jody.actor)
    assert make_for(world.orbit) == 1
    row = world.orbit.insights.get()
    assert (row.rule, row.period, row.service) == ("offer-exhibition-stands", "2026-Q4", "Exhibition stands")
    assert row.question.endswith("?") and row.weight == Decimal("0.150")
    assert make_for(world.orbit) == 0


def test_what_one_may_not_see_is_not_there(world: Cast) -> None:
    prompt_of(world)
    stranger = casting.joined("Hedda Kvist", world.sam.role)  # type: ignore[arg-type]
    assert not Insight.objects.visible_to(stranger.actor).exists()
    assert Insight.objects.visible_to(world.jody.actor).count() == 1

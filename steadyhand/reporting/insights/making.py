"""The night's duty: what the rules find becomes one row for client, rule and period (R8).

Safe to repeat and to kill: each client is one transaction, and the same finding again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from steadyhand.clients.models import Client, Discovery, ServiceOffer
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.models import Goal
from steadyhand.playbook.models import Version
from steadyhand.reporting.attribution.importing import newest
from steadyhand.reporting.attribution.reading import paths_page
from steadyhand.reporting.insights.catalogue import findings
from steadyhand.reporting.insights.facts import Assist, Number, read_facts
from steadyhand.reporting.insights.rules import Found
from steadyhand.reporting.insights.words import Offer, Prompt, prompts
from steadyhand.reporting.metrics import periods
from steadyhand.reporting.models import Insight, InsightState, JourneyImport, Source

log = logging.getLogger(__name__)

BY = Actor.system("insights")

#: Prompts of one client's figures that stand beside each other at most, the strongest first.
MOST = 5

#: What is said of a prompt from words weighs less than what the figures shout.
WORDS_WEIGH = Decimal("0.15")


def make_insights() -> int:
    """Ask the rules about every client; how many prompts are new. A client that cannot be read is left."""
    made = 0
    for client in _clients():
        try:
            made += make_for(client)
        except Refusal as refusal:
            log.warning("no prompts for %s: %s", client.ref, refusal)
    return made


def make_for(client: Client) -> int:
    """Ask the rules about one client and keep what they find; how many prompts are new."""
    found = [*_from_figures(client), *from_words(client)]
    with transaction.atomic():
        Client.objects.select_for_update().get(pk=client.pk)
        return _keep(client, found)


def _clients() -> Iterable[Client]:
    """Those we look after who have figures, paths or words of their own."""
    mine = (Source, JourneyImport, Discovery)
    known = Q()
    for table in mine:
        known |= Q(Exists(table._default_manager.filter(client=OuterRef("pk"))))
    return Client.objects.live().filter(known).order_by("pk")


def _from_figures(client: Client) -> list[Found]:
    facts = read_facts(client)
    return [] if facts is None else findings(replace(facts, assists=assists_of(client)))


def assists_of(client: Client) -> tuple[Assist, ...]:
    """What the client's paths of the last ninety days say of each channel; nothing where there are none."""
    if newest(client) is None:
        return ()
    try:
        page = paths_page(client)
    except Refusal:
        return ()
    if page is None or page.with_path <= 0:
        return ()
    total = Decimal(page.with_path)
    period = periods.said(periods.days(page.choice.start, page.choice.end))
    return tuple(
        Assist(
            one.channel,
            ((one.assisted + one.last) / total).quantize(Decimal("0.001")),
            (one.last / total).quantize(Decimal("0.001")),
            total,
            period,
        )
        for one in page.assists
    )


def from_words(client: Client) -> list[Found]:
    """What their own words suggest: a goal and a frustration that a service of ours would meet."""
    version = Version.live()
    questions = {question.key: question for question in version.policy.content.questions} if version else {}
    rows = client.discovery.standing().values_list("question_key", "answer")
    answers = [(questions[key], text) for key, text in rows if key in questions]
    if not answers:
        return []
    offers = ServiceOffer.objects.standing().values_list("key", "what", "brings")
    running = client.engagements.running(clock.today(client.zone))
    bought = [name for name in running.values_list("services__name", flat=True) if name]
    found = prompts(answers, [Offer(*row) for row in offers], bought, goal_of(client))
    return [_in_words(prompt, clock.today(client.zone)) for prompt in found]


def goal_of(client: Client) -> str:
    """The goal that is due next, as it was agreed: what, how much, by when; "" without one."""
    goal = Goal.objects.filter(client=client).open().first()
    if goal is None:
        return ""
    measure = f", {goal.measure}" if goal.measure else ""
    until = f", by {goal.due_on.day} {goal.due_on:%B %Y}" if goal.due_on else ""
    return f"{goal.text.rstrip('.')}{measure}{until}"


def _in_words(prompt: Prompt, today: dt.date) -> Found:
    goal = f" Their goal: “{prompt.goal}”" if prompt.goal else ""
    return Found(
        says=f"They said: “{prompt.frustration}”{goal}",
        question=prompt.ask,
        advice=f"Bring one example of what {prompt.service} did for somebody with the same trouble.",
        weight=WORDS_WEIGH,
        numbers=tuple(
            Number(label, text) for label, _, text in (line.partition(": ") for line in prompt.because)
        ),
        rule=prompt.rule,
        period=f"{today:%Y}-Q{(today.month + 2) // 3}",
        page="knowledge/",
        service=prompt.service,
    )


def _keep(client: Client, found: list[Found]) -> int:
    """Rows for what was found; what no longer holds passes, what people settled stays as they left it."""
    rows = list(Insight.objects.filter(client=client))
    known = {(row.rule, row.period): row for row in rows}
    today = clock.today(client.zone)
    quiet = {row.rule for row in rows if row.is_planned or (row.quiet_until and row.quiet_until > today)}
    wanted = [one for one in found if one.rule not in quiet or (one.rule, one.period) in known]
    spoken: set[tuple[str, str]] = set()
    new, standing = 0, 0
    for one in wanted:
        row = known.get((one.rule, one.period))
        if row is not None and not row.is_standing and row.state != InsightState.PASSED:
            continue
        if standing >= MOST or (row is not None and row.state == InsightState.PASSED and one.rule in quiet):
            continue
        standing += 1
        spoken.add((one.rule, one.period))
        if row is None:
            _found(client, one)
            new += 1
        else:
            _renew(row, one)
    for row in rows:
        if row.state == InsightState.OPEN and (row.rule, row.period) not in spoken:
            row.state = InsightState.PASSED
            row.save(update_fields=["state"])
    return new


def _found(client: Client, one: Found) -> Insight:
    insight = Insight.objects.create(
        client=client, rule=one.rule, period=one.period, made_at=clock.now(), **_values(one)
    )
    events.record(
        "insight.found",
        by=BY,
        client_id=client.pk,
        subject=insight,
        text=insight.question,
        says=insight.says,
        rule=insight.rule,
    )
    return insight


def _renew(row: Insight, one: Found) -> None:
    """The same prompt with the numbers of today."""
    values = _values(one)
    if row.state == InsightState.PASSED:
        values["state"] = InsightState.OPEN
    if any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))


def _values(one: Found) -> dict[str, object]:
    return {
        "question": one.question[:600],
        "says": one.says[:600],
        "advice": one.advice[:400],
        "service": one.service,
        "numbers": [number.as_json() for number in one.numbers],
        "page": one.page,
        "weight": min(one.weight, Decimal(99)).quantize(Decimal("0.001")),
    }

"""The demo agency's own playbook: what ships, changed once, and a third version in the making."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from steadyhand.core.actor import Actor
from steadyhand.exchange.demo.world import World
from steadyhand.playbook import publishing
from steadyhand.playbook.adoption import tick_step
from steadyhand.playbook.bands import money
from steadyhand.playbook.documents import Document, dumps, shipped
from steadyhand.playbook.models import AdoptionTick, Version
from steadyhand.playbook.policy import Policy

NAME = "northwind"
TITLE = "Northwind playbook"
ABOUT = "How we look after clients: reporting and calls follow what a client spends, and nobody is forgotten."

#: Steps of taking it on that were ticked by hand: how many days ago, which, by whom, and the line beside it.
TICKED = (
    (-47, "pitch-process", "ruth", "Callum brings client services in before the second meeting."),
    (-40, "structure-shared", "imogen", "Shown at the all-hands; nine questions, all answered since."),
    (
        -26,
        "activity-dashboards",
        "marcus",
        "For the third band and above. Two clients have seen theirs since October.",
    ),
    (-12, "reporting-process", "imogen", "Walked one report with Leo; the figures now arrive a day earlier."),
    (-5, "commercial-strategy", "ruth", ""),
)


def adopt(currency: str, *, by: Actor) -> Version:
    """Version 1: the shipped framework under the agency's own name."""
    return publishing.publish_text(_text(_first(currency)), by=by, note="The framework, as it ships.")


def revise(currency: str, *, by: Actor) -> Version:
    """Version 2: reports of the middle band earlier in the month, and a larger surprise."""
    pot = money(Decimal(75), currency)
    note = f"Reports of mid-size clients on working day 3, with the figures; {pot} to surprise one client."
    return publishing.publish_text(_text(_second(currency)), by=by, note=note)


def draft_next(version: Version, currency: str, *, by: Actor) -> None:
    """A draft of version 3: longer calls and fewer reports for the largest banded clients."""
    draft = publishing.start_draft(version.playbook, by=by)
    publishing.edit_draft(draft, _text(_third(currency)), revision=draft.revision, by=by)


def latest() -> Version:
    """The version published last."""
    return Version.objects.select_related("playbook").filter(playbook__name=NAME).latest("number")


def _text(policy: Policy) -> str:
    return dumps(Document(policy, extends="framework"))


def _first(currency: str) -> Policy:
    return shipped("framework").policy.having(name=NAME, title=TITLE, about=ABOUT, currency=currency)


def _second(currency: str) -> Policy:
    policy = _first(currency)
    matrix = policy.model_dump()["retainer_matrix"]
    matrix[1]["report"]["on"] = "working day 3"
    pot = {**policy.surprise_pot.model_dump(), "monthly_amount": Decimal(75)}
    return policy.having(retainer_matrix=matrix, surprise_pot=pot)


def _third(currency: str) -> Policy:
    policy = _second(currency)
    matrix = policy.model_dump()["retainer_matrix"]
    matrix[0]["call"]["minutes"] = 30
    matrix[3]["report"] |= {"cadence": "fortnightly", "minutes": 90}
    matrix[3]["call"]["minutes"] = 60
    return policy.having(retainer_matrix=matrix)


def take_on(world: World) -> None:
    """What was ticked by hand since, each step in its own week."""

    def tick(key: str, who: str, note: str) -> None:
        made = tick_step(key, by=world.team[who].actor, note=note)
        world.made.setdefault(AdoptionTick._meta.label_lower, []).append(made.pk)

    for days, key, who, note in TICKED:
        world.plan(world.moment(world.working(days), "11:20"), partial(tick, key, who, note))

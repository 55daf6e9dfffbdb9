"""The demo agency's own playbook: what ships, changed once, and a third version in the making."""

from __future__ import annotations

from decimal import Decimal

from steadyhand.core.actor import Actor
from steadyhand.playbook import publishing
from steadyhand.playbook.bands import money
from steadyhand.playbook.documents import Document, dumps, shipped
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import Policy

NAME = "northwind"
TITLE = "Northwind playbook"
ABOUT = "How we look after clients: reporting and calls follow what a client spends, and nobody is forgotten."


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

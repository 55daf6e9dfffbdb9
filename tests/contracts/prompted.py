"""Prompts of one client in the contract world: one to be said, one planned, one dismissed."""

from __future__ import annotations

from steadyhand.clients.models import Client
from steadyhand.reporting.insights import saying
from steadyhand.reporting.models import Insight
from tests import cast
from tests.cast import SYSTEM


def prompted(client: Client) -> None:
    """As the night's duty makes them, named by the client's word."""
    word = client.name.split()[0]
    for rule in ("brand-awareness", "one-channel", "dearer-clicks"):
        Insight.objects.create(
            client=client,
            rule=rule,
            period="2026-10",
            question=f"Is {word} known ({rule})?",
            says=f"{word} is seen less.",
            advice=f"Look at {word}'s name in search.",
            numbers=[{"label": f"{word} seen", "now": "80", "then": "100", "source": f"{word} shop"}],
            page="figures/?period=2026-10",
            weight="0.5",
            made_at=cast.NOW,
        )
    saying.plan_insight(client.insights.get(rule="one-channel"), by=SYSTEM)
    saying.dismiss_insight(client.insights.get(rule="dearer-clicks"), f"{word} knows", by=SYSTEM)


def prompt_number(name: str, client: Client) -> int | None:
    """Of a client's prompts, the one that an address of this name is about; None for names of others."""
    if not name.startswith("insight-"):
        return None
    rule = {"insight-agenda-removal": "one-channel", "insight-dismissal-removal": "dearer-clicks"}
    return client.insights.get(rule=rule.get(name, "brand-awareness")).pk

"""A playbook that ships, taken as a draft."""

from __future__ import annotations

import pytest

from steadyhand.core import agency
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Event
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.playbook.adopting import draft_shipped
from steadyhand.playbook.documents import loads, shipped
from steadyhand.playbook.models import Draft, Playbook, Version
from steadyhand.playbook.publishing import adopt_shipped, discard, publish, start_draft

pytestmark = pytest.mark.django_db
JODY = Actor(ActorKind.MEMBER, 7, "Jody Marsh", frozenset({"edit_playbook"}))


@pytest.fixture(autouse=True)
def live() -> Version:
    agency.found(by=JODY, name="Northwind", currency="GBP")
    return adopt_shipped("framework", "GBP", by=JODY)


def test_it_keeps_its_figures_in_our_currency_and_publishes_nothing(live: Version) -> None:
    draft = draft_shipped("concierge", "GBP", by=JODY)
    assert loads(draft.document).policy == shipped("concierge").policy.having(currency="GBP")
    assert Version.live() == live
    assert Event.objects.order_by("pk").last().verb == "playbook.draft_started"  # type: ignore[union-attr]
    assert publish(draft, by=JODY).playbook.name == "concierge"


def test_the_live_playbook_can_be_taken_back_to_what_ships(live: Version) -> None:
    start_draft(live.playbook, by=JODY)
    with pytest.raises(Conflict, match="Jody Marsh has a draft of Framework open"):
        draft_shipped("framework", "GBP", by=JODY)
    discard(Draft.objects.get(), by=JODY)
    assert draft_shipped("framework", "GBP", by=JODY).playbook == live.playbook


def test_what_does_not_ship_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(Refusal, match="No playbook called “ours” ships"):
        draft_shipped("ours", "GBP", by=JODY)
    assert list(Playbook.objects.values_list("name", flat=True)) == ["framework"]

"""A change is planned as soon as it is committed, where somebody is looking."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction

from steadyhand.clients import engagements
from steadyhand.commitments.kinds import State
from steadyhand.commitments.planning import plan_book
from steadyhand.commitments.reactions import planning_at_once
from steadyhand.core import agency
from steadyhand.playbook.publishing import adopt_shipped
from tests.cast import NOW, SYSTEM, retained

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        agency.found(by=SYSTEM)
        adopt_shipped("framework", "GBP", by=SYSTEM)
        yield


def test_changes_that_were_rolled_back_do_not_hold_up_the_next_one():
    clients = [retained(f"Client {n}", 900, lead=None) for n in range(5)]
    plan_book()
    with planning_at_once():
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            for client in clients[1:]:
                engagements.change_spend(client.engagements.get(), Decimal(3000), by=SYSTEM)
            raise KeyboardInterrupt
        engagements.change_spend(clients[0].engagements.get(), Decimal(3000), by=SYSTEM)
    weekly = clients[0].commitments.filter(rule="call", state=State.OPEN)
    assert weekly.count() == 13


def test_outside_of_a_page_the_planner_is_left_to_it():
    client = retained("Halden", 900, lead=None)
    assert not client.commitments.exists()

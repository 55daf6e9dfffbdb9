"""What publishing would change, before it is published (B1)."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine

from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.commitments.previewing import lines, preview
from steadyhand.core import agency
from steadyhand.people import members
from steadyhand.playbook import publishing
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import Policy
from tests.cast import NOW, SYSTEM, retained

pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    """Three clients under one lead: monthly, fortnightly and weekly calls."""
    with time_machine.travel(NOW, tick=False):
        agency.found(by=SYSTEM)
        publishing.adopt_shipped("framework", "GBP", by=SYSTEM)
        jody = members.add_member("jody@northwind.test", by=SYSTEM)
        for amount in (900, 1200, 2400):
            retained(f"Client {amount}", amount, lead=jody)
        plan_book()
        yield jody


def weekly_for_the_second_band() -> Policy:
    version = Version.live()
    assert version is not None
    content = version.policy.model_dump(mode="json")
    content["retainer_matrix"][1]["call"]["cadence"] = "weekly"
    return Policy.model_validate(content)


def test_nothing_changed_previews_as_nothing(book):
    version = Version.live()
    assert version is not None
    result = preview(version.policy)
    assert (result.clients, result.clients_changed, result.appear, result.go) == (3, 0, 0, 0)
    assert result.changes == [] and result.pushed_over == []


def test_it_names_who_gains_and_counts_what_publishing_then_does(book):
    policy = weekly_for_the_second_band()
    result = preview(policy)
    assert result.clients_changed == 1
    (change,) = result.changes
    assert change.label == "call" and change.before.startswith("fortnightly") and change.gains
    assert change.clients == [("client-1200", "Client 1200")]
    assert result.roles["Account manager"].change > 0
    version = Version.live()
    assert version is not None
    Version.objects.create(
        playbook=version.playbook,
        number=2,
        document="",
        content=policy.model_dump(mode="json"),
        digest=policy.digest,
        published_at=NOW,
        published_by="tests",
    )
    run = plan_book()
    assert (result.appear, result.go) == (run.made, run.withdrawn)


def test_it_says_who_goes_over_capacity(book):
    members.change_member(book, by=SYSTEM, weekly_hours=Decimal("1.0"))
    result = preview(weekly_for_the_second_band())
    assert [person.name for person in result.pushed_over] == ["Jody"]
    assert result.pushed_over[0].over_by > 0
    assert any("over capacity" in line for line in lines(result))


def test_it_writes_nothing(book):
    before = list(Commitment.objects.values_list("pk", "changed_at"))
    preview(weekly_for_the_second_band())
    assert list(Commitment.objects.values_list("pk", "changed_at")) == before


def test_it_names_only_clients_one_may_see(book):
    other = members.add_member("sam@northwind.test", by=SYSTEM)
    result = preview(weekly_for_the_second_band(), visible_to=other.actor)
    assert result.changes[0].count == 1 and result.changes[0].clients == []


def test_retiering_is_counted(book):
    version = Version.live()
    assert version is not None
    content = version.policy.model_dump(mode="json")
    content["tiers"][2]["at_least"] = "2500"
    result = preview(Policy.model_validate(content))
    assert result.tiers == {(3, 4): 1}

"""Our leads beside what they experience: the rule on plain rows, and the advice by what they told us."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine

from steadyhand.reporting.models import LeadQuality, Source, Worth
from steadyhand.reporting.reports.crm import Crm, crm_of
from steadyhand.reporting.reports.lead_gap import OurCount, our_count, reasons_of
from tests.cast import NOW, build
from tests.onboarding.filled import returned, sent_to_maya

UP, LEVEL, DOWN = Decimal("0.2"), Decimal(0), Decimal("-0.2")


def said(worth: Worth, seen: int | None = None) -> LeadQuality:
    return LeadQuality(name="Maya", worth=worth, seen=seen, counted=40)


@pytest.mark.parametrize(
    ("ours", "answers", "gap"),
    [
        (OurCount(40, UP, False), [said(Worth.FEW)], True),
        (OurCount(40, DOWN, True), [said(Worth.NONE)], True),
        (OurCount(40, DOWN, False), [said(Worth.NONE)], False),
        (OurCount(40, LEVEL, False), [said(Worth.NONE)], False),
        (OurCount(40, None, False), [said(Worth.NONE)], False),
        (OurCount(40, UP, True), [said(Worth.MOST)], False),
        (OurCount(40, UP, False), [said(Worth.FEW), said(Worth.MOST)], True),
        (OurCount(40, UP, False), [said(Worth.FEW), said(Worth.MOST), said(Worth.HALF)], False),
        (OurCount(40, DOWN, False), [said(Worth.MOST, 30)], True),
        (OurCount(40, DOWN, False), [said(Worth.MOST, 33)], False),
        (OurCount(40, UP, True), [], False),
    ],
)
def test_a_gap_is_what_the_rule_says(ours: OurCount, answers: list[LeadQuality], gap: bool) -> None:
    assert bool(reasons_of(ours, answers, 20)) is gap


def test_both_reasons_are_told() -> None:
    reasons = reasons_of(OurCount(40, UP, True), [said(Worth.NONE, 10)], 20)
    assert reasons == [
        "Maya counts 10, we count 40",
        "our leads are on target, yet none were worth their time",
    ]


@pytest.mark.parametrize(
    ("crm", "advice"),
    [
        (Crm(None, "", False), "advise connecting a CRM"),
        (Crm(False, "", False), "advise a CRM, and connecting it"),
        (Crm(True, "HubSpot", False), "advise connecting HubSpot"),
        (Crm(True, "HubSpot", True), "compare our leads with those in HubSpot"),
    ],
)
def test_nobody_is_advised_to_connect_what_is_connected(crm: Crm, advice: str) -> None:
    assert crm.advice == advice


def test_our_count_in_words() -> None:
    assert OurCount(42, UP, True).words == "42 leads, +20% on the month before, on target"
    assert our_count({}) == OurCount(None, None, False)


@pytest.mark.django_db
def test_what_they_told_at_onboarding_decides_the_advice() -> None:
    with time_machine.travel(NOW, tick=False):
        world = build(planned=False)
        assert crm_of(world.halden) == Crm(None, "", False)
        returned(sent_to_maya(world), has_crm="yes", which_crm="HubSpot")
        assert crm_of(world.halden) == Crm(True, "HubSpot", False)
        Source.objects.create(client=world.halden, key="hubspot", label="HubSpot leads", zone="Europe/London")
        assert crm_of(world.halden).advice == "compare our leads with those in HubSpot"
        Source.objects.create(client=world.orbit, key="crm", label="Their CRM", zone="Europe/London")
        assert crm_of(world.orbit) == Crm(None, "", True)

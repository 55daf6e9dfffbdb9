"""`lead add | list | win`: new business from a script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.clients.models import Stage
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness.models import Lead, LeadStage
from tests import cast

pytestmark = pytest.mark.django_db

ADDED = ("add", "Fennel Foods", "--owner", "sam@northwind.test", "--source", "Fair", "--value", "£2,400")
WHOM = ("--service", "SEO", "--contact", "Nell Ash", "--email", "nell@fennel.test")


@pytest.fixture(autouse=True)
def northwind() -> Iterator[cast.Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert not _call(COMMANDS["lead"], list(arguments))
    return capsys.readouterr().out


def test_a_lead_is_added_listed_and_won(northwind: cast.Cast, capsys: pytest.CaptureFixture[str]) -> None:
    number = said(capsys, *ADDED, *WHOM, "--by", "2026-12-10").strip()
    lead = Lead.objects.get(pk=int(number))
    assert (lead.client.stage, lead.value, lead.owner) == (Stage.PROSPECT, Decimal(2400), northwind.sam)
    (row,) = json.loads(said(capsys, "list", "--json"))
    assert (row["id"], row["name"], row["value"], row["stage"]) == (
        lead.pk,
        "Fennel Foods",
        "2400.00",
        "open",
    )
    assert "£2,400 a month" in said(capsys, "list", "--stage", "open")
    assert said(capsys, "list", "--stage", "lost") == ""
    ref = said(capsys, "win", number, "--lead", "jody@northwind.test", "--starts", "2026-12-01").strip()
    lead.refresh_from_db()
    assert (lead.stage, lead.client.ref, lead.client.stage) == (LeadStage.WON, ref, Stage.LIVE)


def test_what_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refusal, match="There is no lead 99"):
        said(capsys, "win", "99", "--lead", "jody@northwind.test", "--starts", "2026-12-01")
    with pytest.raises(SystemExit):
        said(capsys, *ADDED[:-1], "lots")

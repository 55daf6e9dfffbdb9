"""`brief` and `feed`: what one would read on the page, on the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from types import ModuleType

import icalendar
import pytest
import time_machine

from steadyhand.cli import brief, feed
from tests import cast as casting
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield casting.build()


def told(command: ModuleType, *words: str) -> None:
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    command.run(parser.parse_args(words))


def test_the_brief_as_json(world: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    told(brief, "--client", "Halden Bikes", "--json")
    data = json.loads(capsys.readouterr().out)
    assert (data["client"], data["contact"]) == ("halden-bikes", "Maya Lind")
    assert data["call"]["title"] == "Weekly call"


def test_the_brief_to_read(world: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    told(brief, "--client", "halden-bikes")
    assert capsys.readouterr().out.startswith("Before you ring Maya Lind (Halden Bikes)")


def test_a_members_feed_holds_what_they_own_and_a_clients_only_theirs(
    world: Cast, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    told(feed, "--member", "jody@northwind.test")
    mine = icalendar.Calendar.from_ical(capsysbinary.readouterr().out)
    told(feed, "--client", "Halden Bikes")
    theirs = icalendar.Calendar.from_ical(capsysbinary.readouterr().out)
    names = [str(event["SUMMARY"]) for event in mine.walk("VEVENT")]
    assert any("Orbit Dental" in name for name in names)
    assert theirs.walk("VEVENT") and not any("Orbit" in str(e["SUMMARY"]) for e in theirs.walk("VEVENT"))

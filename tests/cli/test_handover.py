"""`handover`: each step with its owner, day, and on whom it waits since when."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.cli import handover
from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Role
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.onboarding.test_winning import prospect, won

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield casting.build(planned=False)


def told(*words: str) -> None:
    parser = argparse.ArgumentParser()
    handover.arguments(parser)
    handover.run(parser.parse_args(words))


def test_one_path_as_json_and_to_read(world: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    told()
    assert "No client is being handed over" in capsys.readouterr().err
    ana = casting.joined("Ana Costa", Role.NEW_BUSINESS)
    won(prospect()[0], ana, world.jody)
    told("--client", "Brightwater Spa", "--json")
    data = json.loads(capsys.readouterr().out)
    first = data["steps"][0]
    assert (first["owner"], first["due"], first["waits_on"], first["since"]) == (
        ana.email,
        "2026-11-24",
        "us",
        "2026-11-24T09:00:00+00:00",
    )
    told("--client", "brightwater-spa")
    said = capsys.readouterr().out
    assert "Won to introduced: 0 minutes and counting" in said
    assert "Answer the good news" in said and "Ana Costa" in said
    told()
    assert "Brightwater Spa" in capsys.readouterr().out


def test_a_client_who_was_never_handed_over(world: Cast) -> None:
    with pytest.raises(Refusal, match="was not handed over"):
        told("--client", "Halden Bikes")

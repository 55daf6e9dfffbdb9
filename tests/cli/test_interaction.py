"""`interaction log`: what was said, from a script."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.comms.models import Interaction
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_frozen")]


@pytest.fixture
def _frozen() -> Any:
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def people() -> cast.Cast:
    return cast.build(planned=False)


def logged(capsys: pytest.CaptureFixture[str], *arguments: str) -> Interaction:
    capsys.readouterr()
    assert not _call(COMMANDS["interaction"], ["log", *arguments])
    return Interaction.objects.get(pk=int(capsys.readouterr().out))


def test_a_call_is_written_down_and_its_id_printed(
    people: cast.Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    note = "Worried about March\nWants the figures"
    said = ["--client", "halden bikes", "--kind", "call", "--with", "MAYA@haldenbikes.test"]
    row = logged(capsys, *said, "--minutes", "25", "--note", note, "--member", "jody@northwind.test")
    assert row.contact is not None
    assert (row.client, row.contact.name, row.member) == (people.halden, "Maya Lind", people.jody)
    assert (row.summary, row.body, row.minutes, row.at) == ("Worried about March", note, 25, cast.NOW)
    assert Event.objects.filter(verb="interaction.logged", subject_id=row.pk).count() == 1
    assert logged(capsys, "--client", "orbit-dental", "--kind", "note", "--note", "Closed").contact is None


@pytest.mark.parametrize(
    "wrong",
    [
        ["--client", "nobody", "--note", "x"],
        ["--client", "halden-bikes", "--with", "ola@else.test", "--note", "x"],
        ["--client", "halden-bikes", "--note", "  "],
    ],
)
def test_what_does_not_fit_is_refused(people: cast.Cast, wrong: list[str]) -> None:
    with pytest.raises(Refusal):
        _call(COMMANDS["interaction"], ["log", "--kind", "call", *wrong])
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("minutes", ["0", "601", "some"])
def test_minutes_are_a_number(people: cast.Cast, minutes: str) -> None:
    with pytest.raises(SystemExit):
        _call(
            COMMANDS["interaction"],
            ["log", "--client", "x", "--kind", "call", "--note", "x", "--minutes", minutes],
        )

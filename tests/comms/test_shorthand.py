"""“send deck @sam fri”, read as it was meant."""

from __future__ import annotations

import datetime as dt

import pytest

from steadyhand.comms.calls.shorthand import Shorthand, read_shorthand
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

TUESDAY = dt.date(2026, 11, 24)
SAM, SAMIRA = Member(name="Sam Okafor", email="sam@n.test"), Member(name="Samira Bell", email="bell@n.test")


def read(line: str) -> Shorthand:
    return read_shorthand(line, today=TUESDAY, members=[SAM, SAMIRA], theirs=["Maya Lind"])


@pytest.mark.parametrize(
    ("line", "text", "owner", "theirs", "due_on"),
    [
        ("send deck @sam fri", "send deck", SAM, False, dt.date(2026, 11, 27)),
        ("send the deck by tuesday", "send the deck", None, False, dt.date(2026, 12, 1)),
        ("@maya sends the logins tomorrow", "sends the logins", None, True, dt.date(2026, 11, 25)),
        ("sign off copy @them 3 dec", "sign off copy", None, True, dt.date(2026, 12, 3)),
        ("review plan on 4th jan", "review plan", None, False, dt.date(2027, 1, 4)),
        ("review 2026-12-01", "review", None, False, dt.date(2026, 12, 1)),
        ("plan the launch next week", "plan the launch", None, False, dt.date(2026, 11, 30)),
        ("friday", "friday", None, False, None),
        ("budget 31 feb", "budget 31 feb", None, False, None),
        ("check 24/7 cover", "check 24/7 cover", None, False, None),
        ("ask @samokafor", "ask", SAM, False, None),
    ],
)
def test_read(line: str, text: str, owner: Member | None, theirs: bool, due_on: dt.date | None) -> None:
    assert read(line) == Shorthand(text, owner, theirs, due_on)


def test_a_name_nobody_has_is_said() -> None:
    with pytest.raises(Refusal, match="Nobody here is called “bob”"):
        read("call @bob")

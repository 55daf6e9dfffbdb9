"""Everything of the API stands on the cast, on a Tuesday in November."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.people.models import Member
from steadyhand.people.tokens import make_token
from tests import cast


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def people(db: None) -> cast.Cast:
    return cast.build()


def script(member: Member, scope: str = "write") -> Browser:
    """A program with a token of this member's."""
    _, secret = make_token(member, "tests", scope, by=member.actor)
    return Browser(headers={"Authorization": f"Bearer {secret}"})

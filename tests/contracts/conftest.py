"""A world for the contracts about who sees what."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings

from steadyhand.clients import engagements
from steadyhand.commitments.planning import plan_book
from steadyhand.people.roles import CATALOGUE, Capability, Role
from tests import cast
from tests.cast import SYSTEM
from tests.contracts.canaries import SPEND
from tests.contracts.world import World, build


@pytest.fixture(scope="module")
def divided(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """Built once, in a transaction that is taken back; managers do all but see every client and lead."""
    folder: Path = tmp_path_factory.mktemp("canaries")
    every = frozenset(Capability) - {Capability.SEE_ALL_CLIENTS, Capability.SEE_ALL_LEADS}
    with (
        django_db_blocker.unblock(),
        time_machine.travel(cast.NOW, tick=False),
        override_settings(MEDIA_ROOT=folder / "files"),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setitem(CATALOGUE, Role.MANAGER, every)
        built = build(folder)
        engagements.change_spend(
            built.theirs.engagement, Decimal(SPEND), by=SYSTEM, currency="GBP", reason="More"
        )
        plan_book()
        built.theirs.engagement.refresh_from_db()
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def world(divided: World, db: None) -> Iterator[World]:
    """The same, on its day; what a test writes is taken back."""
    with time_machine.travel(cast.NOW, tick=False):
        yield divided

"""Eight planners at once over a thousand clients, killed at random, again and again, on both databases."""

from __future__ import annotations

import random

import pytest

from tests.postgres import running_postgres
from tests.soak.planners import AS_OF, Installation, own_database, storm

pytestmark = pytest.mark.soak
CLIENTS, PLANNERS, ROUNDS = 1000, 8, 5


def check(alone: Installation, crowd: Installation) -> None:
    alone.run("-m", "steadyhand.cli", "plan", "--as-of", AS_OF)
    chance = random.Random(20261123)
    for _ in range(ROUNDS):
        storm(crowd, PLANNERS, kills=PLANNERS - 2, chance=chance)
    crowd.run("-m", "steadyhand.cli", "plan", "--as-of", AS_OF)
    assert crowd.ledger() == alone.ledger()


def test_on_sqlite(tmp_path):
    check(*(Installation.at(tmp_path / name, CLIENTS) for name in ("alone", "crowd")))


def test_on_postgresql(tmp_path):
    with running_postgres() as url:
        check(
            *(
                Installation.at(tmp_path / name, CLIENTS, own_database(url, f"planners_{name}"))
                for name in ("alone", "crowd")
            )
        )

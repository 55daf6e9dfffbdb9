"""Several planners started at once, one of them killed: the same ledger as from one alone."""

from __future__ import annotations

import json
import os
import random

from tests.soak.planners import Installation, own_database, storm

CLIENTS, PLANNERS = 30, 5


def test_planners_at_once_make_what_one_makes(tmp_path):
    url = os.environ.get("DATABASE_URL", "")
    of = (lambda name: own_database(url, name)) if url else (lambda name: "")
    alone = Installation.at(tmp_path / "alone", CLIENTS, of("planners_alone"))
    alone.run("-m", "steadyhand.cli", "plan", "--as-of", "2026-11-23")
    crowd = Installation.at(tmp_path / "crowd", CLIENTS, of("planners_crowd"))
    storm(crowd, PLANNERS, kills=2, chance=random.Random(11))
    crowd.run("-m", "steadyhand.cli", "plan", "--as-of", "2026-11-23")
    ledger = crowd.ledger()
    assert ledger == alone.ledger()
    ids = [row["id"] for row in json.loads(ledger)]
    assert len(ids) > 10 * CLIENTS and len(ids) == len(set(ids))

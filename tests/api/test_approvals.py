"""Approvals for scripts: read, and scheduled once they are given."""

from __future__ import annotations

import json
from typing import Any

import pytest

from steadyhand.delivery.approvals.asking import ask_for_approval
from steadyhand.delivery.approvals.deciding import decide
from steadyhand.delivery.models import PieceVersion, Posting, Verdict
from tests.api.conftest import script
from tests.api.test_interactions import sent
from tests.delivery.approving import actor_of, copied

pytestmark = pytest.mark.django_db


def test_scheduled_only_once_it_is_approved(people: Any) -> None:
    maya = people.halden.contacts.get(name="Maya Lind")
    bundle = ask_for_approval(copied(people.halden), [[maya]], by=people.jody.actor)
    version = PieceVersion.objects.get()
    jody, path = script(people.jody), f"/api/pieces/{version.piece_id}/posting"
    (row,) = json.loads(jody.get("/api/approvals?state=waiting&client=halden-bikes").content)
    assert (row["title"], row["turn"], row["pieces"], row["approved"]) == ("December posts", "theirs", 1, 0)
    refused = sent(jody, {"at": "2026-12-07T10:00:00+00:00"}, path)
    assert refused.status_code == 422 and "not approved yet" in refused.content.decode()
    decide(version, Verdict.APPROVED, by=actor_of(maya))
    assert sent(jody, {"at": "2026-12-07T10:00:00"}, path).status_code == 422, "an offset is wanted"
    made = sent(jody, {"at": "2026-12-07T10:00:00+00:00"}, path)
    assert made.status_code == 201 and made.json()["posting_at"].startswith("2026-12-07T10:00")
    (piece,) = json.loads(jody.get(f"/api/approvals/{bundle.pk}").content)["contents"]
    assert (piece["standing"], piece["version"], piece["blocked"]) == ("approved", 1, "")
    assert piece["decisions"][0]["by"] == "Maya Lind"
    assert jody.delete(path).status_code == 200 and not Posting.objects.filter(ended_at=None).exists()


def test_of_ones_own_clients_only(people: Any) -> None:
    bundle = copied(people.orbit)
    sam = script(people.sam)
    assert json.loads(sam.get("/api/approvals").content) == []
    assert sam.get(f"/api/approvals/{bundle.pk}").status_code == 404
    piece = bundle.pieces.get()
    assert (
        sent(sam, {"at": "2026-12-07T10:00:00+00:00"}, f"/api/pieces/{piece.pk}/posting").status_code == 404
    )

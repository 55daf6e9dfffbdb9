"""New business of Northwind: Callum, who brings leads, and one of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from steadyhand.newbusiness import leads
from steadyhand.newbusiness.models import Lead
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import Cast, joined


@pytest.fixture
def northwind(db: None) -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def callum(northwind: Cast) -> Member:
    return joined("Callum Price", Role.NEW_BUSINESS)


@pytest.fixture
def fennel(callum: Member) -> Lead:
    return leads.add_lead(
        "Fennel Foods",
        by=callum.actor,
        owner=callum,
        source="Website",
        value=Decimal(3200),
        services=["SEO", "Paid search"],
        industry="Food",
        face_to_face=True,
        contact_name="Nell Ash",
        contact_email="nell@fennel.test",
    )

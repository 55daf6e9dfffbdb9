"""Halden and Orbit, each with somebody who signs in to the client's pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.models import Contact
from steadyhand.clients.portal_access import invite_contact
from tests import cast
from tests.cast import SYSTEM, Cast


@dataclass(slots=True)
class Visited:
    """The cast, Maya of Halden and Priya of Orbit (both invited), Ola of Halden (not)."""

    cast: Cast
    maya: Contact
    ola: Contact
    priya: Contact

    def ola_invited(self) -> Contact:
        """Ola, who may sign in from now on."""
        return invite_contact(self.ola, by=SYSTEM)


@pytest.fixture
def visited(db: None) -> Iterator[Visited]:
    """On a Tuesday morning; nobody has tried anything yet."""
    cache.clear()
    with time_machine.travel(cast.NOW, tick=False):
        everybody = cast.build()
        maya, ola = everybody.halden.contacts.order_by("pk")
        priya = book.add_contact(everybody.orbit, "Priya Nair", by=SYSTEM, email="priya@orbit.test")
        yield Visited(everybody, invite_contact(maya, by=SYSTEM), ola, invite_contact(priya, by=SYSTEM))


def signed_in(contact: Contact) -> Browser:
    """The browser of somebody at a client."""
    assert contact.user is not None
    browser = Browser(raise_request_exception=False)
    browser.force_login(contact.user)
    return browser

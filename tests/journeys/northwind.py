"""Northwind and its book for a server of the journeys: a program, run on the data folder of its environment.

Prints, as JSON, the session of each colleague who can sign in, by first name.
"""

from __future__ import annotations

import datetime as dt
import json

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.test import override_settings  # noqa: E402

from steadyhand.cli import readiness  # noqa: E402
from steadyhand.clients import book  # noqa: E402
from steadyhand.commitments import keeping  # noqa: E402
from steadyhand.commitments.planning import plan_book  # noqa: E402
from steadyhand.people.models import Member  # noqa: E402
from tests import cast  # noqa: E402


def build() -> list[Member]:
    """The cast; beside it a client above the top band, one in its first month, a second record of Halden,
    promises of Jody's."""
    northwind = cast.build(planned=False)
    cast.retained("Kestrel Air", 9000, lead=northwind.jody)
    nova = cast.retained("Nova Foods", 3000, lead=northwind.keiran, starts_on=dt.date(2026, 11, 23))
    book.add_contact(nova, "Nils Vey", by=cast.SYSTEM, email="nils@nova.test", day_to_day=True)
    book.add_client("Halden Bicycles Ltd", by=cast.SYSTEM, phone="020 7946 0018")
    yesterday = cast.NOW - dt.timedelta(days=1)
    with override_settings(CLOCK=yesterday):
        keeping.promise(
            northwind.halden,
            "Answer Maya about leads",
            by=cast.SYSTEM,
            owner=northwind.jody,
            due_on=yesterday.date(),
        )
    for title, client in (
        ("Send the brand book", northwind.halden),
        ("Ring Priya back", northwind.orbit),
        ("Book the photographer", northwind.fernhill),
    ):
        keeping.promise(client, title, by=cast.SYSTEM, owner=northwind.jody, due_on=cast.NOW.date())
    plan_book()
    return [northwind.keiran, northwind.jody, northwind.sam]


def session_of(member: Member) -> str:
    """A session as the sign-in page would have begun it."""
    browser = Browser()
    browser.force_login(cast.user_of(member))
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    readiness.migrate()
    print(json.dumps({member.name.split()[0].lower(): session_of(member) for member in build()}))

"""A whole agency for the benchmarks of pages, in the database of DATABASE_URL; built once, then entered.

    python -m bench.world CLIENTS EVENTS

Prints as JSON who may ask for what: a head of client services, and a manager who leads twenty clients.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
from typing import Any

#: A Tuesday morning; the pages stand at it too.
NOW = "2026-11-24T09:00:00Z"
MONDAY_BEFORE = dt.date(2026, 11, 16)
LED = 20


def main() -> None:
    clients, events = int(sys.argv[1]), int(sys.argv[2])
    os.environ["DJANGO_SETTINGS_MODULE"] = "steadyhand.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from steadyhand.clients.models import Client

    if not _is_built():
        _build(clients, events)
    call_command("migrate", verbosity=0)  # what was built stays of use when the tables change
    assert Client.objects.count() == clients
    print(json.dumps(_enter()))


def _is_built() -> bool:
    from django.db import connection

    from steadyhand.core.models import Event

    return "core_event" in connection.introspection.table_names() and Event.objects.count() > 1000


def _build(clients: int, events: int) -> None:
    from django.core.management import call_command

    from bench.book import build_book
    from bench.history import build_history
    from steadyhand.commitments.planning import plan_book
    from steadyhand.core import agency
    from steadyhand.core.actor import Actor
    from steadyhand.playbook.publishing import adopt_shipped

    call_command("migrate", verbosity=0)
    by = Actor.system("bench")
    agency.found(by=by)
    adopt_shipped("framework", "GBP", by=by)
    build_book(clients, members=max(clients // LED, 1), as_of=MONDAY_BEFORE)
    plan_book(MONDAY_BEFORE)
    build_history(NOW, events=events)


def _enter() -> dict[str, Any]:
    """Sessions and tokens of two people, and the clients they ask for."""
    from django.conf import settings
    from django.test import Client as Browser

    from steadyhand.clients.models import Access, Client
    from steadyhand.core.actor import Actor
    from steadyhand.people import invitations, tokens
    from steadyhand.people.models import Member
    from steadyhand.people.roles import Role

    by = Actor.system("bench")
    people = {}
    for who, member in {
        "head": _head(by),
        "member": Member.objects.filter(role=Role.MANAGER).order_by("pk")[0],
    }.items():
        if member.user is None:
            path = invitations.issue_signin_link(member.email, by=by)
            invitations.use_signin_link(path.strip("/").split("/")[-1], by=by)
            member.refresh_from_db()
        assert member.user is not None
        browser = Browser()
        browser.force_login(member.user)
        _, token = tokens.make_token(member, "bench", "write", by=by)
        name = settings.SESSION_COOKIE_NAME
        people[who] = {
            "id": member.pk,
            "session": f"{name}={browser.cookies[name].value}",
            "token": token,
        }
    hot = _hottest()
    refs = list(Client.objects.exclude(pk=hot).order_by("pk").values_list("ref", flat=True))
    own = Access.objects.filter(member=people["member"]["id"]).exclude(client=hot)
    return {
        "people": people,
        "refs": random.Random(3).sample(refs, min(200, len(refs))),
        "hot": Client.objects.get(pk=hot).ref,
        "own": list(own.order_by("pk").values_list("client__ref", flat=True)),
    }


def _head(by: Any) -> Any:
    from steadyhand.people import members
    from steadyhand.people.models import Member
    from steadyhand.people.roles import Role

    found = Member.objects.filter(role=Role.HEAD).first()
    return found or members.add_member("head@example.com", by=by, name="Keiran Reid", role=Role.HEAD)


def _hottest() -> int:
    from django.db.models import Count

    from steadyhand.core.models import Event

    counted = Event.objects.exclude(client_id=None).values("client_id").annotate(n=Count("pk"))
    return int(counted.order_by("-n")[0]["client_id"])


if __name__ == "__main__":
    main()

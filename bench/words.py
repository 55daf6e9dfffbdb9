"""What the word index takes beside the raw query of the database: a process of `bench.timeline`.

On the PostgreSQL book of DATABASE_URL; without one, on a SQLite of BENCH_EVENTS events made here. Asks for a
rare and a common word of the client with a tenth of everything. Prints JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import time
from collections.abc import Callable
from typing import Any

RAW = {
    "postgresql": (
        "SELECT id FROM core_event WHERE steadyhand_words(client_id, words) @@ %s::tsquery",
        "'={}' & '{}':*",
    ),
    "sqlite": ("SELECT rowid FROM core_event_words WHERE core_event_words MATCH %s", '"={}" AND "{}" *'),
}
WORDS = ("zebra", "commitment")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "steadyhand.settings"
    import django

    django.setup()
    from django.db import connection

    if connection.vendor == "sqlite":
        _build(int(os.environ["BENCH_EVENTS"]))
    print(json.dumps([_measured(word) for word in WORDS]))


def _build(events: int) -> None:
    """Events alone, a tenth of them of one client."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from steadyhand.clients.models import Client

    call_command("migrate", verbosity=0)
    now = dt.datetime.now(dt.UTC)
    clients = Client.objects.bulk_create(
        Client(ref=f"c{n}", name=f"Client {n}", made_at=now) for n in range(events // 50)
    )
    chance = random.Random(5)
    rows = (
        (
            clients[0 if n % 10 == 0 else int(chance.random() ** 3 * len(clients))].pk,
            f"2026-{1 + n * 11 // events:02}-{1 + n % 28:02} 09:00:00",
            f"commitment done weekly call figures week {n % 53}{' zebra' if n % 3000 == 0 else ''}",
        )
        for n in range(events)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO core_event (client_id, at, words, verb, actor_kind, actor_name, subject_type,"
            " audience, data) VALUES (%s, %s, %s, 'commitment.done', 'member', '', '', 'team', '{}')",
            rows,
        )


def _measured(word: str) -> dict[str, Any]:
    from django.db import connection
    from django.db.models import Count
    from django.test.utils import CaptureQueriesContext

    from steadyhand.clients.models import Client
    from steadyhand.core.actor import Actor
    from steadyhand.core.models import Event
    from steadyhand.desk.timeline import timeline
    from steadyhand.desk.timeline_streams import EVENT_WORDS, Filters

    counted = Event.objects.exclude(client_id=None).values("client_id").annotate(n=Count("pk"))
    client = Client.objects.get(pk=counted.order_by("-n")[0]["client_id"])
    reader = Actor.system("bench")
    sql, query = RAW[connection.vendor]

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [query.format(client.pk, word)])
            cursor.fetchall()

    def page() -> None:
        timeline(client, reader, asked=Filters(q=word))

    hits = EVENT_WORDS.hits([client.pk], word)
    with CaptureQueriesContext(connection) as asked:
        page()
    times = [[_ms(raw), _ms(lambda: EVENT_WORDS.hits([client.pk], word)), _ms(page)] for _ in range(15)]
    raw_ms, index_ms, page_ms = (sorted(column)[len(column) // 2] for column in zip(*times, strict=True))
    return {
        "database": connection.vendor,
        "word": word,
        "hits": len(hits.ids),
        "capped": hits.is_capped,
        "raw_ms": raw_ms,
        "index_ms": index_ms,
        "page_ms": page_ms,
        "queries": len(asked),
    }


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()

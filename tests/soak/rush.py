"""Many senders start at the same moment on the same due mails: each mail leaves once.

    bin/soak rush --mails 1000 --workers 8 [--database URL | --database postgres]

Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.soak.kills import Cast, installation, wait_until
from tests.soak.sink import sink, taken


def rush(mails: int, workers: int, database: str, folder: Path) -> dict[str, Any]:
    """All of it, in an installation of its own; the figures."""
    log = folder / "taken"
    with sink(log) as port, installation(folder, database, port):
        from django.db import transaction

        from steadyhand.core.models import OutboxAttempt, OutboxMessage
        from tests.soak.roles import post

        with transaction.atomic():
            for number in range(mails):
                post(f"due{number}")
        cast, began = Cast(), time.monotonic()
        try:
            for _ in range(workers):
                cast.start("sender")
            waiting = OutboxMessage.objects.exclude(state__in=("sent", "failed", "uncertain"))
            wait_until(lambda: not waiting.exists(), 120)
            seconds = time.monotonic() - began
        finally:
            cast.kill_all()
        took = taken(log)
        return {
            "mails": mails,
            "workers": workers,
            "sent": OutboxMessage.objects.filter(state="sent").count(),
            "taken": len(took),
            "doubled": sum(times > 1 for times in took.values()),
            "attempts": OutboxAttempt.objects.count(),
            "seconds": round(seconds, 2),
        }


def main() -> int:
    """Run one and print it; 0 when each was sent once."""
    parser = argparse.ArgumentParser(prog="bin/soak rush", description=__doc__.split("\n")[0])
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--database", default="", help="an empty database, or “postgres” for a passing one")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steadyhand-rush-")))
        database = options.database
        if database == "postgres":
            from tests.postgres import running_postgres

            database = stack.enter_context(running_postgres())
        found = rush(options.mails, options.workers, database, folder)
    print(json.dumps(found))
    return 0 if found["sent"] == found["taken"] == options.mails and not found["doubled"] else 1


if __name__ == "__main__":
    sys.exit(main())

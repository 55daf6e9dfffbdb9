"""How fast queued mail leaves, as a ratio against the floor: smtplib in a loop over one connection.

    python -m bench.mail [MAILS]        # 2,000

Both talk to the same local server, a process of its own, with the same MIME texts. Runs on SQLite in a
folder of its own (DATABASE_URL for PostgreSQL). The floor is timed before and after each of ours and the
mean counts, because machines drift. Prints a table, then JSON.
"""

from __future__ import annotations

import json
import os
import smtplib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.soak.sink import sink, taken

LIMITS = {"sending / floor": 2.0}
TEXT = (
    "Good morning,\n\n" + "this month's report is ready, with three things we would like to try next.\n" * 12
)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    mails = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    folder = Path(tempfile.mkdtemp(prefix="steadyhand-bench-"))
    with sink(folder / "taken") as port:
        os.environ |= {
            "STEADYHAND_DATA": str(folder),
            "STEADYHAND_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "STEADYHAND_MAILS_TO_ONE_A_DAY": "0",
            "DJANGO_SETTINGS_MODULE": "steadyhand.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        figures = measure(mails, port)
    assert set(taken(folder / "taken").values()) <= {1, 4}, "every mail left once, and once in each floor"
    report(figures)


def measure(mails: int, port: int) -> dict[str, float]:
    """Mails a second: the floor, ours, the floor again, ours with an event each, the floor again."""
    from steadyhand.core import outbox
    from steadyhand.core.models import OutboxMessage

    def queue(**more: int) -> float:
        return seconds(
            lambda: [
                outbox.post("bench", f"pam{n}@dunder.test", "Your report", TEXT, f"<p>{TEXT}</p>", **more)  # type: ignore[arg-type]
                for n in range(mails)
            ]
        )

    def send() -> None:
        assert outbox.send_waiting() == mails

    queueing = queue()
    texts = [bytes(mime) for mime in OutboxMessage.objects.values_list("mime", flat=True)]
    floors = [floor(texts, port)]
    plain = seconds(send)
    floors.append(floor(texts, port))
    queue(client_id=7)
    of_clients = seconds(send)
    floors.append(floor(texts, port))
    base = sum(floors) / len(floors)
    return {
        "mails": mails,
        "queued a second": mails / queueing,
        "floor, mails a second": mails / base,
        "sent a second": mails / plain,
        "clients' mails a second": mails / of_clients,
        "sending / floor": plain / base,
        "sending clients' mail / floor": of_clients / base,
    }


def floor(texts: list[bytes], port: int) -> float:
    """smtplib in a loop over one connection."""

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            for text in texts:
                smtp.sendmail("steadyhand@localhost", ["pam@dunder.test"], text)

    return seconds(send)


def report(figures: dict[str, float]) -> None:
    """A table for people, a line of JSON for machines."""
    for name, value in figures.items():
        limit = LIMITS.get(name)
        verdict = "" if limit is None else f"  ≤ {limit:.3g}  {'met' if value <= limit else 'MISSED'}"
        print(f"{name:<30}{value:>14,.3f}{verdict}")
    print(json.dumps({"limits": LIMITS, **{k: round(v, 4) for k, v in figures.items()}}))


if __name__ == "__main__":
    main()

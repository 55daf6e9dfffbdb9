"""How fast an import checks and applies: rows a second on the database of STEADYHAND_DATA (a new folder).

    python -m bench.imports [ROWS]

Prints a table, then JSON. Every row of the file is a client with an owner and an engagement; one in five is
a second engagement of the client above. Planning is not in the figures. `cpu_s` counts processor seconds:
what the machine would do if nobody else were on it.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

HEADINGS = (
    *("client", "domain", "owner e-mail", "engagement kind", "service", "amount"),
    *("currency", "start", "end", "country", "zone"),
)
CHECK_MUST, APPLY_MUST = 1000, 400


def write_book(path: Path, rows: int, *, raised: bool = False) -> None:
    """A book of clients with our own headings; `raised` changes the amount of one row in ten."""
    chance = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        number = 0
        for row in range(rows):
            second = row % 5 == 4
            number += 0 if second else 1
            kind = "project" if second or chance.random() < 0.15 else "retainer"
            amount = chance.choice([600, 900, 1200, 2400, 3000, 4500, 12000])
            if raised and row % 10 == 0:
                amount += 100
            writer.writerow(
                [
                    f"Client {number:05d} Ltd",
                    f"client-{number:05d}.example",
                    f"owner{number % 40}@agency.example",
                    kind,
                    "Website" if second else chance.choice(["SEO", "Paid search", "Content"]),
                    f"{amount}.00",
                    "GBP",
                    f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
                    "2027-06-30" if kind == "project" else "",
                    chance.choice(["GB", "GB", "Germany", "US", ""]),
                    "",
                ]
            )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    folder = Path(tempfile.mkdtemp(prefix="steadyhand-bench-"))
    os.environ.setdefault("STEADYHAND_DATA", str(folder / "data"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "steadyhand.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from steadyhand.core import agency
    from steadyhand.core.actor import Actor
    from steadyhand.core.models import Agency
    from steadyhand.exchange.applying import apply
    from steadyhand.exchange.checking import check
    from steadyhand.exchange.presets import CLIENTS, exact
    from steadyhand.exchange.runs import begin
    from steadyhand.exchange.tables import open_table
    from steadyhand.exchange.uploads import keep_file, path_of

    call_command("migrate", verbosity=0)
    by = Actor.system("bench")
    if Agency.current() is None:
        agency.found(by=by)
    figures = []
    for title, raised in (("first", False), ("again, the same", False), ("one in ten changed", True)):
        path = folder / "book.csv"
        write_book(path, rows, raised=raised)
        upload = keep_file(path)
        mapping = exact(CLIENTS, open_table(path_of(upload.digest), upload.name).headings, upload.name)
        run = begin({"clients": upload}, {"clients": mapping}, by=by)
        began, began_cpu = time.perf_counter(), time.process_time()
        check(run)
        checked, checked_cpu = time.perf_counter(), time.process_time()
        apply(run)
        applied, applied_cpu = time.perf_counter(), time.process_time()
        run.refresh_from_db()
        figures.append(
            {
                "import": title,
                "rows": rows,
                "check_rows_s": round(rows / (checked - began)),
                "apply_rows_s": round(rows / (applied - checked)),
                "check_rows_cpu_s": round(rows / (checked_cpu - began_cpu)),
                "apply_rows_cpu_s": round(rows / (applied_cpu - checked_cpu)),
                "counts": run.counts,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    columns = ("rows", "check_rows_s", "apply_rows_s", "check_rows_cpu_s", "apply_rows_cpu_s", "peak_mb")
    print(f"{'import':<20}" + "".join(f"{column:>18}" for column in columns))
    for figure in figures:
        print(f"{figure['import']:<20}" + "".join(f"{figure[column]:>18,}" for column in columns))
    first = figures[0]
    enough = first["check_rows_s"] >= CHECK_MUST and first["apply_rows_s"] >= APPLY_MUST
    print(json.dumps({"must": {"check": CHECK_MUST, "apply": APPLY_MUST}, "met": enough, "runs": figures}))


if __name__ == "__main__":
    main()

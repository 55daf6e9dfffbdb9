"""Books and portals made up for tests, with the traps real ones have."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from steadyhand.core.actor import Actor
from steadyhand.exchange.applying import apply
from steadyhand.exchange.checking import check
from steadyhand.exchange.models import ImportRun
from steadyhand.exchange.presets import CLIENTS, KINDS, STEADYHAND_HEADINGS, FileKind, exact, guess
from steadyhand.exchange.runs import begin
from steadyhand.exchange.tables import open_table
from steadyhand.exchange.uploads import keep_file, path_of

SYSTEM = Actor.system("tests")
HALDEN = {
    "client": "Halden Bikes",
    "domain": "halden.example",
    "owner e-mail": "jody@agency.example",
    "engagement kind": "retainer",
    "service": "SEO",
    "amount": "2400",
    "currency": "GBP",
    "start": "2026-03-01",
    "country": "GB",
}


def write(
    path: Path, rows: Iterable[Mapping[str, str]], headings: Iterable[str] = STEADYHAND_HEADINGS
) -> Path:
    """A CSV of these rows."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(headings))
        writer.writeheader()
        writer.writerows(rows)
    return path


def started(path: Path, *, by: Actor = SYSTEM, kind: FileKind = CLIENTS) -> ImportRun:
    """An import of a table with our own headings (of clients), not checked yet."""
    upload = keep_file(path)
    mapping = exact(kind, open_table(path_of(upload.digest), upload.name).headings, upload.name)
    return begin({kind.key: upload}, {kind.key: mapping}, by=by)


def checked(path: Path, *, by: Actor = SYSTEM) -> ImportRun:
    """An import of a clients file, checked."""
    return check(started(path, by=by))


def imported(path: Path, *, by: Actor = SYSTEM) -> ImportRun:
    """An import of a clients file, applied."""
    return apply(checked(path, by=by))


def portal(folder: Path, *, amount: str = "monthly", by: Actor = SYSTEM) -> ImportRun:
    """An import of a HubSpot portal's files, checked."""
    uploads, mappings = {}, {}
    for key in ("companies", "contacts", "deals", "activities"):
        path = folder / f"{key}.csv"
        if path.exists():
            uploads[key] = keep_file(path)
            mappings[key] = guess(KINDS[key], open_table(path_of(uploads[key].digest), path.name).headings)
    return check(begin(uploads, mappings, by=by, amount_basis=amount))


def reasons(run: ImportRun) -> dict[int, str]:
    """Line → reason of the rows that are skipped."""
    return dict(run.rows.filter(action="skip").values_list("line", "reason"))


def lines(run: ImportRun) -> dict[str, list[int]]:
    """Action → lines."""
    found: dict[str, list[int]] = {}
    for row in run.rows.all():
        found.setdefault(row.action, []).append(row.line)
    return found


def random_book(seed: int, path: Path) -> Path:
    """A small book full of traps, the same for the same seed; about one row in three cannot be right."""
    chance = random.Random(seed)

    def mostly(good: list[str], bad: list[str]) -> str:
        return chance.choice(bad if chance.random() < 0.05 else good)

    rows = []
    for _ in range(chance.randint(3, 25)):
        number = chance.randint(1, 12)
        rows.append(
            {
                "client": mostly([f"Client {number}", f"client {number}"], [f"Kunde {number} GmbH", ""]),
                "domain": mostly([f"c{number}.example", f"https://www.c{number}.example/", ""], ["bad"]),
                "owner e-mail": mostly(
                    ["a@agency.example", "B@agency.example", ""], ["gone@agency.example", "x"]
                ),
                "engagement kind": mostly(["retainer", "Project"], ["barter", ""]),
                "service": mostly(["SEO", "PPC; SEO", "Website", ""], ["=1+1"]),
                "amount": mostly(["900", "£1,200.50", "2400", "12 000"], ["-5", "=2*3", ""]),
                "currency": mostly(["GBP", ""], ["EUR", "XXZ"]),
                "start": mostly(["2026-01-15", "15/02/2026", "3 Mar 2026"], ["31/02/2026", ""]),
                "end": mostly(["", "2026-12-31"], ["2025-01-01"]),
                "country": mostly(["GB", "Germany", ""], ["Nowhere"]),
                "zone": mostly(["", "Europe/Berlin"], ["Mars/Base"]),
            }
        )
    return write(path, rows)

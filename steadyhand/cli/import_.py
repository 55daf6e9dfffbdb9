"""`import`: bring a book of clients in, from HubSpot or any table; nothing is written before a check."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from steadyhand.cli import output
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.applying import apply
from steadyhand.exchange.checking import check
from steadyhand.exchange.models import AmountBasis, ImportRun, MappingPreset, RowAction
from steadyhand.exchange.presets import CLIENTS, HUBSPOT, INTERACTIONS, FileKind, exact, guess, own_headings
from steadyhand.exchange.runs import begin
from steadyhand.exchange.tables import open_table
from steadyhand.exchange.uploads import Upload, keep_file, path_of

EXAMPLES = """\
  steadyhand import clients book.csv --check           what would happen, line by line
  steadyhand import clients book.xlsx                  the headings are our own
  steadyhand import clients book.csv --preset "Xero"   columns mapped earlier, on the page
  steadyhand import hubspot --companies companies.csv --contacts contacts.csv \\
      --deals deals.csv --activities activities.csv --amount yearly
  steadyhand import activities calls.csv --check       calls, e-mails, meetings and notes

headings of `import clients`: {}
headings of `import activities`: {}""".format(
    ", ".join(own_headings(CLIENTS)), ", ".join(own_headings(INTERACTIONS))
)

#: Tables that are imported by themselves, by the word that asks for them.
TABLES = {"clients": CLIENTS, "activities": INTERACTIONS}

#: How many skipped lines the answer for people lists; the JSON has them all.
SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `import`."""
    shapes = parser.add_subparsers(dest="shape", required=True, metavar="hubspot|clients|activities")
    hubspot = shapes.add_parser("hubspot", help="the exports of a HubSpot portal")
    for kind in HUBSPOT:
        hubspot.add_argument(
            f"--{kind.key}", type=Path, metavar="FILE", required=kind.key in ("companies", "contacts")
        )
    hubspot.add_argument(
        "--amount", choices=AmountBasis.values, required=True, help="what the amount of a won deal is"
    )
    clients = shapes.add_parser("clients", help="clients and what they buy, CSV or XLSX")
    activities = shapes.add_parser(
        "activities", help="calls, e-mails, meetings and notes with clients of the book, CSV or XLSX"
    )
    for shape in (clients, activities):
        shape.add_argument("file", type=Path, metavar="FILE")
        shape.add_argument("--preset", help="a mapping remembered under this name")
    for shape in (hubspot, clients, activities):
        shape.add_argument("--check", action="store_true", help="say what would happen; write nothing")
        shape.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> None:
    """Check, and unless only that was asked for, import exactly what the check says."""
    by = Actor.system("import")
    uploads, mappings = _hubspot(options) if options.shape == "hubspot" else _table(options)
    started = begin(uploads, mappings, by=by, amount_basis=getattr(options, "amount", ""))
    with output.Progress("Checking") as progress:
        check(started, heard=progress.advance)
    if not options.check:
        with output.Progress("Importing", total=started.total) as progress:
            apply(started, heard=progress.advance)
    started.refresh_from_db()
    if options.json:
        output.answer_json(as_json(started))
    else:
        _answer(started)


def as_json(run: ImportRun) -> dict[str, Any]:
    """An import as the command answers it: counts, and every line that is skipped or has a remark."""
    rows = run.rows.exclude(reason="").values("kind", "line", "label", "action", "reason")
    totals: Counter[str] = Counter({str(action.label): 0 for action in RowAction})
    tables: dict[str, dict[str, int]] = {}
    for key, count in run.counts.items():
        kind, action = key.split(".")
        word = str(RowAction(action).label)
        totals[word] += count
        tables.setdefault(kind, {})[word] = count
    return {
        "run": run.pk,
        "state": run.state,
        "rows": run.total,
        "counts": dict(totals),
        "tables": tables,
        "notices": run.notices,
        "skipped": [_line(row) for row in rows if row["action"] == RowAction.SKIP],
        "remarks": [_line(row) for row in rows if row["action"] != RowAction.SKIP],
    }


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"file": row["kind"], "line": row["line"], "row": row["label"], "reason": row["reason"]}


def _table(options: argparse.Namespace) -> tuple[dict[str, Upload], dict[str, dict[str, str]]]:
    kind, upload = TABLES[options.shape], keep_file(options.file)
    if options.preset and options.preset != "steadyhand":
        preset = MappingPreset.objects.filter(kind=kind.key, name=options.preset).first()
        if preset is None:
            known = ", ".join(MappingPreset.objects.filter(kind=kind.key).values_list("name", flat=True))
            raise Refusal(
                f"There is no preset “{options.preset}”.",
                remedy=f"There are: {known}." if known else "Map the columns once on the page.",
            )
        return {kind.key: upload}, {kind.key: preset.mapping}
    table = open_table(path_of(upload.digest), upload.name)
    return {kind.key: upload}, {kind.key: exact(kind, table.headings, upload.name)}


def _hubspot(options: argparse.Namespace) -> tuple[dict[str, Upload], dict[str, dict[str, str]]]:
    uploads, mappings = {}, {}
    for kind in HUBSPOT:
        path: Path | None = getattr(options, kind.key)
        if path is not None:
            uploads[kind.key] = keep_file(path)
            mappings[kind.key] = _guessed(kind, uploads[kind.key])
    return uploads, mappings


def _guessed(kind: FileKind, upload: Upload) -> dict[str, str]:
    return guess(kind, open_table(path_of(upload.digest), upload.name).headings)


def _answer(run: ImportRun) -> None:
    data = as_json(run)
    for notice in data["notices"]:
        output.say(notice)
    words = [str(action.label) for action in RowAction]
    output.answer_table(
        [["", *words]]
        + [[kind, *(counts.get(word, 0) for word in words)] for kind, counts in data["tables"].items()]
    )
    for title, lines in (("Skipped", data["skipped"]), ("Worth knowing", data["remarks"])):
        if lines:
            output.answer(f"\n{title}:")
        for line in lines[:SHOWN]:
            output.answer(
                f"  {line['file']} line {line['line']}, {line['row'] or 'no name'}: {line['reason']}"
            )
        if len(lines) > SHOWN:
            output.answer(f"  and {len(lines) - SHOWN:,} more; --json lists them all")
    output.answer(f"\nChecked, nothing written (import {run.pk})." if not run.applied_at else "")

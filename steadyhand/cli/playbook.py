"""`playbook`: playbooks as text files: listed, shown, checked, previewed over the book, published."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from steadyhand.cli import output
from steadyhand.commitments import previewing
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.playbook.documents import SHIPPED, Document, DocumentRefused, dumps, loads, shipped
from steadyhand.playbook.models import Draft, Playbook, Version
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.publishing import find_base, publish_text

EXAMPLES = """\
  steadyhand playbook list
  steadyhand playbook show > ours.toml             the live one, as text
  steadyhand playbook show concierge               one that ships, or the latest of your own
  steadyhand playbook show --version 3
  steadyhand playbook check ours.toml              does it hold? every problem with its line
  steadyhand playbook preview ours.toml            who would gain or lose what; nothing is written
  steadyhand playbook publish ours.toml --note "Dearer call time from January"

The format is described in docs/playbook-format.md. FILE may be - for standard input."""

#: Bytes of the longest file that is read at all.
LARGEST = 8_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `playbook`."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="list|show|check|preview|publish")
    every = deeds.add_parser("list", help="the playbooks you have adopted and those that ship")
    show = deeds.add_parser("show", help="print one as text")
    show.add_argument("name", nargs="?", metavar="NAME", help="which playbook (default: the live one)")
    show.add_argument("--version", type=int, metavar="N", help="which version of it (default: the latest)")
    check = deeds.add_parser("check", help="say whether a file holds as a playbook")
    preview = deeds.add_parser("preview", help="what publishing a file would do; nothing is written")
    publish = deeds.add_parser("publish", help="make a file the live playbook")
    publish.add_argument("--note", default="", help="why, for those who read the versions later")
    for deed in (check, preview, publish):
        deed.add_argument("file", metavar="FILE")
    for deed in (every, show, preview):
        deed.add_argument("--json", action="store_true", help="answer with JSON")


def run(options: argparse.Namespace) -> int | None:
    """Do what is asked; a text that does not hold is refused with every problem it has."""
    deeds: dict[str, Callable[[argparse.Namespace], None]] = {
        "list": _list,
        "show": _show,
        "check": _check,
        "preview": _preview,
        "publish": _publish,
    }
    try:
        deeds[options.deed](options)
    except DocumentRefused as refused:
        for problem in refused.problems:
            output.say(str(problem))
        return 1
    return None


def _list(options: argparse.Namespace) -> None:
    rows = playbooks()
    if options.json:
        output.answer_json(rows)
        return
    output.answer_table(
        [
            ("NAME", "TITLE", "VERSION", "PUBLISHED", ""),
            *(
                (
                    row["name"],
                    row["title"],
                    row["version"] or "not adopted",
                    row["published_at"].date() if row["published_at"] else "",
                    ", ".join(word for word in ("live", "draft", "shipped") if row[word]),
                )
                for row in rows
            ),
        ]
    )


def playbooks() -> list[dict[str, Any]]:
    """The agency's playbooks by name, then those that ship and are not adopted."""
    live = Version.live()
    drafted = set(Draft.objects.values_list("playbook_id", flat=True))
    rows = []
    for playbook in Playbook.objects.all():
        latest = playbook.latest
        rows.append(
            {
                "name": playbook.name,
                "title": playbook.title,
                "version": latest.number if latest else None,
                "published_at": latest.published_at if latest else None,
                "published_by": latest.published_by if latest else None,
                "live": latest is not None and latest == live,
                "draft": playbook.pk in drafted,
                "shipped": playbook.name in SHIPPED,
            }
        )
    adopted = {row["name"] for row in rows}
    empty = {"version": None, "published_at": None, "published_by": None, "live": False, "draft": False}
    return rows + [
        {"name": name, "title": shipped(name).policy.title, **empty, "shipped": True}
        for name in SHIPPED
        if name not in adopted
    ]


def _show(options: argparse.Namespace) -> None:
    policy, version = _asked(options.name, options.version)
    if not options.json:
        output.answer(dumps(policy).rstrip("\n"))
        return
    output.answer_json(
        {
            "name": policy.name,
            "version": version.number if version else None,
            "published_at": version.published_at if version else None,
            "published_by": version.published_by if version else None,
            "note": version.note if version else "",
            "policy": policy.model_dump(mode="json"),
        }
    )


def _asked(name: str | None, number: int | None) -> tuple[Policy, Version | None]:
    """The playbook asked for, with its version; one that ships and is not adopted has none."""
    live = Version.live()
    if name is None:
        if live is None:
            raise Refusal(
                "No playbook is published.", remedy="Name one that ships: steadyhand playbook show framework."
            )
        if number is None:
            return live.policy, live
        name = live.playbook.name
    versions = Version.objects.filter(playbook__name=name).order_by("-number")
    found = (versions.filter(number=number) if number is not None else versions).first()
    if found is not None:
        return found.policy, found
    if number is not None:
        known = ", ".join(str(known) for known in versions.values_list("number", flat=True))
        raise Refusal(
            f"“{name}” has no version {number}.", remedy=f"It has: {known}." if known else "It has none."
        )
    if name not in SHIPPED:
        known = ", ".join(row["name"] for row in playbooks())
        raise Refusal(f"There is no playbook “{name}”.", remedy=f"There are: {known}.")
    return shipped(name).policy.having(currency=Agency.get().currency), None


def _check(options: argparse.Namespace) -> None:
    policy = _read(options.file)[1].policy
    output.answer(
        f"{policy.title} holds: {len(policy.retainer_matrix)} bands of retainers, "
        f"{len(policy.project_matrix)} of projects, {len(policy.tiers)} tiers."
    )
    agency = Agency.get()
    if policy.currency != agency.currency:
        output.say(
            f"It counts in {policy.currency} and the agency in {agency.currency}: "
            "change its amounts and its currency before you publish it."
        )


def _preview(options: argparse.Namespace) -> None:
    policy = _read(options.file)[1].policy
    with output.Progress("Comparing", unit="clients") as progress:

        def show(position: int, total: int) -> None:
            progress.total = total
            progress.advance(position - progress.done)

        result = previewing.preview(policy, progress=show)
    if options.json:
        output.answer_json(as_json(result))
        return
    for line in previewing.lines(result):
        output.answer(line)
    output.say("Nothing was changed. What people have already moved or done stays as it is.")


def as_json(result: previewing.Preview) -> dict[str, Any]:
    """A preview as the command answers it; hours are a month by role, a week by person."""
    return {
        "clients": result.clients,
        "clients_changed": result.clients_changed,
        "promises_appear": result.appear,
        "promises_go": result.go,
        "changes": [
            {
                "rule": change.rule,
                "before": change.before or None,
                "after": change.after or None,
                "gains": change.gains,
                "count": change.count,
                "clients": [{"client_ref": ref, "client": name} for ref, name in change.clients],
            }
            for change in result.changes
        ],
        "tier_moves": [
            {"from": was, "to": becomes, "clients": count}
            for (was, becomes), count in sorted(result.tiers.items())
        ],
        "hours_a_month_by_role": {
            role: _rounded(asdict(load)) for role, load in sorted(result.roles.items())
        },
        "people_over_capacity": [
            {"name": person.name} | _rounded({"hours_a_week": person.after, "capacity": person.capacity})
            for person in result.pushed_over
        ],
    }


def _rounded(hours: dict[str, float]) -> dict[str, float]:
    return {key: round(value, 1) for key, value in hours.items()}


def _publish(options: argparse.Namespace) -> None:
    text, _ = _read(options.file)
    version = publish_text(text, by=Actor.system("playbook"), note=options.note)
    output.answer(f"{version} is live.")
    output.say("The planner brings every client's plan up to date; steadyhand plan does it now.")


def _read(file: str) -> tuple[str, Document]:
    """The text of a file and the playbook it holds."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if file == "-" else _bytes_of(Path(file))
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{file} is not a text file in UTF-8 (byte {error.start + 1}).",
            remedy="Save it as plain text, UTF-8.",
        ) from error
    except OSError as error:
        raise Refusal(
            f"{file} cannot be read: {(error.strerror or str(error)).lower()}.",
            remedy="Check its name and place.",
        ) from error
    return text, loads(text, find_base=find_base)


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)

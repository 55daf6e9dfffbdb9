"""Where observations lie: a Parquet file a client, replaced atomically, read and written in a child process.

`<data folder>/metrics/<client pk>/observations.parquet`, a row a revision: `source VARCHAR,
metric VARCHAR, dims VARCHAR ('' for the total, else "channel=Organic;device=mobile", names sorted), day DATE,
value DOUBLE, numerator DOUBLE, denominator DOUBLE, revision INTEGER, ingested_at TIMESTAMP (UTC)`. Nothing is
ever overwritten: of one (source, metric, dims, day) the latest revision counts, so that what was known at a
cut-off can be asked for later. Any number of processes read while one writes.
"""

from __future__ import annotations

import csv
import datetime as dt
import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from steadyhand.core import children
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics.definitions import METRICS

#: Seconds after which a question is given up.
PATIENCE = 120

#: How a number that is not there is written for the child.
NOTHING = r"\N"

CHILD = Path(__file__).with_name("child.py")


class Unread(Refusal):
    """The figures could not be read or written."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of one day. `dims` is "" for the total; a ratio may bring what it was made of."""

    source: str
    metric: str
    day: dt.date
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    dims: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """What a source has of a metric."""

    source: str
    metric: str
    rows: int
    first_day: dt.date
    last_day: dt.date
    revised: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch did: rows that are new, that replaced another value, and that stood there already."""

    new: int
    replaced: int
    unchanged: int
    first_day: dt.date | None
    last_day: dt.date | None
    replaced_days: tuple[dt.date, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def changed(self) -> int:
        """Rows that made a difference."""
        return self.new + self.replaced


def canonical(dims: Mapping[str, str]) -> str:
    """Dimensions as they are kept: “channel=Organic;device=mobile”, names sorted, empty ones left out."""
    clean = {name.strip().lower(): _plain(value) for name, value in dims.items() if value.strip()}
    return ";".join(f"{name}={value}" for name, value in sorted(clean.items()))


def file_of(client_id: int) -> Path:
    """The client's file, whether it is there or not."""
    return Path(settings.DATA) / "metrics" / str(client_id) / "observations.parquet"


def digest(client_id: int) -> str:
    """A name for what the file contains; "" where there is none."""
    try:
        with file_of(client_id).open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    except FileNotFoundError:
        return ""


def write(
    client_id: int, observations: Iterable[Observation], *, at: dt.datetime, dry: bool = False
) -> Written:
    """Merge observations into the client's file. The same batch again changes nothing; `dry` only looks."""
    file = file_of(client_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as rows:
        writer = csv.writer(rows, lineterminator="\n")
        writer.writerow(["source", "metric", "dims", "day", "value", "numerator", "denominator"])
        writer.writerows(_rows(observations))
        rows.flush()
        summed = [key for key, metric in METRICS.items() if metric.summed]
        asked = {
            "do": "merge",
            "file": str(file),
            "rows": rows.name,
            "at": _stamp(at),
            "dry": dry,
            "summed": summed,
        }
        with _alone(file):
            said = _ask(asked)
            if not dry and said["new"] + said["replaced"]:
                forget_answers(client_id)
    return Written(
        said["new"],
        said["replaced"],
        said["unchanged"],
        _day(said["first"]),
        _day(said["last"]),
        tuple(dt.date.fromisoformat(day) for day in said["replaced_days"]),
        tuple(_spans(said["spans"])),
    )


def drop_source(client_id: int, source: str) -> None:
    """Take everything of a source out of the client's file."""
    file = file_of(client_id)
    if file.exists():
        with _alone(file):
            _ask({"do": "forget", "file": str(file), "source": source})
            forget_answers(client_id)


def spans(client_id: int) -> list[Span]:
    """What each source has of each metric."""
    return _spans(answer(client_id, {"do": "spans"}))


def adopt(client_id: int, other_id: int, names: Mapping[str, str]) -> None:
    """Append what another client has, its sources under these new names; the other's file goes."""
    other, file = file_of(other_id), file_of(client_id)
    if not other.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(file):
        renamed = {"old": list(names), "new": list(names.values())}
        _ask({"do": "adopt", "file": str(file), "other": str(other), "names": renamed})
        forget_answers(client_id)
    shutil.rmtree(other.parent, ignore_errors=True)


def drop(client_id: int) -> None:
    """Delete everything a client ever sent."""
    shutil.rmtree(file_of(client_id).parent, ignore_errors=True)


def answer(client_id: int, question: Mapping[str, Any]) -> Any:
    """What the file says to a question, kept by what file and question contain. No file: an empty list."""
    kept = _place_of_answer(client_id, question)
    if kept is None:
        return []
    try:
        return json.loads(kept.read_bytes())
    except (FileNotFoundError, ValueError):
        said = _ask({**question, "file": str(file_of(client_id))})
    _keep(said, kept)
    return said


def ask_ahead(asked: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Ask one question of each of these clients in one child run: `answer` knows what it says afterwards."""
    places = [(pk, question, _place_of_answer(pk, question)) for pk, question in asked]
    unknown = [(pk, question, kept) for pk, question, kept in places if kept and not kept.exists()]
    if unknown:
        questions = [{**question, "file": str(file_of(pk))} for pk, question, _ in unknown]
        answers = _ask({"do": "several", "questions": questions})
        for (_, _, kept), said in zip(unknown, answers, strict=True):
            _keep(said, kept)


def _place_of_answer(client_id: int, question: Mapping[str, Any]) -> Path | None:
    known = digest(client_id)
    if not known:
        return None
    name = hashlib.blake2b(json.dumps([known, question], sort_keys=True).encode(), digest_size=16).hexdigest()
    return file_of(client_id).parent / "answers" / f"{name}.json"


def _keep(said: Any, kept: Path) -> None:
    kept.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=kept.parent, delete=False) as made:
        made.write(json.dumps(said))
    Path(made.name).replace(kept)


def forget_answers(client_id: int) -> None:
    """Answers from a file that is no more."""
    for kept in (file_of(client_id).parent / "answers").glob("*"):
        kept.unlink(missing_ok=True)


def _ask(asked: Mapping[str, Any]) -> Any:
    try:
        return json.loads(children.run_file(CHILD, json.dumps(asked).encode(), patience=PATIENCE))
    except children.TooSlow as error:
        raise Unread("The figures took too long to read.", remedy="Try again in a minute.") from error
    except children.Failed as error:
        raise Unread(
            f"The figures could not be read: {error.said}.",
            remedy="Nothing was changed. Bring the file in again, or restore it from a backup.",
        ) from error


def _rows(observations: Iterable[Observation]) -> Iterator[list[str]]:
    """Lines for the child; of two for one place the later one counts."""
    last = {(seen.source, seen.metric, seen.dims, seen.day): seen for seen in observations}
    for (source, metric, dims, day), seen in last.items():
        numbers = (seen.value, seen.numerator, seen.denominator)
        yield [
            source,
            metric,
            dims,
            day.isoformat(),
            *(NOTHING if n is None else repr(float(n)) for n in numbers),
        ]


def _spans(lines: Iterable[Sequence[Any]]) -> list[Span]:
    return [
        Span(source, metric, rows, dt.date.fromisoformat(first), dt.date.fromisoformat(last), revised)
        for source, metric, rows, first, last, revised in lines
    ]


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One writer a client at a time."""
    with (file.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _plain(value: str) -> str:
    return " ".join(value.split()).replace(";", ",").replace("=", "-")

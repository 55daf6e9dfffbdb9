"""Asking for attribution from pages and commands: the work is done in a short-lived child process.

DuckDB and NumPy are never loaded here. Files are replaced, never changed in place, so an answer is kept under
what was asked and which files were there; a second look costs nothing. Touches that stay in the agency's own
database are asked for again each hour.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

from steadyhand.core import children, clock
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution.questions import Question

CHILD = "steadyhand.reporting.attribution.child"
#: Answers where the touches stay in the agency's own database.
CHILD_THERE = "steadyhand.reporting.attribution.warehouse"

#: Seconds. A page gives up earlier than a command.
PAGE_PATIENCE, COMMAND_PATIENCE = 60, 3600

#: Another shape of answer makes the ones that are kept worthless.
EDITION = 2


def ask(question: Question, *, patience: int = COMMAND_PATIENCE) -> dict[str, Any]:
    """The answer (see `answering.answer_of`). Refuses in a sentence what cannot be answered."""
    found: dict[str, Any] = run_child(
        CHILD_THERE if question.engine else CHILD, question.plain(), patience=patience
    )
    return found


def look(question: Question, *, patience: int = PAGE_PATIENCE) -> str:
    """Which tables of the agency's database can be read. Refuses where they cannot."""
    asked = question.plain() | {"only_look": True}
    return str(run_child(CHILD_THERE, asked, patience=patience))


def ask_once(question: Question, folder: Path, *, patience: int = PAGE_PATIENCE) -> dict[str, Any]:
    """The same, kept in `folder`."""
    kept = folder / f"{_key(question)}.json"
    try:
        found: dict[str, Any] = json.loads(kept.read_bytes())
    except (FileNotFoundError, ValueError):
        found = ask(question, patience=patience)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = kept.with_name(f".{uuid.uuid4().hex}")
        draft.write_text(json.dumps(found))
        draft.replace(kept)
    return found


SHORTER = "Ask for a shorter period, or use the command `steadyhand attribution`."


def run_child(module: str, asked: dict[str, Any], *, patience: int, instead: str = SHORTER) -> Any:
    """What a child module answers to a question on its standard input; `instead` is what to do when it takes
    too long.
    """
    try:
        answer = json.loads(children.run_module(module, json.dumps(asked).encode(), patience=patience))
    except children.TooSlow as error:
        raise Refusal(
            f"Working out the paths took longer than {patience} seconds.",
            remedy=instead,
        ) from error
    except children.Failed as error:
        raise Refusal(
            f"The paths could not be worked out: {error.said}.",
            remedy="If memory is short, ask for a shorter period.",
        ) from error
    if "refused" in answer:
        sentence, remedy, field = answer["refused"]
        raise Refusal(sentence, remedy=remedy, field=field)
    return answer["answer"]


def _key(question: Question) -> str:
    if question.engine:  # its tables change when they like; an answer stands for an hour
        which: list[Any] = [clock.now().strftime("%Y-%m-%dT%H")]
    else:
        stats = [Path(path).stat() for path in (question.touchpoints, question.conversions)]
        which = [[stat.st_ino, stat.st_size, stat.st_mtime_ns] for stat in stats]
    said = json.dumps([EDITION, question.plain(), which], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()

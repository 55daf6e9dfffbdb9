"""What is asked of the attribution, in plain values that go to the child process and into the cache's key."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from steadyhand.core.refusals import Refusal

#: What a person sees, in the order of the table; the keys are those of the answer.
MODELS = {
    "last": "Last touch",
    "last_non_direct": "Last non-direct",
    "first": "First touch",
    "linear": "Linear",
    "time_decay": "Time decay",
    "position": "Position",
    "markov": "Markov",
    "shapley": "Shapley",
}

#: Below so many conversions a data-driven model says how unsure it is.
FEW_CONVERSIONS = 400

LOOKBACK_DAYS, HALF_LIFE_DAYS = 30.0, 7.0
LONGEST_LOOKBACK = 3650


#: How files of a GA4 export end.
KINDS = (".parquet", ".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")


class BadTable(Refusal):
    """A table of touches or conversions cannot be read as one."""


@dataclass(frozen=True, slots=True)
class Question:
    """Two tables and how to read them. `lookback` and `half_life` are days.

    They are files (Parquet or CSV); with `engine`, a database's address, they are tables there, of which the
    rows of `client` are read.

    Conversions from `start` up to before `end` count (ISO times, UTC without zone; "" is open); touches
    before `start` still belong to their paths. `top` is how many paths are listed.
    """

    touchpoints: str
    conversions: str
    lookback: float = LOOKBACK_DAYS
    half_life: float = HALF_LIFE_DAYS
    start: str = ""
    end: str = ""
    top: int = 100
    engine: str = field(default="", repr=False)
    client: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be asked."""
        if not 0 < self.lookback <= LONGEST_LOOKBACK:
            raise Refusal(
                f"A look-back of {self.lookback:g} days cannot be used.",
                remedy=f"Give more than 0 and at most {LONGEST_LOOKBACK:,} days; 30 is usual.",
                field="lookback",
            )
        if not 0 < self.half_life <= LONGEST_LOOKBACK:
            raise Refusal(
                f"A half-life of {self.half_life:g} days cannot be used.",
                remedy=f"Give more than 0 and at most {LONGEST_LOOKBACK:,} days; 7 is usual.",
                field="half_life",
            )
        for path in () if self.engine else (self.touchpoints, self.conversions):
            if not Path(path).is_file():
                raise Refusal(f"There is no file {path}.", remedy="Check the name and the folder.")

    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def export_files(path: Path) -> list[Path]:
    """The files of an export: itself, or those in a folder, by name."""
    if path.is_dir():
        return sorted(one for one in path.rglob("*") if one.is_file() and one.name.lower().endswith(KINDS))
    return [path]

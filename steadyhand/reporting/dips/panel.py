"""The figures the detector looks at: many daily series beside each other, in one matrix."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float32]
type Flags = NDArray[np.bool_]
type Whole = NDArray[np.int32]


class Kind(IntEnum):
    """How the noise of a series behaves.

    COUNT: events counted. RATE: events out of chances (conversions ÷ sessions). PER: a value for each of
    so many events (cost ÷ clicks). MONEY: an amount. PLAIN: a ratio of which only the quotient is known.
    RANK: a place in a list, where less is better.
    """

    COUNT = 0
    RATE = 1
    PER = 2
    MONEY = 3
    PLAIN = 4
    RANK = 5


@dataclass(frozen=True, slots=True)
class Panel:
    """Series in columns, days in rows (from `start`, without a gap); a day that is not known is NaN, never 0.

    `values` has the counted or measured amounts; for RATE and PER they are numerators, and `exposures` has
    the denominators (1 for other kinds). `worse` is −1 where a fall is bad, +1 where a rise is.
    """

    names: list[str]
    start: dt.date
    kinds: NDArray[np.int8]
    worse: NDArray[np.int8]
    values: Floats
    exposures: Floats | None = None
    steps: int = 1  # rows a day: 24 for hours
    clients: Whole | None = None  # whose each series is; None: nobody shares one

    @property
    def days(self) -> int:
        """How many days the matrix has."""
        return int(self.values.shape[0])

    def day(self, row: int) -> tuple[Floats, Floats | None]:
        """The amounts and the denominators of one day."""
        return self.values[row], None if self.exposures is None else self.exposures[row]

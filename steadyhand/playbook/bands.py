"""Bands of money: each states its upper edge and whether the edge itself belongs to it (MISSION B2).

A list of bands covers every amount from 0 exactly once: a band begins where the one before it ends, and
the last is open-ended. Where a source leaves an edge to two bands, the client gets the better one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Annotated, Any

from babel.numbers import get_currency_symbol
from pydantic import BaseModel, BeforeValidator, ConfigDict

CENT = Decimal("0.01")
_BETWEEN_EDGES = 0.5  # sorts after an edge that is excluded (0) and before one that is owned (1)


class Part(BaseModel):
    """A frozen piece of policy; a key nobody knows is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", revalidate_instances="always")


def _amount(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError("This is not an amount of money. Write digits, for instance 1500 or 1500.50.")
    try:
        amount = Decimal(str(value).replace(",", "").strip())
        exact = amount.quantize(CENT, ROUND_HALF_EVEN)
    except ArithmeticError as error:
        raise ValueError(
            f"“{value}” is not an amount of money. Write digits, for instance 1500.50."
        ) from error
    if not amount.is_finite() or amount >= Decimal(10) ** 12:
        raise ValueError(f"“{value}” is not an amount anybody pays. Write a smaller one.")
    if amount < 0:
        raise ValueError(f"{value} is below zero. Write 0 or more.")
    if exact != amount:
        raise ValueError(f"{value} has fractions of a penny. Write at most two decimals.")
    return exact


Amount = Annotated[Decimal, BeforeValidator(_amount)]
"""Money in the playbook's currency, exact to two decimals, never below zero."""


class Band(Part):
    """A span of money. `up_to` is its upper edge (left out in the last band), `inclusive` says whether the
    edge itself belongs to it. `starts_at` may repeat the edge before, as a check for the reader."""

    up_to: Amount | None = None
    inclusive: bool = False
    starts_at: Amount | None = None

    @property
    def edge(self) -> tuple[Decimal, int]:
        """What sorts bands; only for a band that has an upper edge."""
        assert self.up_to is not None  # noqa: S101
        return self.up_to, int(self.inclusive)


class BandFault(ValueError):
    """A band that does not fit its neighbours; `index` counts from 0."""

    def __init__(self, index: int, sentence: str) -> None:
        self.index = index
        super().__init__(sentence)


def check_bands[B: Band](bands: tuple[B, ...], name: str) -> tuple[B, ...]:
    """The bands, if they are gapless; else `BandFault`, saying which is wrong and how to mend it."""
    if not bands:
        raise ValueError(f"{name} has no bands. Add one without up_to, which then holds every amount.")
    for index, band in enumerate(bands):
        before = bands[index - 1] if index else None
        fault = _start_fault(band, before) or _end_fault(band, before, last=index == len(bands) - 1)
        if fault:
            raise BandFault(index, f"{name} has {fault.format(band=f'band {index + 1}')}")
    return bands


def _start_fault(band: Band, before: Band | None) -> str:
    expected = (before.up_to if before else Decimal(0)) or Decimal(0)
    if band.starts_at is None or band.starts_at == expected:
        return ""
    fault = "a gap" if band.starts_at > expected else "an overlap"
    return (
        f"{fault}: {{band}} says it starts at {figure(band.starts_at)}, where the amounts before it end at "
        f"{figure(expected)}. Write starts_at = {expected} or leave it out."
    )


def _end_fault(band: Band, before: Band | None, *, last: bool) -> str:
    if last:
        if band.up_to is None:
            return ""
        return (
            f"a gap: {{band}} is the last and ends at {figure(band.up_to)}, so more than that has no band. "
            "Take its up_to out, or add an open-ended band after it."
        )
    if band.up_to is None:
        return (
            "an overlap: {band} has no up_to, so it holds everything that the bands after it claim. "
            "Give it an upper edge."
        )
    held = before.edge if before else (Decimal(0), 0)
    if band.edge > held:
        return ""
    return (
        f"an overlap: {{band}} ends at {figure(band.up_to)}, which the bands before it (up to "
        f"{figure(held[0])}) already hold. Raise its up_to above {figure(held[0])}, or take the band out."
    )


def edges(bands: Sequence[Band]) -> list[tuple[Decimal, float]]:
    """The upper edges, prepared for `index_in`."""
    return [band.edge for band in bands[:-1]]


def index_in(prepared: list[tuple[Decimal, float]], amount: Decimal) -> int:
    """Which band holds the amount, counted from 0."""
    return bisect_right(prepared, (amount, _BETWEEN_EDGES))


def band_holding[B: Band](bands: Sequence[B], amount: Decimal) -> B:
    """The band that holds the amount."""
    return bands[index_in(edges(bands), amount)]


def band_words(bands: Sequence[Band], index: int, currency: str) -> str:
    """A band as people say it: “above £1,000 and under £1,500”."""
    before, band = (bands[index - 1] if index else None), bands[index]
    low = money(before.up_to, currency) if before and before.up_to is not None else ""
    high = money(band.up_to, currency) if band.up_to is not None else ""
    owns_low = before is not None and not before.inclusive
    if not low:
        return f"{'up to' if band.inclusive else 'under'} {high}" if high else "any amount"
    if not high:
        return f"{low} and more" if owns_low else f"above {low}"
    if owns_low:
        return f"{low} to {high}" if band.inclusive else f"{low} to under {high}"
    return f"above {low} up to {high}" if band.inclusive else f"above {low} and under {high}"


def figure(amount: Decimal) -> str:
    """“1,500” or “1,500.50”."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


@lru_cache(maxsize=256)
def symbol(currency: str) -> str:
    """“£”, “$”; the code and a space for a currency without a sign of its own."""
    sign: str = get_currency_symbol(currency, locale="en_GB")
    sign = {"US$": "$"}.get(sign, sign)
    return f"{sign} " if sign.isalpha() else sign


def money(amount: Decimal | None, currency: str) -> str:
    """“£1,500”; quick enough to be called for every promise."""
    return f"{symbol(currency)}{figure(amount or Decimal(0))}"

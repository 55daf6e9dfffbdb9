"""Money: a Decimal and an ISO 4217 currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache

from babel.core import Locale
from babel.numbers import format_currency, get_currency_precision

from steadyhand.core.refusals import Refusal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency; adds only to its own kind."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added without a rate.")
        return Money(self.amount + other.amount, self.currency)

    def __str__(self) -> str:
        return show(self.amount, self.currency)


@lru_cache(maxsize=4096)
def show(amount: Decimal, currency: str, locale: str = "en_GB") -> str:
    """“£2,400” or “£2,400.50”: pence only where there are any."""
    whole = amount == amount.to_integral_value()
    text: str = format_currency(
        amount,
        currency,
        locale=Locale.parse(locale.replace("-", "_")),
        currency_digits=not whole,
        decimal_quantization=True,
        format="¤#,##0" if whole and locale.startswith("en") else None,
    )
    return text


def parse_amount(text: str, *, field: str = "amount") -> Decimal:
    """An amount as people type it (“£2,400.50”, “2 400”, “2.400,50”), rounded to pence; refuses the rest."""
    cleaned = "".join(c for c in text.strip() if c.isdigit() or c in ".,-")
    comma, dot = cleaned.rfind(","), cleaned.rfind(".")
    if comma > dot and len(cleaned) - comma - 1 != 3:
        cleaned = cleaned.replace(".", "").replace(",", ".")
    elif dot > comma >= 0 or dot < 0:
        cleaned = cleaned.replace(",", "")
    elif comma > dot >= 0:
        cleaned = cleaned.replace(".", "").replace(",", ".")
    try:
        amount = Decimal(cleaned).quantize(CENT, ROUND_HALF_EVEN)
    except InvalidOperation as error:
        raise Refusal(
            f"“{text}” is not an amount of money.", remedy="Write digits, for instance 2400.00.", field=field
        ) from error
    if amount < 0:
        raise Refusal(
            f"“{text}” is below zero.", remedy="Write what the client pays, 0 or more.", field=field
        )
    return amount


def check_currency(code: str) -> str:
    """The ISO code in capitals; refuses one that does not exist."""
    code = code.strip().upper()
    if code not in Locale("en").currencies:
        raise Refusal(
            f"“{code}” is not a currency we know.",
            remedy="Use the ISO code, for instance GBP.",
            field="currency",
        )
    get_currency_precision(code)
    return code

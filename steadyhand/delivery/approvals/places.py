"""Reading where a comment is meant: a place of a picture, a time of a video, as pages send them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from steadyhand.core.refusals import Refusal

TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,5})(?:[.,](\d))?\d*")


def read_place(x: str, y: str) -> tuple[Decimal, Decimal] | None:
    """Per cent from the left and from the top, to two decimals; None where nothing was chosen."""
    if not x.strip() or not y.strip():
        return None
    try:
        across, down = (Decimal(one.strip()).quantize(Decimal("0.01")) for one in (x, y))
    except InvalidOperation as error:
        raise Refusal(
            "That place is no number.", remedy="Click into the picture again.", field="text"
        ) from error
    if not (across.is_finite() and down.is_finite()):
        raise Refusal("That place is no number.", remedy="Click into the picture again.", field="text")
    return across, down


def read_time(text: str) -> Decimal | None:
    """Seconds into a video, of “1:05”, “65” or “12.5”; None where nothing was written."""
    if not text.strip():
        return None
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise Refusal(
            f"“{text.strip()[:20]}” is no time.", remedy="Write minutes and seconds, as 1:05.", field="at"
        )
    return Decimal(int(found[1] or 0) * 60 + int(found[2])) + Decimal(int(found[3] or 0)) / 10

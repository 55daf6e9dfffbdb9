"""Days as people write them on the command line."""

from __future__ import annotations

import argparse
import datetime as dt


def day(text: str) -> dt.date:
    """A date written 2026-11-27; anything else is wrong usage, with a sentence."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day; write it as 2026-11-27") from None

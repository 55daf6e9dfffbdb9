"""What the worker does for the ledger again and again; each may be killed and run again."""

from __future__ import annotations

import datetime as dt

from steadyhand.commitments.ageing import stamp_missed
from steadyhand.commitments.planning import PLANNING, plan_book
from steadyhand.core.duties import duty
from steadyhand.core.models import Agency


@duty(PLANNING, every=dt.timedelta(seconds=15))
def keep_plans() -> None:
    """Plan every client that is behind; costs next to nothing where none is."""
    if Agency.current() is not None:
        plan_book()


@duty("commitments.stamp_missed", every=dt.timedelta(minutes=10))
def stamp() -> None:
    """Stamp promises whose period has ended."""
    if Agency.current() is not None:
        stamp_missed()

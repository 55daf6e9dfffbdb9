"""What the worker does for clients' files again and again."""

from __future__ import annotations

import datetime as dt

from steadyhand.core.duties import duty
from steadyhand.core.sweeping import sweep


@duty("files.sweep", every=dt.timedelta(days=1))
def sweep_files() -> None:
    """Remove files that no row names any more."""
    sweep()

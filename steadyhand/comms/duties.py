"""What the worker does for meetings again and again; each may be killed and run again."""

from __future__ import annotations

import datetime as dt

from steadyhand.comms.team_meetings import make_all_next
from steadyhand.core.duties import duty
from steadyhand.core.models import Agency


@duty("comms.make_team_meetings", every=dt.timedelta(hours=1))
def keep_series() -> None:
    """Put the next meetings of the team in the diary."""
    if Agency.current() is not None:
        make_all_next()

"""What the worker does for deliveries again and again; each may be killed and run again."""

from __future__ import annotations

import datetime as dt

from steadyhand.core.duties import duty
from steadyhand.core.models import Agency
from steadyhand.delivery.approvals.reminding import remind_everybody


@duty("delivery.remind_of_approvals", every=dt.timedelta(hours=1))
def remind_of_approvals() -> None:
    """Draft the reminders that are due to whoever has not answered."""
    if Agency.current() is not None:
        remind_everybody()

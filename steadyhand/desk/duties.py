"""What the worker composes again and again; each may be killed and run again."""

from __future__ import annotations

import datetime as dt

from steadyhand.core.duties import duty
from steadyhand.core.models import Agency
from steadyhand.desk.call_brief_mail import DUTY, mail_briefs


@duty(DUTY, every=dt.timedelta(minutes=10))
def briefs() -> None:
    """Mail the briefs of tomorrow's calls."""
    if Agency.current() is not None:
        mail_briefs()

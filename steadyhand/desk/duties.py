"""What the worker composes again and again; each may be killed and run again."""

from __future__ import annotations

import datetime as dt

from steadyhand.core.duties import duty
from steadyhand.core.models import Agency
from steadyhand.desk import call_brief_mail, news_mail


@duty(call_brief_mail.DUTY, every=dt.timedelta(minutes=10))
def briefs() -> None:
    """Mail the briefs of tomorrow's calls."""
    if Agency.current() is not None:
        call_brief_mail.mail_briefs()


@duty(news_mail.DUTY, every=dt.timedelta(seconds=60))
def news() -> None:
    """Mail everybody what happened, at the hours they chose."""
    if Agency.current() is not None:
        news_mail.mail_news()

"""What the worker does for mail and meetings again and again; each may be killed and run again."""

from __future__ import annotations

import datetime as dt

from steadyhand.comms.mail.imap import read_all
from steadyhand.comms.mail.receiving.taking_in import forget_old_arrivals
from steadyhand.comms.meetings.team_meetings import make_all_next
from steadyhand.core.duties import duty
from steadyhand.core.models import Agency


@duty("comms.make_team_meetings", every=dt.timedelta(hours=1))
def keep_series() -> None:
    """Put the next meetings of the team in the diary."""
    if Agency.current() is not None:
        make_all_next()


@duty("comms.read_mailboxes", every=dt.timedelta(minutes=2))
def read_mailboxes() -> None:
    """Take in what is new in every connected mailbox."""
    read_all()


@duty("comms.forget_arrivals", every=dt.timedelta(days=1))
def forget_arrivals() -> None:
    """Forget mail that was dropped or left alone a quarter ago."""
    forget_old_arrivals()

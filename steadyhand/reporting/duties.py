"""What the worker does for figures and reports again and again; each may be killed and run again."""

from __future__ import annotations

import datetime as dt

from steadyhand.core.actor import Actor
from steadyhand.core.duties import duty
from steadyhand.core.models import Agency
from steadyhand.reporting.dips.noticing import notice_dips
from steadyhand.reporting.insights.making import make_insights
from steadyhand.reporting.metrics import connecting, fetching
from steadyhand.reporting.reports.drafting import draft_activities, draft_due


@duty("reporting.draft_reports", every=dt.timedelta(minutes=30))
def draft_reports() -> None:
    """Draft the reports that are due soon, and the activity reports of the day."""
    if Agency.current() is not None:
        draft_due()
        draft_activities()


@duty(connecting.DUTY, every=dt.timedelta(minutes=5))
def fetch_figures() -> None:
    """Read the connected tools that are due."""
    fetching.fetch_due(by=Actor.system("figures"))


@duty("reporting.notice_dips", every=dt.timedelta(hours=1))
def notice() -> None:
    """Compare every client's figures with what was to be expected, once they have changed."""
    if Agency.current() is not None:
        notice_dips()


@duty("reporting.make_insights", every=dt.timedelta(hours=6))
def make_prompts() -> None:
    """Ask the rules about every client: what is worth saying (R8)."""
    if Agency.current() is not None:
        make_insights()

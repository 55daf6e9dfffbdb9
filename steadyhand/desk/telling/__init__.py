"""Acts of the rooms above the ledger in words, a file for each family; `desk.event_words` collects them."""

from collections.abc import Callable
from typing import Any

from steadyhand.desk.telling.agreements import OF_AGREEMENTS
from steadyhand.desk.telling.approvals import OF_APPROVALS
from steadyhand.desk.telling.attribution import OF_ATTRIBUTION
from steadyhand.desk.telling.calls import OF_CALLS
from steadyhand.desk.telling.care import OF_CARE
from steadyhand.desk.telling.delivery import OF_DELIVERY
from steadyhand.desk.telling.dips import OF_DIPS
from steadyhand.desk.telling.forms import OF_FORMS
from steadyhand.desk.telling.insights import OF_INSIGHTS
from steadyhand.desk.telling.knowledge import OF_KNOWLEDGE
from steadyhand.desk.telling.mail import OF_MAIL
from steadyhand.desk.telling.meetings import OF_MEETINGS
from steadyhand.desk.telling.messages import OF_MESSAGES
from steadyhand.desk.telling.metrics import OF_METRICS
from steadyhand.desk.telling.newbusiness import OF_NEWBUSINESS
from steadyhand.desk.telling.onboarding import OF_ONBOARDING
from steadyhand.desk.telling.portal import OF_PORTAL
from steadyhand.desk.telling.reports import OF_REPORTS
from steadyhand.desk.telling.team import OF_TEAM
from steadyhand.desk.telling.work import OF_WORK

OF_ROOMS: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = (
    OF_AGREEMENTS
    | OF_APPROVALS
    | OF_ATTRIBUTION
    | OF_CALLS
    | OF_CARE
    | OF_DELIVERY
    | OF_DIPS
    | OF_FORMS
    | OF_INSIGHTS
    | OF_KNOWLEDGE
    | OF_MAIL
    | OF_MEETINGS
    | OF_MESSAGES
    | OF_METRICS
    | OF_NEWBUSINESS
    | OF_ONBOARDING
    | OF_PORTAL
    | OF_REPORTS
    | OF_TEAM
    | OF_WORK
)

__all__ = ["OF_ROOMS"]

"""The rules a playbook may make promises by. Keys outlive versions: a commitment names its rule for ever."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from steadyhand.playbook.responsibilities import Responsibility as R


class Kind(StrEnum):
    """What sort of thing is owed. `call` and `report` come from the two matrices and nothing else."""

    CALL = "call"
    REPORT = "report"
    DASHBOARD = "dashboard"
    SPONSOR_CALL = "sponsor_call"
    SURVEY = "survey"
    REVIEW = "review"
    MEETING = "meeting"
    SETUP = "setup"
    PLAN_AGREEMENT = "plan_agreement"
    FOLLOW_UP = "follow_up"
    ACTION = "action"
    ENTERTAINMENT = "entertainment"


@dataclass(frozen=True, slots=True)
class Rule:
    """What every promise of a rule has in common.

    `noun` reads after a cadence (“weekly call”); `minutes` is planned where a client's own plan names
    none; `once` marks what cannot repeat; internal promises are never shown to the client.
    """

    key: str
    kind: Kind
    noun: str
    responsibility: R
    minutes: int
    once: bool = False
    internal: bool = False


RULES: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule("call", Kind.CALL, "call", R.DAY_TO_DAY_COMMS, 45),
        Rule("report", Kind.REPORT, "report", R.REPORTING_ADMIN, 90),
        Rule("dashboard", Kind.DASHBOARD, "live dashboard", R.REPORTING_ADMIN, 120, once=True),
        Rule("opening-call", Kind.CALL, "opening call", R.DAY_TO_DAY_COMMS, 60, once=True),
        Rule("project-call", Kind.CALL, "project call", R.PROJECT_LEAD, 30),
        Rule("closing-report", Kind.REPORT, "closing report", R.REPORTING_ADMIN, 120, once=True),
        Rule("project-setup", Kind.SETUP, "project set-up", R.PROJECT_LEAD, 120, once=True),
        Rule("first-month-meeting", Kind.MEETING, "first-month meeting", R.DAY_TO_DAY_COMMS, 45, once=True),
        Rule("service-setup", Kind.SETUP, "service set-up", R.INTERNAL_PM, 60, once=True),
        Rule(
            "plan-agreement",
            Kind.PLAN_AGREEMENT,
            "agreement of the plan",
            R.SENIOR_ACCOUNT_STRATEGY,
            60,
            once=True,
            internal=True,
        ),
        Rule("sponsor-call", Kind.SPONSOR_CALL, "sponsor call", R.SPONSORSHIP, 30),
        Rule("survey", Kind.SURVEY, "survey", R.DAY_TO_DAY_COMMS, 15),
        Rule("review", Kind.REVIEW, "client review", R.STRATEGIC_COMMS, 90),
        Rule(
            "entertainment", Kind.ENTERTAINMENT, "entertainment planning", R.ENTERTAINMENT, 30, internal=True
        ),
        Rule("paid-search-report", Kind.ACTION, "paid-search report", R.REPORTING_ADMIN, 30),
        Rule("upsell-review", Kind.ACTION, "look for upsell and cross-sell", R.COMMERCIAL, 30, internal=True),
        Rule("surprise-vote", Kind.ACTION, "surprise-and-delight vote", R.TEAM_LEADERSHIP, 15, internal=True),
    )
}

#: The rules that a client's own plan may name (the rest follow from an engagement's start or the agency).
DEPARTABLE = tuple(key for key in RULES if key not in {"plan-agreement", "surprise-vote"})

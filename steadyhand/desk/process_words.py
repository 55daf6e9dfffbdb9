"""What the playbook's promises mean to a client, in the words of the page that is presented to them (W4)."""

from __future__ import annotations

from steadyhand.core.recurrence import Cadence
from steadyhand.playbook.content import Role
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.promises import Promise
from steadyhand.playbook.rules import RULES

#: What they get, by rule. Minutes only where the client sits in.
_GIVEN = {
    "call": "{minutes} min, on a day that suits you",
    "project-call": "{minutes} min, on a day that suits you",
    "report": "what we did, what it brought, what comes next; due {period}",
    "paid-search-report": "spend and leads, and our question how good they were",
    "dashboard": "your figures, whenever you look",
    "review": "{minutes} min: what we agreed, what came of it, what is next",
    "survey": "a few questions on how we are doing; you tell us, we act",
    "sponsor-call": "{minutes} min with somebody senior who asks how happy you are",
    "closing-report": "on the last day: what we did and what it brought",
}

_PERIODS = {
    Cadence.WEEKLY: "at the end of each week",
    Cadence.FORTNIGHTLY: "at the end of each fortnight",
    Cadence.MONTHLY: "at the end of each month",
    Cadence.QUARTERLY: "at the end of each quarter",
    Cadence.HALF_YEARLY: "at the end of each half-year",
    Cadence.YEARLY: "at the end of each year",
}


def given_title(promise: Promise) -> str:
    """“Weekly call”; what is made once by its name alone: “Live dashboard”."""
    return promise.title if promise.cadence is not Cadence.ONCE else RULES[promise.rule].noun.capitalize()


def given_words(promise: Promise) -> str:
    """What a promise means for them; nothing for a rule that nobody has put into words."""
    said = _GIVEN.get(promise.rule, "")
    return said.format(minutes=promise.minutes, period=period_words(promise.cadence))


def period_words(cadence: Cadence) -> str:
    """“at the end of each month”."""
    return _PERIODS.get(cadence, "once")


def dated_words(promise: Promise, policy: Policy) -> tuple[str, str] | None:
    """(title, words) of what has a day within the first weeks; None for the rest."""
    first_month = policy.first_month
    if promise.rule == "service-setup":
        aside = "; a website takes longer" if first_month.except_website_builds else ""
        within = in_words(first_month.setup_within_days, "day")
        return "Everything is set up", f"Every service runs within {within} of the start{aside}."
    if promise.rule == "first-month-meeting":
        decline = "; say no to any you do not need" if first_month.client_may_decline else ""
        return (
            "The first of your weekly meetings",
            f"{promise.minutes} min a week, for the first month{decline}.",
        )
    titles = {
        "plan-agreement": ("Your plan, in writing", "How often we call, report and review."),
        "opening-call": ("Opening call", f"{promise.minutes} min: who does what, and by when."),
        "project-setup": ("Everything is set up", "The project runs."),
        "dashboard": ("Your live dashboard", "Your figures, from now on whenever you look."),
        "report": ("Your first report", "What we did, what it brought, what comes next."),
    }
    return titles.get(promise.rule)


def role_name(role: Role | str) -> str:
    """“account manager”."""
    return Role(role).value.replace("_", " ")


def in_words(count: int, noun: str) -> str:
    """“1 working day”, “5 working days”."""
    return f"{count} {noun}{'' if count == 1 else 's'}"

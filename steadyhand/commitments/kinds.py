"""What kinds of promise there are, and the states a promise goes through."""

from __future__ import annotations

from django.db import models


class Kind(models.TextChoices):
    """Call and report are the reporting matrix's rows and nothing else."""

    CALL = "call", "call"
    REPORT = "report", "report"
    DASHBOARD = "dashboard", "dashboard"
    SPONSOR_CALL = "sponsor_call", "sponsor's call"
    SURVEY = "survey", "survey"
    REVIEW = "review", "review"
    MEETING = "meeting", "meeting"
    SETUP = "setup", "set-up"
    PLAN_AGREEMENT = "plan_agreement", "plan agreement"
    FOLLOW_UP = "follow_up", "follow-up"
    ACTION = "action", "action"
    ENTERTAINMENT = "entertainment", "entertainment"


#: Kinds that take up the owner's time at an agreed hour; two of them never overlap.
TIMED = frozenset({Kind.CALL, Kind.MEETING, Kind.REVIEW, Kind.SPONSOR_CALL})


class State(models.TextChoices):
    """Where a promise stands. Overdue is not a state: it is open past its due time.

    A missed one may still be kept, late; the stamp that it was missed stays.
    """

    OPEN = "open", "open"
    DONE = "done", "done"
    DONE_LATE = "done_late", "done late"
    MISSED = "missed", "missed"
    WAIVED = "waived", "waived"
    WITHDRAWN = "withdrawn", "withdrawn"


#: States in which something is still to be done.
OWED = (State.OPEN, State.MISSED)

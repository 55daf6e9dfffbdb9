"""What the pages of a handover say of a step."""

from __future__ import annotations

import datetime as dt

from django import template

from steadyhand.onboarding.steps import Step

register = template.Library()


@register.filter
def late(step: Step, today: dt.date) -> bool:
    """Whether the step is overdue on that day."""
    return step.is_late(today)

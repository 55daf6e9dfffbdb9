"""Agreeing a plan: the shape of what is typed."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.core.recurrence import Cadence
from steadyhand.desk.plan_page import WEEKDAYS, Line

REPEATING = [(c.value, c.words.capitalize()) for c in Cadence if c is not Cadence.ONCE]


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None


class TimeForm(forms.Form):
    """Day and time agreed with the client for one rule."""

    weekday = forms.TypedChoiceField(
        choices=[("", "No fixed weekday"), *((str(n), name) for n, name in enumerate(WEEKDAYS))],
        coerce=_number,
        empty_value=None,
        required=False,
    )
    day_of_month = forms.IntegerField(min_value=1, max_value=31, required=False, label="Day of the month")
    time = forms.TimeField(
        required=False,
        label="Time on their clock",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    @classmethod
    def of(cls, line: Line, data: Any = None) -> TimeForm:
        """The form of a line, with the fields that its cadence has, filled with what is agreed."""
        agreed = line.agreed
        initial = (
            {"weekday": agreed.weekday, "day_of_month": agreed.day_of_month, "time": agreed.time}
            if agreed
            else None
        )
        form = cls(data, initial=initial, auto_id=f"{line.anchor}-%s")
        has = {"weekday": line.has_weekday, "day_of_month": line.has_day_of_month, "time": line.has_time}
        for name, is_there in has.items():
            if not is_there:
                del form.fields[name]
        return form


class DepartureForm(forms.Form):
    """What this client gets instead of what the playbook says."""

    cadence = forms.ChoiceField(required=False, label="How often")
    minutes = forms.IntegerField(
        min_value=1, max_value=480, required=False, help_text="Empty: as the playbook says."
    )
    reason = forms.CharField(max_length=300, label="Why", help_text="Your colleagues will read it.")

    @classmethod
    def of(cls, line: Line, data: Any = None) -> DepartureForm:
        """The form of a line, filled with its departure where it has one."""
        before = line.departure
        initial = (
            {"cadence": before.cadence, "minutes": before.minutes, "reason": before.reason}
            if before
            else {"cadence": line.cadence.replace("-", "_")}
        )
        form = cls(data, initial=initial, auto_id=f"{line.anchor}-departure-%s")
        often = REPEATING if line.may_repeat else [(Cadence.ONCE.value, "Once, as the playbook says")]
        cadence = form.fields["cadence"]
        assert isinstance(cadence, forms.ChoiceField)  # noqa: S101
        cadence.choices = [("", "Not at all"), *often]
        return form


class AdditionForm(forms.Form):
    """Something that the playbook does not give this client."""

    rule = forms.ChoiceField(label="What")
    cadence = forms.ChoiceField(choices=[*REPEATING, (Cadence.ONCE.value, "Once")], label="How often")
    minutes = forms.IntegerField(min_value=1, max_value=480, required=False)
    reason = forms.CharField(max_length=300, label="Why")

    def __init__(self, rules: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, auto_id="addition-%s")
        rule = self.fields["rule"]
        assert isinstance(rule, forms.ChoiceField)  # noqa: S101
        rule.choices = rules

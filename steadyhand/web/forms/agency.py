"""The agency's own settings."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.core.models import Agency
from steadyhand.web.forms.places import PlaceField, countries, currencies, zones

WEEK = [(str(day), name) for day, name in enumerate(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])]


def date_input() -> forms.DateInput:
    """The browser's own calendar; it wants ISO dates."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class WeekField(forms.MultipleChoiceField):
    """Weekdays as boxes to tick; the value is digits, Monday is 0."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=WEEK, **options)

    def prepare_value(self, value: Any) -> Any:
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return "".join(sorted(super().clean(value)))


class FoundingForm(forms.Form):
    """What an agency is, the first time it says so."""

    name = forms.CharField(max_length=200, label="Name of the agency")
    currency = PlaceField(
        choices=currencies, help_text="Every figure is kept in it, so it cannot change later."
    )
    country = PlaceField(choices=countries, help_text="Its public holidays are days off.")
    zone = PlaceField(choices=zones, label="Time zone")
    working_days = WeekField(label="Working week", help_text="Promises fall on these days.")


class AgencyForm(forms.Form):
    """What an agency may change about itself."""

    name = forms.CharField(max_length=200, label="Name of the agency")
    country = PlaceField(choices=countries, help_text="Its public holidays are days off.")
    subdivision = forms.CharField(
        max_length=10,
        required=False,
        label="Part of the country",
        help_text="Where holidays differ within it, as SCT for Scotland or BY for Bavaria.",
    )
    zone = PlaceField(choices=zones, label="Time zone")
    working_days = WeekField(label="Working week")
    day_starts = forms.TimeField(
        label="Day starts", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    day_ends = forms.TimeField(
        label="Day ends", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    horizon_weeks = forms.IntegerField(
        min_value=1, max_value=104, label="Weeks ahead", help_text="How far commitments are planned."
    )

    @classmethod
    def of(cls, agency: Agency, data: Any = None) -> AgencyForm:
        """The form, filled with what is."""
        return cls(data, initial={name: getattr(agency, name) for name in cls.base_fields})


class ClosedDayForm(forms.Form):
    """A day the agency does not work."""

    day = forms.DateField(widget=date_input())
    reason = forms.CharField(max_length=200, required=False, help_text="As “Summer party”.")


class RateForm(forms.Form):
    """What one unit of a currency is worth, from a day on."""

    currency = PlaceField(choices=currencies)
    rate = forms.DecimalField(max_digits=18, decimal_places=8, label="One is worth")
    from_day = forms.DateField(widget=date_input(), label="From")

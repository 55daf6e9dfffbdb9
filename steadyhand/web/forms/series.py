"""What is asked of a meeting that comes back by itself."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.comms.models import Meeting, Series
from steadyhand.comms.models.series import RHYTHMS
from steadyhand.core.actor import Actor
from steadyhand.desk.series_page import day_words
from steadyhand.people.models import Member
from steadyhand.web.forms.promises import line, time_input


class SeriesForm(forms.Form):
    """Which day and hour, who leads, who comes."""

    title = forms.CharField(max_length=200, label="What it is called")
    day = forms.CharField(
        max_length=30,
        label="Day",
        help_text="As “Monday” or “last Thursday”. Off a holiday it moves by itself.",
    )
    time = forms.TimeField(widget=time_input(), label="At", help_text="On the agency's clock.")
    minutes = forms.IntegerField(min_value=5, max_value=960, label="Minutes")
    place = forms.CharField(required=False, max_length=300, label="Where")
    led_by = forms.ModelChoiceField(
        Member.objects.none(), label="Who leads", empty_label="Choose a colleague"
    )
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(), label="Who comes", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        for name in ("led_by", "members"):
            everybody = Member.objects.visible_to(actor).here()
            self.fields[name].queryset = everybody  # type: ignore[attr-defined]

    @classmethod
    def of(cls, series: Series, data: Any = None, *, actor: Actor) -> SeriesForm:
        """The form, filled with what is."""
        values = {name: getattr(series, name) for name in ("title", "day", "time", "minutes", "place")}
        values["day"] = day_words(series.day)
        here = list(series.members.values_list("pk", flat=True))
        return cls(data, actor=actor, initial=values | {"led_by": series.led_by_id, "members": here})


class NewSeriesForm(SeriesForm):
    """The same, with the agenda and how often."""

    agenda_key = forms.CharField(widget=forms.HiddenInput())
    cadence = forms.ChoiceField(choices=RHYTHMS, label="How often")
    field_order = ["agenda_key", "title", "cadence", "day", "time", "minutes", "place", "led_by", "members"]


class SkipForm(forms.Form):
    """Which meeting is not held, and why."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), widget=forms.HiddenInput())
    reason = forms.CharField(
        max_length=300, widget=line(), label="Why it is not held", help_text="The next meeting shows it."
    )

    def __init__(self, data: Any = None, *, series: Series) -> None:
        super().__init__(data)
        rows = Meeting.objects.filter(occurrence__series=series)
        self.fields["meeting"].queryset = rows  # type: ignore[attr-defined]

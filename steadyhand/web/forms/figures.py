"""What is asked about figures: commentary, marks, targets, what is tracked, a file and its columns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact
from steadyhand.onboarding.models import Goal
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.metrics.rows import ROLES
from steadyhand.reporting.models import AnnotationKind, Dashboard, TrackingAgreement
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import line

METRIC_CHOICES = [(key, metric.label) for key, metric in METRICS.items()]
COLUMN_CHOICES = [
    *((role, label.capitalize()) for role, label in ROLES.items()),
    ("Figures", [(f"metric:{key}", label) for key, label in METRIC_CHOICES]),
]


class CommentaryForm(forms.Form):
    """What the figures mean, about all of them or one; and whether the client reads it."""

    text = forms.CharField(max_length=4000, widget=line(4), label="What do the figures say?")
    metric = forms.ChoiceField(choices=[], required=False, label="About")
    shown = forms.BooleanField(required=False, label="The client reads it")

    def __init__(self, data: Any = None, *, keys: list[str], **options: Any) -> None:
        super().__init__(data, auto_id="say_%s", **options)
        about = [(key, METRICS[key].label) for key in keys]
        self.fields["metric"].choices = [("", "All figures"), *about]  # type: ignore[attr-defined]


class AnnotationForm(forms.Form):
    """What happened on a day."""

    text = forms.CharField(max_length=200, label="What happened?")
    kind = forms.ChoiceField(choices=AnnotationKind.choices, label="That was")
    day = forms.DateField(widget=date_input(), label="On")
    until = forms.DateField(required=False, widget=date_input(), label="Until", help_text="Empty: one day.")
    shown = forms.BooleanField(required=False, label="The client sees it")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id="mark_%s", **options)


class TargetForm(forms.Form):
    """What a metric should reach."""

    metric = forms.ChoiceField(choices=METRIC_CHOICES, label="Metric")
    amount = forms.DecimalField(
        max_digits=16,
        decimal_places=4,
        min_value=Decimal(0),
        label="A month",
        help_text="Rates as they are: 2.5 for 2.5%.",
    )
    from_day = forms.DateField(widget=date_input(), label="From")
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="Agreed with", empty_label="Nobody yet"
    )
    goal = forms.ModelChoiceField(
        Goal.objects.none(), required=False, label="Measures the goal", empty_label="None"
    )

    def __init__(self, data: Any = None, *, client: Client, **options: Any) -> None:
        super().__init__(data, auto_id="target_%s", **options)
        people = client.contacts.filter(left_on=None)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["goal"].queryset = client.smart_goals.open()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A rate is typed in percent and kept as a share."""
        said = super().clean() or {}
        metric = METRICS.get(said.get("metric", ""))
        if metric is not None and metric.percent and said.get("amount") is not None:
            said["amount"] = said["amount"] / 100
        return said


class ArrangementForm(forms.Form):
    """Which metrics the dashboard shows, and a dashboard elsewhere."""

    keys = forms.MultipleChoiceField(
        choices=METRIC_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Metrics",
        help_text="None ticked: what the client's services ask for.",
    )
    outside_url = forms.CharField(
        required=False,
        max_length=500,
        label="A dashboard elsewhere",
        help_text="Looker Studio and the like; its address begins with https://",
    )
    outside_name = forms.CharField(required=False, max_length=80, label="What it is called")

    def __init__(self, data: Any = None, *, dashboard: Dashboard | None, **options: Any) -> None:
        standing = dashboard or Dashboard()
        initial = {name: getattr(standing, name) for name in ("keys", "outside_url", "outside_name")}
        super().__init__(data, auto_id="arrange_%s", initial=initial, **options)


class TrackingForm(forms.Form):
    """What can be tracked at this spend, and what cannot."""

    tracked = forms.CharField(
        max_length=2000, widget=line(4), label="Is tracked", help_text="One thing a line."
    )
    left_out = forms.CharField(
        required=False,
        max_length=2000,
        widget=line(3),
        label="Is not tracked at this spend",
        help_text="And what it would take.",
    )
    spend = forms.DecimalField(
        required=False, max_digits=12, decimal_places=2, min_value=Decimal(0), label="At a spend a month of"
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="Agreed with", empty_label="Nobody in particular"
    )
    agreed_on = forms.DateField(widget=date_input(), label="Agreed on")

    def __init__(
        self,
        data: Any = None,
        *,
        client: Client,
        today: dt.date,
        standing: TrackingAgreement | None = None,
        **options: Any,
    ) -> None:
        names = ("tracked", "left_out", "spend", "contact") if standing else ()
        initial = {"agreed_on": today, **{name: getattr(standing, name) for name in names}}
        super().__init__(data, auto_id="tracking_%s", initial=initial, **options)
        self.fields["contact"].queryset = client.contacts.filter(left_on=None)  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """A table of figures, and where it comes from."""

    file = forms.FileField(label="A table (CSV or XLSX)")
    label = forms.CharField(
        max_length=40,
        initial="Upload",
        label="It comes from",
        help_text="The same name next time replaces what it sent before, day by day.",
    )

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, auto_id="upload_%s", **options)


class ColumnsForm(forms.Form):
    """What each column of a table is."""

    def __init__(self, data: Any = None, *, headings: list[str], roles: list[str]) -> None:
        super().__init__(data, auto_id="columns_%s")
        for number, heading in enumerate(headings):
            self.fields[f"role_{number}"] = forms.ChoiceField(
                choices=COLUMN_CHOICES, required=False, label=heading or f"Column {number + 1}"
            )
            self.initial[f"role_{number}"] = roles[number] if number < len(roles) else ""

    def roles(self) -> list[str]:
        """What was chosen, column by column."""
        return [self.cleaned_data.get(name, "") for name in self.fields]

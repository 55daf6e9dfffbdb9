"""What paths are asked for, and the two files they come from."""

from __future__ import annotations

from django import forms

from steadyhand.reporting.attribution.questions import LONGEST_LOOKBACK

_TABLE = {"accept": ".csv,.parquet"}
_DAY = {"type": "date"}


class PathsForm(forms.Form):
    """Which conversions, and how their paths are read."""

    start = forms.DateField(label="From", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    end = forms.DateField(label="Until", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    lookback = forms.FloatField(label="Look-back, days", min_value=0.01, max_value=LONGEST_LOOKBACK)
    half_life = forms.FloatField(label="Half-life, days", min_value=0.01, max_value=LONGEST_LOOKBACK)
    by = forms.ChoiceField(
        label="Count", choices=[("conversions", "Conversions"), ("value", "Value")], required=False
    )


class JourneysForm(forms.Form):
    """Two tables, Parquet or CSV."""

    touchpoints = forms.FileField(
        label="Touches",
        widget=forms.FileInput(attrs=_TABLE),
        help_text="CSV or Parquet: user, time, channel, and direct (true or false) where you have it.",
    )
    conversions = forms.FileField(
        label="Conversions",
        widget=forms.FileInput(attrs=_TABLE),
        help_text="CSV or Parquet: user, time, value. Times without a zone are UTC.",
    )

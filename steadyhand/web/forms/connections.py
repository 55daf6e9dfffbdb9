"""What is asked when a tool is connected, or its access renewed: whatever the tool says it needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from steadyhand.reporting.metrics.providers import Field, Provider
from steadyhand.web.forms.agency import date_input


class ConnectionForm(forms.Form):
    """The account, its access, and since when; a renewal keeps account and day."""

    def __init__(self, data: Any = None, *, tool: Provider, renewal: bool = False, today: dt.date) -> None:
        super().__init__(data)
        self.tool = tool
        asked = tool.fields if renewal else (tool.account, *tool.fields)
        for one in asked:
            self.fields[one.name] = _field(one)
        if not renewal:
            earliest = today - tool.history
            self.fields["since"] = forms.DateField(
                required=False,
                widget=date_input(),
                label="Since",
                help_text=f"Empty: as far back as it goes, {earliest:%-d %B %Y}.",
            )

    def typed(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: value for name, value in self.cleaned_data.items() if isinstance(value, str)}


def _field(one: Field) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(
        label=one.label,
        help_text=one.hint,
        required=one.required,
        max_length=10_000 if one.lengthy else 300,
        widget=widget if one.lengthy else forms.TextInput(attrs={"autocomplete": "off"}),
    )

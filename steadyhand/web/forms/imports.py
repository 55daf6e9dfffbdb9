"""What to import, and which column means what."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.exchange.columns import Profile
from steadyhand.exchange.models import AmountBasis, ImportFile
from steadyhand.exchange.presets import HUBSPOT
from steadyhand.exchange.runs import kind_of

_TABLES = forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"})


class TableForm(forms.Form):
    """One table, in a file of its own."""

    file = forms.FileField(label="CSV or XLSX file", widget=_TABLES, help_text="Headings in the first line.")


class HubspotForm(forms.Form):
    """The exports of a HubSpot portal."""

    companies = forms.FileField(widget=_TABLES, help_text="Each becomes a client.")
    contacts = forms.FileField(widget=_TABLES, help_text="Found their client by its domain.")
    deals = forms.FileField(
        widget=_TABLES,
        required=False,
        help_text="Those that are won become engagements from their close date.",
    )
    activities = forms.FileField(
        widget=_TABLES, required=False, help_text="Calls, e-mails, meetings and notes; tasks are left out."
    )
    amount = forms.ChoiceField(
        choices=AmountBasis.choices,
        widget=forms.RadioSelect,
        required=False,
        label="The amount of a deal is",
        help_text="HubSpot does not say; the plan of every client follows from it.",
    )

    def clean(self) -> dict[str, Any]:
        """Deals need to know what their amount is."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("deals") and not cleaned.get("amount"):
            self.add_error("amount", "Say what the amount of a deal is: their file is among those you chose.")
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """The files that were chosen, by kind."""
        return {kind.key: self.cleaned_data[kind.key] for kind in HUBSPOT if self.cleaned_data.get(kind.key)}


class ColumnsForm(forms.Form):
    """Which column of one file holds which field."""

    def __init__(self, file: ImportFile, columns: list[Profile], data: Any = None) -> None:
        super().__init__(data, prefix=file.kind)
        choices = [("", "none"), *((c.heading, f"{c.heading} ({c.filled}% filled)") for c in columns)]
        for column in kind_of(file).columns:
            self.fields[column.field] = forms.ChoiceField(
                choices=choices,
                required=column.required,
                label=column.label,
                initial=file.mapping.get(column.field, ""),
            )


class PresetForm(forms.Form):
    """A name to keep the mapping under."""

    preset = forms.CharField(
        max_length=80,
        required=False,
        label="Keep these columns as a preset",
        help_text="The next file with the same headings is mapped by itself. Leave it empty to keep nothing.",
    )

"""What is asked when a flag is raised, settled, or something is agreed about it."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.asking import OfClientForm
from steadyhand.web.forms.promises import line


class FlagForm(OfClientForm):
    """A serious worry about a client, in a line."""

    text = forms.CharField(max_length=500, label="What the worry is", widget=line(2))

    field_order = ["client", "text", "contact"]


class SettleForm(forms.Form):
    """How it was settled."""

    how = forms.CharField(max_length=2000, label="How it was settled", widget=line(3, autofocus="autofocus"))


class AgreedForm(forms.Form):
    """What is done about a flag, by whom and when."""

    text = forms.CharField(
        max_length=200,
        label="What is done about it",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    owner = forms.ModelChoiceField(Member.objects.none(), required=False, label="Who", empty_label="Me")
    due_on = forms.DateField(label="By", widget=date_input())

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, auto_id="agreed_%s", **options)
        self.fields["owner"].queryset = Member.objects.visible_to(actor).here()  # type: ignore[attr-defined]

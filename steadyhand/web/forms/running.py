"""What is typed while a meeting of the team is held."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.models import Client
from steadyhand.comms.models import Meeting
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.web.forms.agency import date_input


class ActionForm(forms.Form):
    """An action under a topic: what, who, by when. Without a day it is due in a week."""

    text = forms.CharField(max_length=200, label="Action")
    owner = forms.ModelChoiceField(
        Member.objects.none(), required=False, label="Who", empty_label="Whoever leads"
    )
    due_on = forms.DateField(required=False, widget=date_input(), label="By")
    topic = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput())
    client = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, meeting: Meeting, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        self.fields["owner"].queryset = Member.objects.visible_to(actor).here()  # type: ignore[attr-defined]

    def clean_client(self) -> Client | None:
        """The client of the topic, as far as one sees it."""
        return Client.objects.visible_to(self.actor).filter(ref=self.cleaned_data["client"]).first()


class NoteForm(forms.Form):
    """Minutes under one point, with what the writer started from."""

    text = forms.CharField(required=False, strip=False, max_length=50_000)
    base = forms.CharField(required=False, strip=False, max_length=50_000)
    revision = forms.IntegerField(required=False, min_value=0)


class EndForm(forms.Form):
    """How long it took."""

    minutes = forms.IntegerField(min_value=1, max_value=960, label="How long it took, in minutes")

"""What is asked when a call, an e-mail, a meeting or a note is written down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Channel
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.desk.today import short_day
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import client_called, client_input, line, time_input

#: A promise due within these days of now may be the one that was kept.
BEFORE, AHEAD = dt.timedelta(days=31), dt.timedelta(days=7)


class KeepsField(forms.ModelChoiceField[Commitment]):
    """A promise that this may have kept."""

    def label_from_instance(self, obj: Commitment) -> str:
        return f"{obj.title}, due {short_day(obj.due_on)}"


class LogForm(forms.Form):
    """What was said, with whom and when. Whom one may choose depends on the client, once that is known."""

    channel = forms.ChoiceField(
        choices=[(c.value, c.label.capitalize()) for c in Channel], label="What it was", initial=Channel.CALL
    )
    client = forms.CharField(max_length=200, widget=client_input())
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="With whom", empty_label="Nobody in particular"
    )
    summary = forms.CharField(
        max_length=300, label="What it was about", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    body = forms.CharField(required=False, label="Notes", widget=line(3))
    on = forms.DateField(label="Day", widget=date_input())
    at = forms.TimeField(label="Time", widget=time_input())
    minutes = forms.IntegerField(required=False, min_value=1, max_value=600)
    keeps = KeepsField(
        Commitment.objects.none(),
        required=False,
        label="Keeps a promise?",
        empty_label="No, it was not planned",
    )

    def __init__(self, data: Any = None, *, actor: Actor, zone: str, **options: Any) -> None:
        super().__init__(data, auto_id="log_%s", **options)
        self.actor, self.zone = actor, zone
        named = self["client"].value() or ""
        self.about = self._meant(named)
        if self.about is not None:
            self._offer(self.about)
        if self.about is not None and named == self.about.ref:
            self.fields["client"].widget = forms.HiddenInput()
        first = "client" if self.about is None else "summary"
        self.fields[first].widget.attrs["autofocus"] = True

    def _meant(self, named: str) -> Client | None:
        try:
            return client_called(named, self.actor, also_ended=True)
        except forms.ValidationError:
            return None

    def _offer(self, client: Client) -> None:
        """Their contacts, and what was promised to them around now."""
        now = clock.now()
        owed = Commitment.objects.visible_to(self.actor).filter(client=client, state__in=OWED)
        near = owed.filter(due_at__gt=now - BEFORE, due_at__lt=now + AHEAD).order_by("due_at", "pk")
        self.fields["contact"].queryset = client.contacts.filter(left_on=None)  # type: ignore[attr-defined]
        self.fields["keeps"].queryset = near  # type: ignore[attr-defined]

    def clean_client(self) -> Client | None:
        """The one client of this name, or this short name."""
        return client_called(self.cleaned_data["client"], self.actor, also_ended=True)

    @property
    def moment(self) -> dt.datetime:
        """When it was, read on the clock of whoever writes."""
        on, at = self.cleaned_data["on"], self.cleaned_data["at"]
        return dt.datetime.combine(on, at, clock.zone_info(self.zone)).astimezone(dt.UTC)

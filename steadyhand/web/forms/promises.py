"""What is asked when a promise is made, kept, moved, handed over or waived."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.models import Client, Stage
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.web.forms.agency import date_input

ONE_OFF_KINDS = [(kind.value, kind.label.capitalize()) for kind in (Kind.FOLLOW_UP, Kind.ACTION)]


def time_input() -> forms.TimeInput:
    """The browser's own clock."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


def line(rows: int = 2, **attrs: str) -> forms.Textarea:
    """A few lines of text."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


def client_input(**attrs: str) -> forms.TextInput:
    """A client as people name them; a datalist `clients-called` beside it offers names as one types."""
    asks = {"hx-get": "/search/clients/", "hx-trigger": "input changed delay:150ms"}
    fixed = {"autocomplete": "off", "list": "clients-called", "hx-target": "#clients-called"}
    return forms.TextInput(attrs={**fixed, **asks, **attrs})


class ActForm(forms.Form):
    """What an act on a promise asks; knows the promise and who acts."""

    def __init__(self, data: Any = None, *, row: Commitment, actor: Actor) -> None:
        super().__init__(data, auto_id="act_%s")
        self.row = row
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True
        self.prepare(actor)

    def prepare(self, actor: Actor) -> None:
        """Fit the fields to this promise."""


class DoneForm(ActForm):
    """Done, with a note if there is something to say."""

    note = forms.CharField(
        required=False, widget=line(3), help_text="What came of it. It stays with the promise."
    )


class MoveForm(ActForm):
    """Another day, and an hour or none."""

    to_day = forms.DateField(label="To", widget=date_input())
    time = forms.TimeField(required=False, widget=time_input(), help_text="On the client's clock.")
    reason = forms.CharField(required=False, max_length=300, help_text="Why it moves.")

    def prepare(self, actor: Actor) -> None:
        self.fields["to_day"].initial = max(self.row.due_on, clock.today(self.row.zone))
        self.fields["time"].initial = self.row.due_time
        city = self.row.zone.rpartition("/")[2].replace("_", " ")
        self.fields["time"].help_text = f"On the clock in {city}. Leave it empty for any time that day."


class HandoverForm(ActForm):
    """Who keeps it instead."""

    to = forms.ModelChoiceField(Member.objects.none(), label="To", empty_label="Choose a colleague")
    note = forms.CharField(required=False, widget=line(), help_text="What they should know.")

    def prepare(self, actor: Actor) -> None:
        colleagues = Member.objects.visible_to(actor).here()
        others = colleagues.exclude(pk=self.row.owner_id) if self.row.owner_id else colleagues
        self.fields["to"].queryset = others  # type: ignore[attr-defined]


class WaiverForm(ActForm):
    """Why it will not be done."""

    reason = forms.CharField(
        widget=line(), help_text="It stays readable: promised and waived is not the same as missed."
    )


class WaitForm(ActForm):
    """What we wait for."""

    note = forms.CharField(required=False, max_length=300, label="For what")


class PromiseForm(forms.Form):
    """A promise made once. The client is named as people name them; `choose` offers names."""

    title = forms.CharField(
        max_length=200, label="What", widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"})
    )
    client = forms.CharField(
        required=False,
        max_length=200,
        label="Client",
        help_text="Leave it empty for something you owe colleagues.",
        widget=client_input(),
    )
    due_on = forms.DateField(label="By", widget=date_input())
    due_time = forms.TimeField(required=False, label="Time", widget=time_input())
    kind = forms.ChoiceField(choices=ONE_OFF_KINDS, initial=Kind.FOLLOW_UP.value)
    owner = forms.ModelChoiceField(Member.objects.none(), label="Who", empty_label=None)
    internal = forms.BooleanField(
        required=False, label="Only we see this", help_text="The client's calendar feed leaves it out."
    )

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        self.actor = actor
        self.fields["owner"].queryset = Member.objects.visible_to(actor).here()  # type: ignore[attr-defined]
        self.fields["owner"].initial = actor.member_id

    def clean_client(self) -> Client | None:
        """The one live client of this name, or this short name."""
        return client_called(self.cleaned_data["client"], self.actor)


def client_called(named: str, actor: Actor, *, also_ended: bool = False) -> Client | None:
    """The one client of this short name or name that one may see; None for no name at all."""
    named = named.strip()
    if not named:
        return None
    known = Client.objects.visible_to(actor).exclude(stage=Stage.MERGED)
    if not also_ended:
        known = known.exclude(stage=Stage.ENDED)
    by_ref = known.filter(ref=named).first()
    found = [by_ref] if by_ref else list(known.filter(name__iexact=named)[:2])
    if not found:
        raise forms.ValidationError(f"You see no client called “{named}”. Choose one from the list.")
    if len(found) > 1:
        refs = " or ".join(f"“{client.ref}”" for client in found)
        raise forms.ValidationError(f"Several clients are called “{named}”. Write {refs} instead.")
    return found[0]

"""What is asked of a win, and of feedback."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.models import Client
from steadyhand.comms.models import Channel, Meeting
from steadyhand.core.actor import Actor
from steadyhand.growth.models import WinSource
from steadyhand.people.models import Member
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import client_called, client_input, line

#: How a client can be told; a note tells nobody.
HOW = [(one.value, one.label.capitalize()) for one in (Channel.CALL, Channel.EMAIL, Channel.MEETING)]


class WinForm(forms.Form):
    """Something that went well."""

    client = forms.CharField(max_length=200, label="Client", widget=client_input())
    text = forms.CharField(
        max_length=300,
        label="What went well",
        widget=line(),
        help_text="With the figure, where there is one.",
    )
    source = forms.ChoiceField(choices=WinSource.choices, label="How we know")
    on = forms.DateField(widget=date_input(), label="On")
    offered = forms.BooleanField(
        required=False,
        initial=True,
        label="Tell the whole agency",
        help_text="It stands on the all-hands page. Leave it out where the client would not like that.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        self.actor = actor

    def clean_client(self) -> Client | None:
        """The one live client of this name, or this short name."""
        return client_called(self.cleaned_data["client"], self.actor)


class TellingForm(forms.Form):
    """How they heard of it."""

    how = forms.ChoiceField(choices=HOW, label="How they heard of it")


class FeedbackForm(forms.Form):
    """A few sentences for a colleague."""

    about = forms.ModelChoiceField(Member.objects.none(), label="For", empty_label="Choose a colleague")
    text = forms.CharField(
        max_length=4000,
        label="What helps, and what would help",
        widget=line(5),
        help_text="Signed with your name. They read it, their manager does, and whoever looks after people.",
    )
    client = forms.CharField(
        required=False, max_length=200, label="About the work for", widget=client_input()
    )
    meeting = forms.ModelChoiceField(Meeting.objects.none(), required=False, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        self.actor = actor
        others = Member.objects.visible_to(actor).here().exclude(pk=actor.member_id or 0)
        self.fields["about"].queryset = others  # type: ignore[attr-defined]
        self.fields["meeting"].queryset = Meeting.objects.visible_to(actor)  # type: ignore[attr-defined]

    def clean_client(self) -> Client | None:
        """The client it is about, where it is about one."""
        return client_called(self.cleaned_data["client"], self.actor)

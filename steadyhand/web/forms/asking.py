"""What is asked when we ask a client for something, or promise to find something out for them."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact
from steadyhand.comms.models import Channel
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import client_called, client_input, line

#: How an answer travelled; a note to ourselves is no answer.
HOW = [
    (c.value, label)
    for c, label in (
        (Channel.CALL, "On the phone"),
        (Channel.EMAIL, "By e-mail"),
        (Channel.MEETING, "In a meeting"),
    )
]


class OfClientForm(forms.Form):
    """A form about one client, named in it or known already; who may be chosen depends on the client."""

    client = forms.CharField(max_length=200, widget=client_input())
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="Whom", empty_label="Nobody in particular"
    )

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, auto_id="ask_%s", **options)
        self.actor = actor
        self.about = self._meant(self["client"].value() or "")
        if self.about is not None:
            contacts = self.about.contacts.filter(left_on=None)
            self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]
            self.fields["contact"].initial = contacts.filter(day_to_day=True).first()
            self.fields["client"].widget = forms.HiddenInput()
        if "owner" in self.fields:
            self.fields["owner"].queryset = Member.objects.visible_to(actor).here()  # type: ignore[attr-defined]
        first = "text" if self.about is not None else "client"
        self.fields[first].widget.attrs["autofocus"] = True

    def _meant(self, named: str) -> Client | None:
        try:
            return client_called(named, self.actor)
        except forms.ValidationError:
            return None

    def clean_client(self) -> Client | None:
        """The one client of this name, or this short name."""
        return client_called(self.cleaned_data["client"], self.actor)


class ChaseForm(OfClientForm):
    """Something we need from them."""

    text = forms.CharField(
        max_length=300,
        label="What we need",
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "the October lead list"}),
    )
    ring_on = forms.DateField(required=False, label="Ring them on", widget=date_input())
    wanted_by = forms.DateField(required=False, label="We need it by", widget=date_input())
    owner = forms.ModelChoiceField(Member.objects.none(), required=False, label="Who rings", empty_label="Me")

    field_order = ["client", "text", "contact", "ring_on", "wanted_by", "owner"]

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, actor=actor, **options)
        self.fields["ring_on"].initial = clock.today(self.about.zone if self.about else "UTC")


class QuestionForm(OfClientForm):
    """What they asked, and until when we come back."""

    text = forms.CharField(
        max_length=500,
        label="What they asked",
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Why did leads dip in October?"}),
    )
    due_on = forms.DateField(
        required=False,
        label="We answer by",
        widget=date_input(),
        help_text="Left empty: two working days from now.",
    )
    owner = forms.ModelChoiceField(
        Member.objects.none(), required=False, label="Who finds out", empty_label="Me"
    )

    field_order = ["client", "text", "contact", "due_on", "owner"]

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, actor=actor, **options)
        self.fields["contact"].label = "Who asked"


class AnswerForm(forms.Form):
    """What the answer was, and how it was given."""

    answer = forms.CharField(label="The answer", widget=line(4, autofocus="autofocus"))
    how = forms.ChoiceField(choices=HOW, label="How it was given", initial=Channel.CALL)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id="answer_%s", **options)


class AttemptForm(forms.Form):
    """How ringing them went; the day of the next attempt follows from it where none is chosen."""

    outcome = forms.ChoiceField(choices=[("no_answer", ""), ("voicemail", ""), ("reached", "")])
    note = forms.CharField(required=False, label="What was said", widget=line(2))
    next_on = forms.DateField(required=False, label="Try again on", widget=date_input())


class NoLongerForm(forms.Form):
    """Why it is closed without an answer."""

    reason = forms.CharField(max_length=300, label="Why", widget=line(2, autofocus="autofocus"))

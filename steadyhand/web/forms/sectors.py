"""What is asked when somebody writes on an industry, or describes a service of ours."""

from __future__ import annotations

from django import forms

from steadyhand.clients.models import SectorNote, ServiceOffer
from steadyhand.web.forms.clients import CHANNELS
from steadyhand.web.forms.promises import line


class SectorForm(forms.Form):
    """A note on one industry. `replaces` is the note that stood when the form was opened."""

    replaces = forms.ModelChoiceField(SectorNote.objects.all(), required=False, widget=forms.HiddenInput)
    industry = forms.CharField(max_length=100, help_text="As it is written with the clients.")
    text = forms.CharField(
        label="What holds for all of them",
        widget=line(10),
        help_text="Seasons, margins, rules, their words, what moves their customers. Nothing of one client.",
    )


class OfferForm(forms.Form):
    """One of our services. `replaces` is the description that stood when the form was opened."""

    replaces = forms.ModelChoiceField(ServiceOffer.objects.all(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=200, help_text="As it is written in engagements.")
    channel = forms.ChoiceField(
        choices=[("", "None"), *CHANNELS[1:]],
        required=False,
        help_text="Services of this channel that go by another name find this description too.",
    )
    what = forms.CharField(label="What it is", widget=line(4), help_text="In words a client would use.")
    brings = forms.CharField(label="What it brings them", required=False, widget=line(3))
    led_by = forms.CharField(
        label="Who leads it", max_length=200, required=False, help_text="A role, a department or a person."
    )

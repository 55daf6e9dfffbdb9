"""Clients, their contacts, engagements and teams: the shape of what is typed."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.engagements import CHANNEL_WORDS
from steadyhand.clients.models import Client, Contact, Engagement, EngagementKind, Lift, Position, Propensity
from steadyhand.core.money import parse_amount
from steadyhand.core.refusals import Refusal
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.colleagues import MemberField
from steadyhand.web.forms.places import PlaceField, countries, currencies, zones

CHANNELS = [
    ("", "Read it from the name"),
    *((key, key.replace("-", " ").capitalize()) for key in CHANNEL_WORDS),
]


class AmountField(forms.CharField):
    """An amount of money as people type it: “£2,400.50”, “2 400”."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 12}), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class NewClientForm(forms.Form):
    """A client to add, and who leads them."""

    name = forms.CharField(max_length=200)
    domain = forms.CharField(max_length=200, required=False, help_text="As example.com.")
    lead = MemberField(label="Who leads", required=False, empty_label="Nobody yet")
    industry = forms.CharField(max_length=100, required=False)
    country = PlaceField(choices=countries, help_text="Its public holidays are kept free.")
    zone = PlaceField(choices=zones, label="Time zone", help_text="Calls are agreed on their clock.")


class DetailsForm(forms.Form):
    """What one may change about a client."""

    name = forms.CharField(max_length=200)
    domain = forms.CharField(max_length=200, required=False)
    industry = forms.CharField(max_length=100, required=False)
    phone = forms.CharField(max_length=60, required=False)
    website = forms.CharField(max_length=300, required=False)
    since = forms.DateField(required=False, widget=date_input(), label="With us since")
    country = PlaceField(choices=countries)
    subdivision = forms.CharField(
        max_length=10,
        required=False,
        label="Part of the country",
        help_text="Where holidays differ within it, as SCT for Scotland.",
    )
    zone = PlaceField(choices=zones, label="Time zone")
    lift = forms.ChoiceField(
        choices=Lift.choices,
        required=False,
        label="What sets how often we speak",
        help_text="Beside spend, room to grow or a likely long life with us may lift them by one band.",
    )
    propensity = forms.ChoiceField(
        choices=Propensity.choices,
        label="Propensity to spend more",
        help_text="Only we see this. It decides the entertainment budget.",
    )
    business = forms.CharField(
        widget=forms.Textarea, required=False, label="Their business", help_text="What they do, and for whom."
    )
    goals = forms.CharField(
        widget=forms.Textarea, required=False, help_text="What they want from us, in their words."
    )

    @classmethod
    def of(cls, client: Client, data: Any = None) -> DetailsForm:
        """The form, filled with what is."""
        return cls(data, initial={name: getattr(client, name) for name in cls.base_fields})


class ContactForm(forms.Form):
    """Somebody at the client."""

    name = forms.CharField(max_length=200, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    job_title = forms.CharField(max_length=200, required=False)
    phone = forms.CharField(max_length=60, required=False)
    day_to_day = forms.BooleanField(required=False, label="We speak with them day to day")
    decides = forms.BooleanField(required=False, label="They decide about the budget")
    notes = forms.CharField(widget=forms.Textarea, required=False)

    @classmethod
    def of(cls, contact: Contact, data: Any = None) -> ContactForm:
        """The form, filled with what is."""
        return cls(data, initial={name: getattr(contact, name) for name in cls.base_fields})


class PlaceForm(forms.Form):
    """Somebody to put on an account team."""

    member = MemberField(label="Who", empty_label="Choose somebody")
    position = forms.ChoiceField(choices=[(p.value, p.label.capitalize()) for p in Position], label="As")


class EngagementForm(forms.Form):
    """Something a client buys."""

    kind = forms.ChoiceField(
        choices=[
            (EngagementKind.RETAINER, "A retainer, paid by the month"),
            (EngagementKind.PROJECT, "A project, with a value and an end"),
        ],
        widget=forms.RadioSelect,
        initial=EngagementKind.RETAINER,
        label="What it is",
    )
    amount = AmountField(help_text="By the month for a retainer, the whole value of a project.")
    currency = PlaceField(choices=currencies)
    services = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="One on each line, as “SEO” or “Paid search”.",
    )
    title = forms.CharField(max_length=200, required=False, help_text="Left empty, the services name it.")
    starts_on = forms.DateField(widget=date_input(), label="Starts")
    end = forms.DateField(widget=date_input(), label="Last day", required=False)


class SpendForm(forms.Form):
    """What is paid from now on."""

    amount = AmountField(label="New amount")
    currency = PlaceField(choices=currencies)
    reason = forms.CharField(max_length=300, required=False, help_text="As “added content from March”.")

    @classmethod
    def of(cls, engagement: Engagement, data: Any = None) -> SpendForm:
        """The form, filled with what is."""
        return cls(data, initial={"amount": engagement.amount, "currency": engagement.currency})


class DatesForm(forms.Form):
    """How an engagement is called and when it runs."""

    title = forms.CharField(max_length=200)
    starts_on = forms.DateField(widget=date_input(), label="Starts")
    end = forms.DateField(
        widget=date_input(), label="Last day", required=False, help_text="Empty: it runs on."
    )

    @classmethod
    def of(cls, engagement: Engagement, data: Any = None) -> DatesForm:
        """The form, filled with what is."""
        initial = {"title": engagement.title, "starts_on": engagement.starts_on, "end": engagement.ends_on}
        return cls(data, initial=initial)


class PauseForm(forms.Form):
    """A time in which nothing is owed."""

    from_day = forms.DateField(widget=date_input(), label="From")
    to_day = forms.DateField(
        widget=date_input(), label="To", required=False, help_text="Empty: until you resume it."
    )
    reason = forms.CharField(max_length=300, required=False)


class EndForm(forms.Form):
    """The last day of an engagement."""

    on = forms.DateField(widget=date_input(), label="Last day")
    reason = forms.CharField(max_length=300, required=False)


class ServiceForm(forms.Form):
    """Another service within an engagement."""

    service = forms.CharField(max_length=200, label="Service")
    channel = forms.ChoiceField(choices=CHANNELS, required=False)


class EndingForm(forms.Form):
    """A client leaves us."""

    on = forms.DateField(widget=date_input(), label="Their last day")
    reason = forms.CharField(max_length=300, label="Why they leave")


class MergeForm(forms.Form):
    """Two records are one client; the name is typed so that it is no slip of the hand."""

    typed = forms.CharField(label="To confirm, type the name of the one that goes")

    def __init__(self, name: str, data: Any = None) -> None:
        super().__init__(data)
        self.name = name

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if " ".join(typed.split()).casefold() != " ".join(self.name.split()).casefold():
            raise forms.ValidationError(f"Type “{self.name}” to merge.")
        return typed

"""What is asked about words, introductions, partners and strategies."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact
from steadyhand.core.actor import Actor
from steadyhand.delivery.channels import guides
from steadyhand.delivery.models import IntroductionOutcome, Partner
from steadyhand.delivery.network import FIELDS
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.delivery import ColleagueField, WithColleagues
from steadyhand.web.forms.promises import client_called, client_input, line


def channels() -> list[tuple[str, str]]:
    """The channels to choose from."""
    return [("", "Not sure"), *((guide.key, guide.name) for guide in guides())]


class TermForm(WithColleagues):
    """A word you heard and did not know."""

    word = forms.CharField(
        max_length=100,
        label="The word",
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    channel = forms.ChoiceField(required=False, choices=channels, label="Channel")
    asked_of = ColleagueField(required=False, label="Ask", empty_label="Whoever leads the channel")
    client = forms.CharField(
        required=False,
        max_length=200,
        label="Heard at",
        widget=client_input(),
        help_text="Only the account team sees where; everybody sees the answer.",
    )

    def clean_client(self) -> Client | None:
        """The client it was heard at, where it was heard at one."""
        return client_called(self.cleaned_data["client"], self.actor)


class ExplanationForm(forms.Form):
    """What a word means."""

    explanation = forms.CharField(
        max_length=4000,
        label="What it means",
        widget=line(4, autofocus="autofocus"),
        help_text="As you would say it to a friend.",
    )
    channel = forms.ChoiceField(required=False, choices=channels, label="Channel")


class ChannelLeadForm(WithColleagues):
    """Whom to ask about a channel."""

    member = ColleagueField(required=False, label="Who leads it", empty_label="Nobody")


class PartnerForm(forms.Form):
    """Somebody we trust with work that is not ours."""

    name = forms.CharField(max_length=200)
    trade = forms.CharField(max_length=100, label="What they do", help_text="As “Photography” or “Printing”.")
    contact_name = forms.CharField(required=False, max_length=200, label="Whom to ask for")
    email = forms.EmailField(required=False, label="E-mail")
    phone = forms.CharField(required=False, max_length=60)
    note = forms.CharField(required=False, max_length=500, label="What to know", widget=line())

    @classmethod
    def of(cls, partner: Partner, data: Any = None) -> PartnerForm:
        """As it stands."""
        return cls(data, initial={field: getattr(partner, field) for field in FIELDS})


class PartnerField(forms.ModelChoiceField[Partner]):
    """One of the partners we still recommend, with what they do."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Partner.objects.standing(), **options)

    def label_from_instance(self, obj: Any) -> str:
        """“Printing: Press & Fold”."""
        return f"{obj.trade}: {obj.name}"


class NeedForm(WithColleagues):
    """What they need that is not ours to do."""

    need = forms.CharField(max_length=300, label="What they need", widget=line(2, autofocus="autofocus"))
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="Who asked", empty_label="Nobody in particular"
    )
    partner = PartnerField(required=False, label="Whom to introduce", empty_label="We do not know yet")
    owner = ColleagueField(required=False, label="Who introduces them", empty_label="Me")
    due_on = forms.DateField(
        required=False,
        label="By",
        widget=date_input(),
        help_text="In two working days if you leave it empty.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, client: Client, **options: Any) -> None:
        super().__init__(data, actor=actor, client=client, **options)
        self.fields["contact"].queryset = client.contacts.filter(left_on=None)  # type: ignore[attr-defined]


class IntroducedForm(forms.Form):
    """Whom they were introduced to."""

    partner = PartnerField(label="To whom", empty_label="Choose somebody in our network")


class OutcomeForm(forms.Form):
    """What came of it."""

    outcome = forms.ChoiceField(
        label="What came of it",
        choices=[(one.value, one.label.capitalize()) for one in IntroductionOutcome],
    )
    note = forms.CharField(required=False, max_length=500, label="In their words", widget=line())


class StrategyForm(WithColleagues):
    """The strategy, and what it stands beside."""

    text = forms.CharField(
        max_length=60_000,
        label="Our strategy",
        widget=line(18),
        help_text="Where they stand, where to, how we get there, and how both see that it works. "
        "An empty line begins a paragraph.",
    )
    business = forms.CharField(
        required=False,
        max_length=60_000,
        label="Their wider strategy and priorities",
        widget=line(8),
        help_text="What they are trying to do as a business, whatever we do.",
    )
    owner = ColleagueField(label="Strategy lead", empty_label="Choose a colleague")
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput())


class ReviewForm(forms.Form):
    """When it is looked at next."""

    on = forms.DateField(label="Look at it again on", widget=date_input())


class TestForm(forms.Form):
    """Is it still right?"""

    still_right = forms.TypedChoiceField(
        label="Is it still right?",
        choices=[("yes", "It is still right"), ("no", "It is to be changed")],
        coerce=lambda said: said == "yes",
    )
    note = forms.CharField(required=False, max_length=500, label="Why", widget=line())
    next_on = forms.DateField(required=False, label="Look again on", widget=date_input())


class LinkForm(forms.Form):
    """Who at the client gets a link."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label="For", empty_label="Choose a contact")

    def __init__(self, data: Any = None, *, client: Client, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["contact"].queryset = client.contacts.filter(left_on=None)  # type: ignore[attr-defined]

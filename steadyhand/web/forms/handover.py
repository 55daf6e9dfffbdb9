"""What is asked when a lead is won, a client handed over, met and asked what it wants."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact, EngagementKind, Position
from steadyhand.newbusiness.models import Lead
from steadyhand.onboarding.loads import Load
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability, roles_with
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import line


class LoadedField(forms.ModelChoiceField[Member]):
    """A colleague, with what they carry already."""

    loads: dict[int, Load] = {}

    def label_from_instance(self, obj: Member) -> str:
        load = self.loads.get(obj.pk)
        return f"{obj.name}: {load.words}" if load else obj.name


class WinningForm(forms.Form):
    """What they bought, since when, and who looks after them."""

    kind = forms.ChoiceField(choices=EngagementKind.choices, label="They bought a")
    amount = forms.DecimalField(
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        label="For",
        help_text="A month for a retainer, the whole of a project.",
    )
    currency = forms.CharField(max_length=3, min_length=3)
    services = forms.CharField(
        max_length=2000, widget=line(5), label="Services", help_text="One a line, as they will see them."
    )
    starts_on = forms.DateField(widget=date_input(), label="Starts on")
    ends_on = forms.DateField(
        required=False, widget=date_input(), label="Ends on", help_text="Empty: it runs on."
    )
    lead_person = LoadedField(Member.objects.none(), label="Who looks after them", empty_label="Choose one")
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label="Whom we write to", empty_label="Choose a contact"
    )

    def __init__(self, data: Any = None, *, lead: Lead, loads: dict[int, Load], **options: Any) -> None:
        super().__init__(data, auto_id="win_%s", **options)
        person = self.fields["lead_person"]
        person.loads = loads  # type: ignore[attr-defined]
        person.queryset = leaders().filter(pk__in=loads)  # type: ignore[attr-defined]
        contacts = lead.client.contacts.filter(left_on=None).exclude(email="")
        self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]

    def clean_services(self) -> list[str]:
        """Each name once, in the order given."""
        names = [name.strip() for name in self.cleaned_data["services"].splitlines() if name.strip()]
        return list(dict.fromkeys(names))


def leaders() -> Any:
    """Who may look after an account: everybody here whose role agrees plans."""
    return Member.objects.here().filter(role__in=roles_with(Capability.AGREE_PLANS))


class CallForm(forms.Form):
    """How the good news was answered on the telephone."""

    minutes = forms.IntegerField(required=False, min_value=1, max_value=600, label="How long, in minutes")
    note = forms.CharField(required=False, max_length=2000, widget=line(), label="What was said")


class DeckForm(forms.Form):
    """What was pitched."""

    deck = forms.FileField(label="Pitch deck", help_text="A PDF or a presentation.")


class ReasonForm(forms.Form):
    """Why, in a sentence."""

    reason = forms.CharField(max_length=300, label="Why")


class ClosingForm(forms.Form):
    """Why a handover is over, where something is still open."""

    reason = forms.CharField(
        required=False,
        max_length=300,
        label="Why it is over",
        help_text="Only where a step is still open.",
    )


class PitchPromiseForm(forms.Form):
    """Something said aloud while pitching."""

    text = forms.CharField(max_length=300, label="What was promised", help_text="As it was said.")


class TeamForm(forms.Form):
    """Somebody else who works on this client."""

    member = LoadedField(Member.objects.none(), label="Who", empty_label="Choose a colleague")
    position = forms.ChoiceField(choices=Position.choices, label="As", initial=Position.DELIVERY)

    def __init__(self, data: Any = None, *, loads: dict[int, Load]) -> None:
        super().__init__(data, auto_id="team_%s")
        field = self.fields["member"]
        field.loads = loads  # type: ignore[attr-defined]
        field.queryset = Member.objects.here().filter(pk__in=loads)  # type: ignore[attr-defined]


class _OfContact(forms.Form):
    """Something somebody at the client said."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="Who said it", empty_label="Nobody in particular"
    )

    def __init__(self, data: Any = None, *, client: Client, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["contact"].queryset = client.contacts.filter(left_on=None)  # type: ignore[attr-defined]


class WaysForm(_OfContact):
    """How they like to be dealt with."""

    reached = forms.CharField(required=False, max_length=400, label="How do they like to hear from us?")
    decides = forms.CharField(required=False, max_length=400, label="How do they decide?")
    bad_news = forms.CharField(required=False, max_length=400, label="How do they want to hear bad news?")
    field_order = ("contact", "reached", "decides", "bad_news")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id="ways_%s", **options)
        contact = self.fields["contact"]
        contact.required, contact.label = True, "Of whom"
        contact.empty_label = "Choose a contact"  # type: ignore[attr-defined]


class SuccessForm(_OfContact):
    """What success is, in their own words."""

    words = forms.CharField(
        max_length=1000, widget=line(3), label="What is success for you?", help_text="Word for word."
    )
    said_on = forms.DateField(widget=date_input(), label="Said on")
    field_order = ("words", "contact", "said_on")


class GoalForm(forms.Form):
    """A goal in its five parts; each is checked, and one that is vague stands only for a reason."""

    text = forms.CharField(
        max_length=300, label="Specific: what exactly?", help_text="As “trade enquiries by the web form”."
    )
    measure = forms.CharField(
        required=False,
        max_length=300,
        label="Measurable: how much, and where do we read it?",
        help_text="As “40 a month, in their CRM”.",
    )
    achievable = forms.CharField(required=False, max_length=300, label="Achievable: why can it be done?")
    relevant = forms.CharField(
        required=False, max_length=300, label="Relevant: what does it do for their business?"
    )
    due_on = forms.DateField(required=False, widget=date_input(), label="Time-bound: by which day?")
    override = forms.CharField(
        required=False,
        max_length=300,
        label="It stands as it is, because",
        help_text="Only where a letter is missing and they want it so.",
    )


class OutcomeForm(forms.Form):
    """How a goal ended."""

    reached = forms.ChoiceField(choices=[("yes", "Reached"), ("no", "Missed")], label="It was")
    outcome = forms.CharField(required=False, max_length=300, label="What came of it")

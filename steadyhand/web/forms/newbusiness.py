"""What is asked of leads, pitches, proposals and pairings."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.models import Contact, EngagementKind, Knowledge
from steadyhand.core.models import Agency
from steadyhand.newbusiness.models import Lead, Verdict
from steadyhand.newbusiness.models.lead import SIZES
from steadyhand.playbook.new_business import BEST, PitchQuestion
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.clients import AmountField
from steadyhand.web.forms.colleagues import MemberField
from steadyhand.web.forms.places import PlaceField, currencies
from steadyhand.web.forms.promises import line, time_input


class LinesField(forms.CharField):
    """Several short texts, one a line."""

    widget = forms.Textarea

    def __init__(self, rows: int = 3, **options: Any) -> None:
        super().__init__(widget=line(rows), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        return [text.strip() for text in super().clean(value).splitlines() if text.strip()]


class LeadForm(forms.Form):
    """What is known of a lead."""

    source = forms.CharField(max_length=200, label="Where it came from", help_text="As “Referred by Halden”.")
    owner = MemberField(label="Who brought it", empty_label=None)
    kind = forms.ChoiceField(choices=EngagementKind.choices, label="What it would be")
    value = AmountField(label="Value", help_text="A month for a retainer, the whole of a project.")
    currency = PlaceField(choices=currencies)
    services = LinesField(required=False, label="Services they want", help_text="One a line, as “SEO”.")
    size = forms.ChoiceField(
        choices=[("", "Not known"), *((key, label.capitalize()) for key, label in SIZES)],
        required=False,
        label="How large they are",
        help_text="Prices the client-services time.",
    )
    face_to_face = forms.BooleanField(
        required=False,
        label="We pitch face to face",
        help_text="Whoever would look after them joins where it is worth it.",
    )
    expected_on = forms.DateField(required=False, widget=date_input(), label="They decide by")
    notes = forms.CharField(required=False, widget=line(3), label="Notes")


class NewLeadForm(LeadForm):
    """A lead to add, with the organisation and somebody there."""

    name = forms.CharField(max_length=200, label="Who", widget=forms.TextInput(attrs={"autofocus": True}))
    domain = forms.CharField(max_length=200, required=False, help_text="As example.com.")
    industry = forms.CharField(max_length=100, required=False)
    contact_name = forms.CharField(max_length=200, required=False, label="Whom we speak to")
    contact_email = forms.EmailField(required=False, label="Their e-mail address")
    field_order = ("name", "industry", "domain", "contact_name", "contact_email", "source", "owner")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["currency"].initial = Agency.get().currency


class ReasonForm(forms.Form):
    """Why a lead ended."""

    reason = forms.CharField(
        max_length=300,
        label="Why",
        widget=line(2, autofocus="autofocus"),
        help_text="The next pitch learns from it.",
    )


class TestForm(forms.Form):
    """The playbook's questions, each answered from 0 to 4, and what is decided."""

    verdict = forms.ChoiceField(
        choices=[
            ("", "As the score says"),
            (Verdict.GO, "Go, all the same"),
            (Verdict.NO_GO, "No go, all the same"),
        ],
        required=False,
        label="Decision",
    )
    reason = forms.CharField(
        max_length=500,
        required=False,
        widget=line(2),
        label="Why, where it is not what the score says",
    )
    consult = MemberField(
        required=False,
        label="Ask of client services, on go",
        empty_label="Whoever is proposed for them, else the head",
    )

    def __init__(self, data: Any = None, *, questions: tuple[PitchQuestion, ...], **options: Any) -> None:
        super().__init__(data, **options)
        self.questions = questions
        for question in questions:
            self.fields[f"points_{question.key}"] = forms.TypedChoiceField(
                choices=[(str(number), str(number)) for number in range(BEST + 1)],
                coerce=int,
                label=question.text,
                widget=forms.RadioSelect,
                error_messages={"required": "Answer from 0 to 4."},
            )
            self.fields[f"note_{question.key}"] = forms.CharField(
                required=False, max_length=300, label="Because", widget=forms.TextInput()
            )

    @property
    def asked(self) -> list[tuple[PitchQuestion, Any, Any]]:
        """Each question with its fields."""
        return [(one, self[f"points_{one.key}"], self[f"note_{one.key}"]) for one in self.questions]

    def points(self) -> dict[str, int]:
        """The answers by question."""
        return {one.key: self.cleaned_data[f"points_{one.key}"] for one in self.questions}

    def notes(self) -> dict[str, str]:
        """What was noted, by question."""
        return {one.key: self.cleaned_data[f"note_{one.key}"] for one in self.questions}


class ConsultForm(forms.Form):
    """Whom of client services to ask."""

    member = MemberField(label="Whom", empty_label="Choose a colleague")


class AnswerForm(forms.Form):
    """What client services said."""

    said = forms.CharField(
        max_length=4000,
        label="What they said",
        widget=line(4, autofocus="autofocus"),
        help_text="Who has time, what it would take, what worries you.",
    )


class ProposalForm(forms.Form):
    """What is offered."""

    amount = AmountField(label="Amount", help_text="A month for a retainer, the whole of a project.")
    currency = PlaceField(choices=currencies)
    services = LinesField(label="Services", help_text="One a line; each is priced by the playbook.")


class PriceForm(forms.Form):
    """Client-services time by hand."""

    minutes = forms.IntegerField(min_value=0, max_value=9600, label="Minutes a month")
    fee = AmountField(label="Fee a month")
    agreed_with = MemberField(label="Agreed with", required=False, empty_label="Choose who agreed it")
    reason = forms.CharField(
        max_length=300, required=False, label="Why it differs from the playbook", widget=line(2)
    )


class PaperForm(forms.Form):
    """A document to keep."""

    file = forms.FileField(label="The document", help_text="PDF or an office document, up to 25 MB.")


class PairingForm(forms.Form):
    """Whom new business proposes, for whom, and why."""

    member = MemberField(label="Who looks after them", empty_label="Choose a colleague")
    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="For", empty_label="Nobody in particular"
    )
    reason = forms.CharField(max_length=500, label="Why the two of them", widget=line(2))

    def __init__(self, data: Any = None, *, lead: Lead, **options: Any) -> None:
        super().__init__(data, **options)
        contacts = lead.client.contacts.filter(left_on=None)
        self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]


class PitchForm(forms.Form):
    """When and where we pitch."""

    day = forms.DateField(widget=date_input(), label="On")
    time = forms.TimeField(widget=time_input(), label="At", help_text="On their clock.")
    minutes = forms.IntegerField(min_value=1, max_value=960, initial=60)
    led_by = MemberField(label="Led by", empty_label=None)
    place = forms.CharField(max_length=300, required=False)


class StyleForm(forms.Form):
    """How somebody works, in their own words."""

    works = forms.CharField(
        max_length=500,
        required=False,
        widget=line(3),
        label="How I work best",
        help_text="As “Rings rather than writes; decides early in the day”.",
    )
    suits = forms.MultipleChoiceField(
        choices=Knowledge.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="I work well with somebody who…",
    )
    interests = LinesField(
        required=False,
        label="What I like",
        help_text="One a line, as “Road cycling”. Colleagues see it; no client does.",
    )

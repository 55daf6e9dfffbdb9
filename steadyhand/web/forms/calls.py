"""What is asked when a call is begun, captured from, rated and ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact, DetailKind
from steadyhand.commitments.models import Commitment
from steadyhand.comms.actions import Settled
from steadyhand.comms.calls.holding import LONGEST
from steadyhand.comms.models import Action, Call
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.growth.models import OpportunityKind
from steadyhand.people.models import Member
from steadyhand.playbook.content import RatingQuestion
from steadyhand.web.forms.agency import date_input

THEM = "them"

#: What may be noted in a line while one listens; days away are noted on “What we know”.
QUICK_DETAILS = [(kind.value, kind.label) for kind in DetailKind if kind != DetailKind.AWAY]


def one_line(placeholder: str = "", **attrs: str) -> forms.TextInput:
    """A line to type in while somebody talks."""
    return forms.TextInput(attrs={"autocomplete": "off", "placeholder": placeholder, **attrs})


class BeginForm(forms.Form):
    """With whom, and which promise it keeps; both as far as one may see them."""

    client = forms.ModelChoiceField(Client.objects.none(), to_field_name="ref", required=False)
    commitment = forms.ModelChoiceField(Commitment.objects.none(), required=False)
    contact = forms.ModelChoiceField(Contact.objects.none(), required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        seen: dict[str, Any] = {
            "client": Client.objects.visible_to(actor),
            "commitment": Commitment.objects.visible_to(actor).filter(client__isnull=False),
            "contact": Contact.objects.visible_to(actor),
        }
        for name, rows in seen.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """Who picked up."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, empty_label="Nobody in particular"
    )

    def __init__(self, data: Any = None, *, client: Client, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["contact"].queryset = client.contacts.filter(left_on=None)  # type: ignore[attr-defined]


class CaptureForm(forms.Form):
    """A line, and what belongs to it."""

    text = forms.CharField(max_length=500, strip=True)


class OwnedForm(CaptureForm):
    """An action or a question: whose, and by when. What the line says (“@sam fri”) goes before the fields."""

    owner = forms.CharField(required=False)
    due_on = forms.DateField(required=False)


class OpportunityForm(CaptureForm):
    """More of what they buy, or something new."""

    kind = forms.ChoiceField(choices=OpportunityKind.choices, required=False)


class DetailForm(CaptureForm):
    """Something about one of their people."""

    kind = forms.ChoiceField(choices=QUICK_DETAILS)
    contact = forms.ModelChoiceField(Contact.objects.none())

    def __init__(self, data: Any = None, *, client: Client) -> None:
        super().__init__(data)
        self.fields["contact"].queryset = client.contacts.filter(left_on=None)  # type: ignore[attr-defined]


class RatingsForm(forms.Form):
    """A number for each question, and a comment."""

    comment = forms.CharField(required=False)

    def __init__(self, data: Any = None, *, questions: Iterable[RatingQuestion]) -> None:
        super().__init__(data)
        self.keys = [question.key for question in questions]
        for key in self.keys:
            self.fields[f"score_{key}"] = forms.IntegerField(required=False, min_value=1, max_value=5)

    @property
    def scores(self) -> dict[str, int]:
        """What was answered, by the key of the question."""
        given = {key: self.cleaned_data.get(f"score_{key}") for key in self.keys}
        return {key: score for key, score in given.items() if score is not None}


class EndForm(forms.Form):
    """How long it took, what it came to, and the actions once more before they are promised."""

    minutes = forms.IntegerField(min_value=1, max_value=LONGEST, label="Minutes")
    summary = forms.CharField(
        required=False,
        max_length=300,
        label="What it came to, in a line",
        widget=one_line("Leads are back; the budget for spring is open"),
    )
    follow_up = forms.BooleanField(required=False, label="Draft the follow-up e-mail")

    def __init__(
        self, data: Any = None, *, call: Call, actions: Iterable[Action], actor: Actor, minutes: int
    ) -> None:
        super().__init__(
            data,
            auto_id="end_%s",
            initial={"minutes": minutes, "follow_up": bool(call.contact and call.contact.email)},
        )
        self.fields["summary"].widget.attrs["autofocus"] = True
        self.actions = list(actions)
        self.members = {member.pk: member for member in Member.objects.visible_to(actor).here()}
        today = clock.today(call.client.zone)
        for action in self.actions:
            self._ask(action, call, today)

    def _ask(self, action: Action, call: Call, today: dt.date) -> None:
        whose = THEM if action.theirs else str(action.owner_id or call.member_id or "")
        people = [(str(pk), member.name) for pk, member in self.members.items()]
        self.fields[f"owner_{action.pk}"] = forms.ChoiceField(
            choices=[*people, (THEM, f"{call.client.name} does it")],
            initial=whose,
            label=f"Who does “{action.text}”",
        )
        self.fields[f"due_{action.pk}"] = forms.DateField(
            initial=action.due_on or today + dt.timedelta(days=7),
            label=f"By when: “{action.text}”",
            widget=date_input(),
        )

    def rows(self) -> list[tuple[Action, Any, Any]]:
        """Each action with its two fields, for the page."""
        return [(one, self[f"owner_{one.pk}"], self[f"due_{one.pk}"]) for one in self.actions]

    def settled(self) -> list[Settled]:
        """Each action with owner, day, and whether it is theirs."""
        said = self.cleaned_data
        found = []
        for action in self.actions:
            whose = said[f"owner_{action.pk}"]
            owner = None if whose == THEM else self.members[int(whose)]
            found.append(Settled(action, owner, said[f"due_{action.pk}"], theirs=whose == THEM))
        return found


class RecordingForm(forms.Form):
    """Where the recording lies, and who agreed to it."""

    recording = forms.URLField(
        required=False, max_length=500, label="Address of the recording", assume_scheme="https"
    )
    consent = forms.CharField(
        required=False,
        max_length=200,
        label="Who agreed to be recorded, and when",
        widget=one_line("Maya, at the start of the call"),
    )


class PracticeForm(forms.Form):
    """With whom, and on which day before the call."""

    colleague = forms.ModelChoiceField(Member.objects.none(), label="With", empty_label="Choose a colleague")
    on = forms.DateField(label="On", widget=date_input())

    def __init__(self, data: Any = None, *, member: Member, **options: Any) -> None:
        super().__init__(data, auto_id="practise_%s", **options)
        others = Member.objects.visible_to(member.actor).here().exclude(pk=member.pk).order_by("name")
        self.fields["colleague"].queryset = others  # type: ignore[attr-defined]

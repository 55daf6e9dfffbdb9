"""What is asked when one writes to a client, sends, reviews, or lays down how mail is sent."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact
from steadyhand.comms.mail.letters import letters
from steadyhand.comms.models import MailRules, Message
from steadyhand.core.recurrence import local_instant
from steadyhand.people.models import Member
from steadyhand.playbook.content import Audience
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import line, time_input


class AddressesField(forms.CharField):
    """Addresses, separated by commas; what they are is checked by the verb."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return [part.strip() for part in re.split(r"[,;\n]+", super().to_python(value) or "") if part.strip()]


def addresses(label: str, **options: Any) -> AddressesField:
    """An input that offers the people of this client and this team as one types."""
    attrs = {"type": "email", "multiple": True, "list": "people-of-client", "autocomplete": "off"}
    return AddressesField(label=label, max_length=4000, widget=forms.TextInput(attrs=attrs), **options)


class StartForm(forms.Form):
    """To whom, and which letter to start from."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="To", empty_label="Nobody in our list"
    )
    template = forms.ChoiceField(
        required=False, label="Start from", help_text="Letters are filled in; you change what you like."
    )

    def __init__(self, data: Any = None, *, client: Client, **options: Any) -> None:
        super().__init__(data, auto_id="write_%s", **options)
        contacts = client.contacts.filter(left_on=None).exclude(email="")
        self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]
        self.fields["contact"].initial = contacts.values_list("pk", flat=True).first()
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            ("", "An empty page"),
            *((letter.key, letter.title) for letter in letters() if letter.audience == Audience.CLIENT),
        ]


class DraftForm(forms.Form):
    """A mail while it is written. `seen` is the version the page was made from."""

    use_required_attribute = False

    to = addresses("To", required=False)
    copies = addresses("Copy to", required=False)
    subject = forms.CharField(
        required=False, max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    text = forms.CharField(
        required=False, strip=False, label="Your words", widget=line(16, **{"class": "compose__text"})
    )
    important = forms.BooleanField(required=False, label="This one is important")
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, auto_id="draft_%s", **options)
        self._mark_needed(True)

    def full_clean(self) -> None:
        """A draft may lack what sending needs; its fields say all the same that they are needed."""
        self._mark_needed(False)
        super().full_clean()
        self._mark_needed(True)

    def _mark_needed(self, needed: bool) -> None:
        for name in ("to", "subject", "text"):
            self.fields[name].required = needed

    @classmethod
    def of(cls, message: Message, data: Any = None) -> DraftForm:
        """What the message holds, or what was sent of it."""
        names = ("to", "copies", "subject", "text", "important")
        initial = {name: getattr(message, name) for name in names}
        return cls(data, initial={**initial, "seen": message.changed_at.isoformat()})

    @property
    def words(self) -> dict[str, Any]:
        """What is to be kept: only what was sent."""
        names = ("to", "copies", "subject", "text", "important")
        return {name: self.cleaned_data[name] for name in names if name in self.data or name == "important"}

    @property
    def version(self) -> dt.datetime | None:
        """The moment of the version the page was made from."""
        seen = self.data.get("seen", "").replace(" ", "+")
        try:
            return dt.datetime.fromisoformat(seen)
        except ValueError:
            return None


class SendingForm(forms.Form):
    """When it leaves, and who looks at it first."""

    when = forms.ChoiceField(
        choices=[("soon", "Send"), ("now", "Send at once"), ("at", "Send later")], required=False
    )
    on = forms.DateField(required=False, label="Day", widget=date_input())
    at = forms.TimeField(required=False, label="Time", widget=time_input())
    reviewer = forms.ModelChoiceField(
        Member.objects.none(), required=False, label="Reviewed by", empty_label=None
    )

    def __init__(self, data: Any = None, *, zone: str, reviewers: list[Member], **options: Any) -> None:
        super().__init__(data, auto_id="send_%s", **options)
        self.zone = zone
        pks = [member.pk for member in reviewers]
        self.fields["reviewer"].queryset = Member.objects.filter(pk__in=pks)  # type: ignore[attr-defined]
        self.fields["reviewer"].initial = pks[0] if pks else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("when") == "at" and not (values.get("on") and values.get("at")):
            self.add_error("on", "Choose a day and a time.")
        return values

    @property
    def moment(self) -> dt.datetime | None:
        """When it shall leave, on the client's clock; None for as soon as it may."""
        values = self.cleaned_data
        if values.get("when") != "at":
            return None
        return local_instant(values["on"], values["at"], self.zone)


class MailRulesForm(forms.Form):
    """How the agency writes to clients."""

    delay_seconds = forms.IntegerField(
        min_value=0,
        max_value=3600,
        label="Hold each mail back for so many seconds",
        help_text="Time to take it back. 60 suits most; 0 sends at once.",
    )
    own_domains = forms.CharField(
        required=False,
        max_length=1000,
        label="Our own mail domains",
        help_text="Whose address is there sends as themselves. Your mail server must allow it (SPF, DKIM).",
    )
    review_newcomers = forms.BooleanField(
        required=False,
        label="Review the important mail of new account executives and managers",
        help_text="From the day they join, until somebody releases them.",
    )

    @classmethod
    def of(cls, rules: MailRules, data: Any = None) -> MailRulesForm:
        names = ("delay_seconds", "own_domains", "review_newcomers")
        return cls(data, initial={name: getattr(rules, name) for name in names})


class ReviewerForm(forms.Form):
    """Who is put under review, and who looks at their mail."""

    member = forms.ModelChoiceField(Member.objects.none(), label="Whose mail", empty_label="Choose somebody")
    reviewer = forms.ModelChoiceField(
        Member.objects.none(),
        required=False,
        label="Reviewed by",
        empty_label="Their line manager, else the client's sponsor",
    )

    def __init__(self, data: Any = None, *, others: list[Member], **options: Any) -> None:
        super().__init__(data, auto_id="review_%s", **options)
        pks = [member.pk for member in others]
        self.fields["member"].queryset = Member.objects.filter(pk__in=pks)  # type: ignore[attr-defined]
        self.fields["reviewer"].queryset = Member.objects.here()  # type: ignore[attr-defined]

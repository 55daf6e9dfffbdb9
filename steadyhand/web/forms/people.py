"""Members: adding them, what they do, when they are away, and their own details."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.dates import MONTHS

from steadyhand.people.models import Member, News, User
from steadyhand.people.roles import Role
from steadyhand.people.tokens import Scope
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.places import PlaceField, countries, zones


class NewMemberForm(forms.Form):
    """A colleague to add."""

    email = forms.EmailField(label="E-mail")
    name = forms.CharField(
        max_length=200, required=False, help_text="Left empty, it is read from the address."
    )
    role = forms.ChoiceField(choices=Role.choices, initial=Role.MANAGER)


class RoleForm(forms.Form):
    """What somebody does at the agency."""

    role = forms.ChoiceField(choices=Role.choices)


class ColleagueField(forms.ModelChoiceField[Member]):
    """Somebody who is here, besides one."""

    def __init__(self, besides: Member, **options: Any) -> None:
        options = {"empty_label": "Choose a colleague"} | options
        super().__init__(queryset=Member.objects.here().exclude(pk=besides.pk), **options)


class AbsenceForm(forms.Form):
    """When somebody is away and who keeps their promises meanwhile."""

    starts_on = forms.DateField(widget=date_input(), label="First day away")
    ends_on = forms.DateField(widget=date_input(), label="Last day away")
    reason = forms.CharField(max_length=200, required=False, help_text="Colleagues see it.")

    def __init__(self, member: Member, data: Any = None) -> None:
        super().__init__(data)
        self.fields["cover"] = ColleagueField(
            member, label="Who covers", help_text="They get what falls due in that time."
        )


class LeavingForm(forms.Form):
    """Who takes over from somebody who leaves."""

    def __init__(self, member: Member, needed: bool, data: Any = None) -> None:
        super().__init__(data)
        self.fields["heir"] = ColleagueField(
            member,
            required=needed,
            label="Who takes over",
            help_text="Every client they lead, help or sponsor goes to this colleague.",
        )


class DetailsForm(forms.Form):
    """A member's own details."""

    name = forms.CharField(max_length=200)
    phone = forms.CharField(max_length=40, required=False)
    country = PlaceField(choices=countries, help_text="Its public holidays are your days off.")
    zone = PlaceField(choices=zones, label="Time zone", help_text="Times are shown in it.")
    language = forms.ChoiceField(choices=[("en-gb", "English (British)"), ("en-us", "English (American)")])
    weekly_hours = forms.DecimalField(
        min_value=1, max_value=80, max_digits=4, decimal_places=1, label="Hours a week"
    )
    birth_day = forms.TypedChoiceField(
        choices=[("", "–"), *((day, str(day)) for day in range(1, 32))],
        coerce=int,
        empty_value=None,
        required=False,
        label="Birthday",
        help_text="Only if you like: the all-hands page congratulates you. Nobody is told a year.",
    )
    birth_month = forms.TypedChoiceField(
        choices=[("", "–"), *((number, MONTHS[number]) for number in range(1, 13))],
        coerce=int,
        empty_value=None,
        required=False,
        label="in the month of",
    )
    joined_on = forms.DateField(required=False, widget=date_input(), label="Here since")
    theme = forms.ChoiceField(choices=[("system", "As the device"), ("light", "Light"), ("dark", "Dark")])
    density = forms.ChoiceField(
        choices=[("comfortable", "Comfortable"), ("compact", "Compact")], label="Rows"
    )
    shortcuts = forms.BooleanField(required=False, label="Single-key shortcuts")
    news = forms.ChoiceField(
        choices=News.choices,
        label="Mail me what happened",
        help_text="Grouped by client, in your time zone. What is urgent comes at once.",
    )

    @classmethod
    def of(cls, member: Member, data: Any = None) -> DetailsForm:
        """The form, filled with what is."""
        return cls(data, initial={name: getattr(member, name) for name in cls.base_fields})


class TokenForm(forms.Form):
    """A token for a script."""

    label = forms.CharField(max_length=200, label="What uses it", help_text="As “timesheet export”.")
    scope = forms.ChoiceField(
        choices=[(Scope.READ, "Read only"), (Scope.WRITE, "Read and write")],
        label="It may",
        initial=Scope.READ,
    )


class NewPasswordForm(forms.Form):
    """A first password, or none: a code by e-mail or a passkey does as well."""

    password = forms.CharField(
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ten characters or more. Left empty, you sign in with a code by e-mail or a passkey.",
    )

    def __init__(self, data: Any = None, *, email: str = "") -> None:
        super().__init__(data)
        self.whose = email

    def clean_password(self) -> str | None:
        """Refuse short, common and address-like ones."""
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, User(email=self.whose))
        return password or None

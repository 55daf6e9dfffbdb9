"""The set-up wizard's questions."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from steadyhand.people.roles import Role
from steadyhand.people.setting_up import Person
from steadyhand.web.forms.people import NewPasswordForm

PLAYBOOKS = {
    "framework": (
        "Framework",
        "For agencies with many clients of every size: what a client pays a month decides how often you "
        "report and call. Small accounts stay light, large ones get weekly calls and their own terms.",
    ),
    "concierge": (
        "Concierge",
        "For agencies with few and large clients who expect you to be there first: more calls, more "
        "meetings, closer senior contact. It takes more hours a client, so widen the book with care.",
    ),
}


class PlaybookForm(forms.Form):
    """Which shipped playbook to begin with."""

    playbook = forms.ChoiceField(
        choices=[(name, title) for name, (title, _) in PLAYBOOKS.items()],
        widget=forms.RadioSelect,
        initial="framework",
        label="Playbook",
    )


class YouForm(NewPasswordForm):
    """The first administrator, who is filling this in."""

    name = forms.CharField(max_length=200, label="Your name")
    email = forms.EmailField(label="Your e-mail", help_text="You sign in with it.")
    field_order = ("name", "email", "password")

    def clean_email(self) -> str:
        """Kept for the check of the password, which must not resemble it."""
        self.whose = str(self.cleaned_data["email"])
        return self.whose

    @property
    def person(self) -> Person:
        """Who this is."""
        return Person(self.cleaned_data["email"], self.cleaned_data["name"], Role.ADMINISTRATOR)


class ColleagueForm(forms.Form):
    """A colleague to add along the way; an empty row is nobody."""

    use_required_attribute = False
    name = forms.CharField(max_length=200, required=False)
    email = forms.EmailField(required=False, label="E-mail")
    role = forms.ChoiceField(choices=Role.choices, initial=Role.MANAGER, required=False)

    def clean(self) -> dict[str, Any]:
        """A name alone is not enough."""
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("name") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Write their address, or clear the name.")
        return cleaned

    @property
    def person(self) -> Person | None:
        """Who this is, if anybody."""
        given = self.cleaned_data
        if not given.get("email"):
            return None
        return Person(given["email"], given.get("name", ""), given.get("role") or Role.MANAGER)


class ColleaguesFormSet(forms.BaseFormSet[ColleagueForm]):
    """Colleagues, each once."""

    def clean(self) -> None:
        """Two rows with one address are one too many."""
        seen: set[str] = set()
        for form in self.forms:
            email = str(form.cleaned_data.get("email", "")).lower() if form.is_valid() else ""
            if email and email in seen:
                form.add_error("email", "This address is in another row already.")
            seen.add(email)

    @property
    def people(self) -> list[Person]:
        """Everybody who was named."""
        return [form.person for form in self.forms if form.person is not None]


def colleagues_form(data: Any = None) -> ColleaguesFormSet:
    """Four rows; a browser that asks for more gets up to twenty."""
    form_set = forms.formset_factory(ColleagueForm, formset=ColleaguesFormSet, extra=4, max_num=20)
    return cast(ColleaguesFormSet, form_set(data, prefix="with"))

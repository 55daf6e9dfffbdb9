"""What is asked when an agreement is drafted, written, signed or withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms

from steadyhand.clients.models import Client, Engagement
from steadyhand.core.actor import Actor
from steadyhand.onboarding.agreements.drafting import LONGEST_CLAUSE, MOST_CLAUSES, ClauseText
from steadyhand.onboarding.models import Agreement, AgreementVersion, GroundworkKind
from steadyhand.playbook.agreement_templates import agreement_templates
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import client_called, client_input, line


class NewAgreementForm(forms.Form):
    """Which client, which template; once the client is known, which engagement and what it starts from."""

    client = forms.CharField(max_length=200, widget=client_input())
    template = forms.ChoiceField(label="What it is", widget=forms.RadioSelect)
    engagement = forms.ModelChoiceField(
        Engagement.objects.none(),
        required=False,
        label="For which engagement",
        empty_label="The one that runs, if any",
    )
    like = forms.ModelChoiceField(
        Agreement.objects.none(),
        required=False,
        label="Start from",
        empty_label="The playbook's wording",
        help_text="An earlier agreement's clauses are taken over as they are.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, auto_id="new_%s", **options)
        self.actor = actor
        templates = agreement_templates()
        choices = [(one.key, f"{one.title}: {one.use_when}") for one in templates]
        self.fields["template"].choices = choices  # type: ignore[attr-defined]
        self.fields["template"].initial = templates[0].key
        self.about = self._meant(self["client"].value() or "")
        if self.about is None:
            del self.fields["engagement"], self.fields["like"]
        else:
            self.fields["client"].widget = forms.HiddenInput()
            self.fields["engagement"].queryset = self.about.engagements.all()  # type: ignore[attr-defined]
            self.fields["like"].queryset = self.about.agreements.all()  # type: ignore[attr-defined]
            if not self.about.agreements.exists():
                del self.fields["like"]

    def _meant(self, named: str) -> Client | None:
        try:
            return client_called(named, self.actor)
        except forms.ValidationError:
            return None

    def clean_client(self) -> Client | None:
        """The one client of this name, or this short name."""
        return client_called(self.cleaned_data["client"], self.actor)


class TermsForm(forms.Form):
    """Title and dates of the version in work; `seen` is the digest of what the writer had before them."""

    title = forms.CharField(max_length=200, label="Title")
    begins_on = forms.DateField(label="Begins", widget=date_input())
    ends_on = forms.DateField(
        required=False,
        label="Ends",
        widget=date_input(),
        help_text="Empty where it runs on until one of you gives notice.",
    )
    notice_days = forms.IntegerField(min_value=0, max_value=3650, label="Days of notice")
    seen = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, version: AgreementVersion, seen: str) -> TermsForm:
        """As the version is now."""
        form = cls(
            initial={
                "title": version.agreement.title,
                "begins_on": version.begins_on,
                "ends_on": version.ends_on,
                "notice_days": version.notice_days,
                "seen": seen,
            }
        )
        form.fix_title(version)
        return form

    def fix_title(self, version: AgreementVersion) -> None:
        """The client knows it by its title once it was shared."""
        if version.agreement.shared_at is not None:
            del self.fields["title"]


class ClauseForm(forms.Form):
    """One clause."""

    key = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    title = forms.CharField(max_length=200, required=False, label="Clause")
    text = forms.CharField(max_length=LONGEST_CLAUSE, required=False, label="What it says", widget=line(6))


Clauses = forms.formset_factory(ClauseForm, extra=1, can_order=True, can_delete=True, max_num=MOST_CLAUSES)


def clause_texts(clauses: forms.BaseFormSet[ClauseForm]) -> list[ClauseText]:
    """What was written, in the order of the places; an empty clause is left out."""
    kept = [form.cleaned_data for form in clauses.forms if form.cleaned_data.get("DELETE") is not True]
    written = [one for one in kept if one.get("title") or one.get("text")]
    written.sort(key=lambda one: one.get("ORDER") or MOST_CLAUSES)
    return [ClauseText(one["title"], one["text"], one["key"]) for one in written]


class ReasonForm(forms.Form):
    """Why; the other side reads it."""

    reason = forms.CharField(max_length=500, label="Why", widget=line(3, autofocus="autofocus"))


class ReplacementForm(forms.Form):
    """Which agreement took the place."""

    successor = forms.ModelChoiceField(Agreement.objects.none(), label="Which one takes its place")

    def __init__(self, data: Any = None, *, agreement: Agreement) -> None:
        super().__init__(data)
        others = agreement.client.agreements.filter(signed_at__isnull=False, closed_at=None)
        self.fields["successor"].queryset = others.exclude(pk=agreement.pk)  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A PDF to check."""

    file = forms.FileField(label="The PDF", widget=forms.FileInput(attrs={"accept": "application/pdf"}))


class GroundworkForm(forms.Form):
    """One of the papers."""

    kind = forms.ChoiceField(choices=GroundworkKind.choices, widget=forms.HiddenInput)
    text = forms.CharField(max_length=20_000, label="What it says", widget=line(6))

"""What is written into a report, and how a client is reported to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from steadyhand.core.recurrence import WEEKDAYS
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.models import Reading, Report, ReportKind, ReportRules
from steadyhand.reporting.reports.periods import parse
from steadyhand.web.forms.clients import AmountField
from steadyhand.web.forms.promises import line


class CommentaryForm(forms.Form):
    """The words of a report."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    commentary = forms.CharField(
        required=False,
        max_length=20_000,
        label="What you want to say",
        widget=line(8),
        help_text="The client reads it above the figures. A line for each thought.",
    )
    decision = forms.CharField(
        required=False,
        max_length=500,
        label="One decision you need from them",
        widget=line(2),
        help_text="As a question they can answer with yes or no.",
    )
    notes = forms.CharField(
        required=False,
        max_length=20_000,
        label="Notes for ourselves",
        widget=line(3),
        help_text="These stay inside: no page, mail or paper of theirs has them.",
    )

    @classmethod
    def of(cls, report: Report, data: Any = None) -> CommentaryForm:
        """With what is written so far."""
        names = ("revision", "commentary", "decision", "notes")
        return cls(data, initial={name: getattr(report, name) for name in names})


class RulesForm(forms.Form):
    """How one client is reported to."""

    asks_approval = forms.BooleanField(
        required=False, label="The account lead approves each report before it leaves"
    )
    activity_weekday = forms.TypedChoiceField(
        required=False,
        label="Weekly activity report",
        choices=[
            ("", "None"),
            *((str(n), f"On {name.capitalize()}s") for n, name in enumerate(WEEKDAYS[:5])),
        ],
        coerce=int,
        empty_value=None,
        help_text="What we did, what is late, what comes next, what we wait for from them.",
    )
    expected_return = AmountField(
        required=False,
        label="Return expected by now",
        help_text="Revenue for each unit of money spent with us, for instance 3.50. C-level readers see it.",
    )
    lead_gap = forms.IntegerField(
        min_value=1,
        max_value=100,
        label="A gap in lead counts worth a word, in per cent",
        help_text="Where theirs and ours differ by more, connecting a CRM is advised.",
    )

    @classmethod
    def of(cls, rules: ReportRules, data: Any = None) -> RulesForm:
        """With what holds now."""
        weekday = rules.activity_weekday
        return cls(
            data,
            initial={
                "asks_approval": rules.asks_approval,
                "activity_weekday": "" if weekday is None else str(weekday),
                "expected_return": rules.expected_return,
                "lead_gap": rules.lead_gap,
            },
        )


class DraftForm(forms.Form):
    """A report somebody asks for."""

    kind = forms.ChoiceField(
        label="What",
        choices=[
            (kind.value, kind.label.capitalize())
            for kind in (ReportKind.FIGURES, ReportKind.PAID_SEARCH, ReportKind.ACTIVITY, ReportKind.RENEWAL)
        ],
    )
    period = forms.CharField(
        max_length=40,
        label="About",
        help_text="A month as 2026-10, a week as 2026-W47, a quarter as 2026-Q3. A renewal pack: 2026.",
    )

    def clean_period(self) -> Any:
        """The days it stands for."""
        try:
            return parse(self.cleaned_data["period"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_kind(self) -> ReportKind:
        """One of the kinds."""
        return ReportKind(self.cleaned_data["kind"])


class ReadingForm(forms.Form):
    """How a contact reads reports."""

    reading = forms.ChoiceField(
        label="Reports",
        choices=[(reading.value, reading.label.capitalize()) for reading in Reading],
        widget=forms.RadioSelect,
    )


class RenewalForm(forms.Form):
    """What no source tells: what next and why, and what became of leads."""

    next_steps = forms.CharField(
        required=False,
        max_length=3000,
        label="What next, and why",
        widget=line(5),
        help_text="A line for each: what, a colon, then the figure it would move and how.",
    )
    ours = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=1,
        label="Of our leads, per cent that bought",
    )
    others = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=1,
        label="Of other leads, per cent that bought",
    )

    @classmethod
    def of(cls, report: Report, data: Any = None, hints: Iterable[str] = ()) -> RenewalForm:
        """With what is kept; where nothing is, with opportunities that were noted, to be given their why."""
        told = report.content.get("renewal") or {}
        steps = [f"{one['what']}: {one['why']}" for one in told.get("next", [])] or [
            f"{one}: " for one in hints
        ]
        close = told.get("close") or {}
        initial = {"next_steps": "\n".join(steps), "ours": close.get("ours"), "others": close.get("others")}
        return cls(data, initial=initial)

    def clean_next_steps(self) -> list[tuple[str, str]]:
        """Each line as what and why."""
        lines = [line.partition(":") for line in self.cleaned_data["next_steps"].splitlines() if line.strip()]
        return [(what.strip(), why.strip()) for what, _, why in lines]

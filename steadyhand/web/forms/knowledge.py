"""What is asked when somebody notes what they learned about a client."""

from __future__ import annotations

import calendar
from typing import Any

from django import forms

from steadyhand.clients.models import Client, Contact, DetailKind, PersonalDetail, WorkingKind
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import line

MONTHS = [("", "Month"), *((str(number), calendar.month_name[number]) for number in range(1, 13))]

#: What to write for each kind, as the label of the field and an example beneath it.
ASKS: dict[DetailKind, tuple[str, str]] = {
    DetailKind.BIRTHDAY: ("Anything about the day", "Likes it noticed, hates a fuss."),
    DetailKind.AWAY: ("Where, with whom", "Lisbon, with the children."),
    DetailKind.INTEREST: ("What they love to do", "Sea swimming; rescues greyhounds."),
    DetailKind.FAMILY: ("Who matters to them", "Married to Tom; a daughter, Ada, doing her exams."),
    DetailKind.SPEAKING: ("How they like to be spoken to", "Short and straight; never before ten."),
    DetailKind.DECIDING: ("How they decide", "Wants two options and a recommendation, then sleeps on it."),
    DetailKind.BAD_NEWS: ("How to bring bad news", "Ring at once, with the remedy; no e-mail first."),
    DetailKind.OTHER: ("What is good to know", "Was a chef before; notices spelling."),
}


def _number(label: str, most: int, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "size": 4}),
    )


class DetailForm(forms.Form):
    """One personal detail; the fields are those of its kind."""

    day = _number("Day", 31)
    month = forms.TypedChoiceField(choices=MONTHS, required=False, coerce=int, empty_value=None)
    year = _number("Year, if you know it", 9999)
    from_on = forms.DateField(label="From", required=False, widget=date_input())
    until_on = forms.DateField(label="Back after", required=False, widget=date_input())
    text = forms.CharField(required=False, max_length=500, widget=line(3))

    def __init__(self, kind: DetailKind, data: Any = None, *, of: PersonalDetail | None = None) -> None:
        names = ("text", "day", "month", "year", "from_on", "until_on")
        super().__init__(
            data, auto_id="detail_%s", initial={name: getattr(of, name) for name in names} if of else None
        )
        label, example = ASKS[kind]
        self.fields["text"].label, self.fields["text"].help_text = label, f"For instance: {example}"
        for name in self._strange(kind):
            del self.fields[name]
        first = next(iter(self.fields))
        self.fields[first].widget.attrs["autofocus"] = True

    @staticmethod
    def _strange(kind: DetailKind) -> list[str]:
        birthday, away = ["day", "month", "year"], ["from_on", "until_on"]
        return {DetailKind.BIRTHDAY: away, DetailKind.AWAY: birthday}.get(kind, birthday + away)


WORKING_ASKS: dict[WorkingKind, tuple[str, str]] = {
    WorkingKind.CARES_FOR: ("What they care for", "How it looks in front of the board."),
    WorkingKind.AGREED: ("What you agreed", "Two rounds of changes, then it goes live."),
    WorkingKind.PUSHED_BACK: ("What we said no to", "A third redesign of the home page before launch."),
}


class WorkingForm(forms.Form):
    """A note on working with somebody."""

    text = forms.CharField(max_length=500, widget=line(3))
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        widget=line(2),
        help_text="Your colleagues will stand by it, so give them the reason.",
    )
    on = forms.DateField(label="When", required=False, widget=date_input(), help_text="Empty: today.")

    def __init__(self, kind: WorkingKind, data: Any = None) -> None:
        super().__init__(data, auto_id="working_%s")
        label, example = WORKING_ASKS[kind]
        self.fields["text"].label, self.fields["text"].help_text = label, f"For instance: {example}"
        self.fields["text"].widget.attrs["autofocus"] = True
        if kind is not WorkingKind.PUSHED_BACK:
            del self.fields["reason"]


class AnswerForm(forms.Form):
    """An answer to one question of the bank."""

    question = forms.CharField(max_length=60)
    answer = forms.CharField(required=False)
    contact = forms.ModelChoiceField(Contact.objects.none(), required=False)

    def __init__(self, client: Client, data: Any) -> None:
        super().__init__(data)
        self.fields["contact"].queryset = client.contacts.all()  # type: ignore[attr-defined]


class SaidForm(forms.Form):
    """An expectation was said, to somebody or to nobody in particular."""

    expectation = forms.CharField(max_length=60)
    contact = forms.ModelChoiceField(Contact.objects.none(), required=False)

    def __init__(self, client: Client, data: Any) -> None:
        super().__init__(data)
        self.fields["contact"].queryset = client.contacts.all()  # type: ignore[attr-defined]

"""What is asked about the work shown: a line of a table, a plan, a file and its columns, the lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from steadyhand.delivery.models import Entry, Output, RecommendationState, SiteScore
from steadyhand.delivery.work.lists import KINDS, Lists, Renamed
from steadyhand.delivery.work.tables import LENGTHS, PART, SCORES, TABLES, Column, WorkTable
from steadyhand.web.forms.agency import date_input
from steadyhand.web.forms.promises import line

#: Empty lines for new words of a list.
NEW_WORDS = 2
HINTS = {
    "authority": "0 to 100, as your tool gives the domain.",
    "domain": "Empty: taken from the URL.",
    "note": "The client never sees it.",
    "tool": "The audit tool whose score this is; the client reads it beside the score.",
    "score": "0 to 100. Empty: the mean of its parts, each counting the same.",
}
KIND_CHOICES = [(key, table.label) for key, table in TABLES.items()]


class EntryForm(forms.Form):
    """One line of a table. What it may say is decided by the verb; here is only its shape."""

    def __init__(
        self,
        data: Any = None,
        *,
        table: WorkTable,
        lists: Lists,
        today: dt.date,
        entry: Entry | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, auto_id=f"{table.key}_%s", **options)
        self._table = table
        for column in table.columns:
            self.fields[column.key] = _field(column, lists, entry)
            self.initial[column.key] = getattr(entry, column.key, None) if entry else None
        if entry is None:
            self.initial["day"] = today
        if isinstance(entry, SiteScore) and entry.from_parts:
            self.initial["score"] = None
        self._parts: dict[str, str] = {}
        if table is SCORES:
            self._add_parts(lists, entry)

    def _add_parts(self, lists: Lists, entry: Entry | None) -> None:
        note = self.fields.pop("note")
        for number, one in enumerate(lists.words("score_part")):
            name = f"part_{number}"
            self._parts[name] = one.word
            self.fields[name] = _number(one.word.capitalize(), 100)
            if isinstance(entry, SiteScore):
                self.initial[name] = entry.parts.get(one.word)
        self.fields["note"] = note

    @property
    def cells(self) -> dict[str, str]:
        """What was typed, as the verb reads it."""
        said = {self._parts.get(name, name): str(value or "") for name, value in self.cleaned_data.items()}
        parts = set(self._parts.values())
        return {f"{PART}{name}" if name in parts else name: value for name, value in said.items()}


class PlanForm(forms.Form):
    """How many links or how much content a month is to bring."""

    output = forms.ChoiceField(choices=Output.choices, label="What")
    type = forms.ChoiceField(choices=[], required=False, label="Of the type")
    count = forms.IntegerField(min_value=0, max_value=1000, label="How many")
    month = forms.DateField(
        label="Month",
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
        input_formats=["%Y-%m"],
    )
    lasting = forms.BooleanField(
        required=False, initial=True, label="Every month from then on, until changed"
    )

    def __init__(self, data: Any = None, *, lists: Lists, **options: Any) -> None:
        super().__init__(data, auto_id="plan_%s", **options)
        self.fields["type"].choices = [  # type: ignore[attr-defined]
            ("", "Any"),
            ("Links", lists.choices("link_type")),
            ("Content", lists.choices("content_type")),
        ]


class WorkUploadForm(forms.Form):
    """A file with lines of work."""

    file = forms.FileField(label="A table (CSV or XLSX)")

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, auto_id="upload_%s", **options)


class WorkColumnsForm(forms.Form):
    """Which of the tables a file is, and what each of its columns is."""

    kind = forms.ChoiceField(choices=KIND_CHOICES, label="These are")

    def __init__(
        self, data: Any = None, *, headings: list[str], table: WorkTable, roles: list[str], lists: Lists
    ) -> None:
        super().__init__(data, auto_id="columns_%s", initial={"kind": table.key})
        choices = [("", "Not read"), *((column.key, column.label) for column in table.columns)]
        if table is SCORES:
            parts = lists.words("score_part")
            choices += [(f"{PART}{one.word}", f"Part: {one.word}") for one in parts]
        for number, heading in enumerate(headings):
            name = f"role_{number}"
            self.fields[name] = forms.ChoiceField(
                choices=choices, required=False, label=heading or f"Column {number + 1}"
            )
            self.initial[name] = roles[number] if number < len(roles) else ""


class ListForm(forms.Form):
    """The words of one list, each on a line, with two lines for new ones."""

    def __init__(self, data: Any = None, *, key: str, lists: Lists) -> None:
        super().__init__(data, auto_id=f"{key}_%s")
        self.kind = KINDS[key]
        self._was = [one.word for one in lists.words(key)] + [""] * NEW_WORDS
        for number, word in enumerate(self._was):
            label = f"Word {number + 1}" if word else f"New word {number + 1 - len(self._was) + NEW_WORDS}"
            self.fields[f"word_{number}"] = forms.CharField(
                required=False, max_length=40, label=label, initial=word
            )
            if self.kind.is_status:
                counts = word in lists.done(key)
                self.fields[f"done_{number}"] = forms.BooleanField(
                    required=False, label="counts as done", initial=counts
                )
            self.fields[f"was_{number}"] = forms.CharField(
                required=False, max_length=40, widget=forms.HiddenInput, initial=word
            )

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Each line: the word, whether it counts, what it was."""
        return [
            (
                self[f"word_{number}"],
                self[f"done_{number}"] if self.kind.is_status else None,
                self[f"was_{number}"],
            )
            for number in range(len(self._was))
        ]

    @property
    def lines(self) -> list[Renamed]:
        """What was typed, as the verb reads it."""
        said = self.cleaned_data
        return [
            Renamed(said[f"was_{number}"], said[f"word_{number}"], said.get(f"done_{number}", False))
            for number in range(len(self._was))
        ]


def _field(column: Column, lists: Lists, entry: Entry | None) -> forms.Field:
    needed = column.needed and column.key != "domain"
    hint = HINTS.get(column.key, "")
    if column.reads == "day":
        return forms.CharField(label=column.label, widget=date_input(), required=needed)
    if column.reads == "word":
        stands = getattr(entry, column.key, "")
        words = lists.choices(column.list)
        if stands and (stands, stands) not in words:
            words = [(stands, f"{stands} (no longer on the list)"), *words]
        return forms.ChoiceField(choices=words, label=column.label)
    if column.reads == "state":
        return forms.ChoiceField(choices=RecommendationState.choices, label=column.label, required=False)
    if column.reads in {"score", "count"}:
        return _number(column.label, 100 if column.reads == "score" else 1_000_000, hint)
    longest = LENGTHS[column.key]
    widget = line(2) if column.key in {"note", "action"} else forms.TextInput()
    return forms.CharField(
        label=column.label, required=needed, max_length=longest, widget=widget, help_text=hint
    )


def _number(label: str, most: int, hint: str = "") -> forms.Field:
    numbers = forms.NumberInput(attrs={"min": 0, "max": most})
    return forms.CharField(label=label, required=False, max_length=12, widget=numbers, help_text=hint)

"""What `/styleguide/` shows: a small, fixed cast, so that every component appears in all of its states."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms

from steadyhand.core import clock
from steadyhand.core.money import Money

PEOPLE = ["Jody Marsh", "Sam Okafor", "Keiran Reid", "Maya Lind", "Ola Brandt", "Finn Halden"]
SWATCHES = "paper sheet sunk ink ink-2 ink-3 line edge accent accent-soft well watch act".split()  # noqa: SIM905
LONG = "Donaudampfschifffahrtsgesellschaft Hauptversammlung & Söhne Vermögensverwaltungsgesellschaft mbH"


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="As the client writes it on their own letters.")
    email = forms.EmailField(label="E-mail")
    spend = forms.DecimalField(label="Monthly spend", help_text="In pounds, without VAT.")
    start = forms.DateField(label="Starts on", widget=forms.DateInput(attrs={"type": "date"}))
    tier = forms.ChoiceField(choices=[("", "Choose a tier"), ("1", "Tier 1"), ("2", "Tier 2")])
    note = forms.CharField(widget=forms.Textarea, required=False)
    rhythm = forms.ChoiceField(
        choices=[("w", "Weekly"), ("f", "Fortnightly"), ("m", "Monthly")], widget=forms.RadioSelect
    )
    channels = forms.MultipleChoiceField(
        choices=[("seo", "Search"), ("ads", "Paid search"), ("social", "Social")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What we do for them now.",
    )
    book = forms.FileField(label="Your book of clients", help_text="CSV or XLSX.", required=False)
    internal = forms.BooleanField(
        label="Only we see this", required=False, help_text="The client's feed leaves it out."
    )


def samples() -> dict[str, Any]:
    """The context of `ui/styleguide.html`."""
    now = clock.now()
    day = now.date()
    wrong = SampleForm(
        {
            "name": "",
            "email": "maya@halden",
            "spend": "lots",
            "start": "31 February",
            "tier": "2",
            "rhythm": "x",
        },
        auto_id="wrong_%s",
    )
    wrong.add_error(None, "This engagement ends before it starts. Move the end after 1 March 2026.")
    return {
        "form": SampleForm(initial={"name": "Halden Bikes", "rhythm": "w"}),
        "wrong_form": wrong,
        "row_form": SampleForm(auto_id="row_%s"),
        "people": PEOPLE,
        "three": PEOPLE[:3],
        "long": LONG,
        "tabs": [
            {"label": "Now", "url": "#tabs", "current": True, "count": 7},
            {"label": "This week", "url": "#tabs", "count": 11},
            {"label": "Waiting on clients", "url": "#tabs", "count": 0},
            {"label": "My team", "url": "#tabs"},
            {"label": "Everybody", "url": "#tabs", "folded": True},
        ],
        "soon": now + dt.timedelta(minutes=20),
        "past": now - dt.timedelta(days=3, hours=2),
        "later": now + dt.timedelta(days=400),
        "day": day,
        "amounts": [
            Money(Decimal("3000"), "GBP"),
            Money(Decimal("2400.50"), "EUR"),
            Money(Decimal("0"), "USD"),
        ],
        "band_names": ["to £1,000", "under £1,500", "£1,500 to 3,000", "under £6,000", "£6,000 and more"],
        "matrix": _matrix(),
        "weeks": _weeks(day),
        "weekdays": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        "swatches": SWATCHES,
    }


def _matrix() -> list[dict[str, Any]]:
    return [
        {
            "label": "Calls",
            "cells": [
                {"text": "monthly"},
                {"text": "weekly", "was": "fortnightly"},
                {"text": "weekly"},
                {"text": "weekly"},
                {"text": "agreed with each client", "rows": 3},
            ],
        },
        {"label": "Reports", "cells": [{"text": "monthly"}] * 3 + [{"text": "weekly"}]},
        {"label": "Live dashboard", "cells": [{"text": ""}, {"text": ""}, {"text": "yes"}, {"text": "yes"}]},
    ]


def _weeks(today: dt.date) -> list[list[dict[str, Any]]]:
    monday = today - dt.timedelta(days=today.weekday())
    days = [monday + dt.timedelta(days=offset) for offset in range(-7, 14)]
    cells = [
        {"date": day, "today": day == today, "off": day.weekday() > 4, "outside": day.month != today.month}
        for day in days
    ]
    cells[8]["entries"] = [
        {"text": "Halden Bikes, weekly call", "url": "#calendar", "time": "10:00"},
        {"text": LONG, "url": "#calendar", "state": "late"},
        {"text": "Orbit Dental report", "url": "#calendar", "state": "done"},
    ]
    cells[8] |= {"more": 4, "more_url": "#calendar"}
    cells[10] |= {"note": "Boxing Day", "off": True}
    cells[15]["entries"] = [{"text": "Fernhill Schools", "url": "#calendar", "time": "11:30"}]
    return [cells[start : start + 7] for start in range(0, 21, 7)]

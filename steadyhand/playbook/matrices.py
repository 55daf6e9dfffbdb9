"""The cells of the reporting matrices: how often, on which day, for how long (MISSION B2, B3)."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from steadyhand.core.recurrence import LAST_WORKING_DAY, Cadence, DayChoice, Preference
from steadyhand.playbook.bands import Band, Part

LONGEST_MINUTES = 480
_WORKING_DAYS_IN = {Cadence.WEEKLY: 5, Cadence.FORTNIGHTLY: 10}
_REPEATING = ", ".join(cadence for cadence in Cadence if cadence is not Cadence.ONCE)


def _day(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Write the day in words, for instance “last working day” or “tuesday”.")
    return str(Preference.parse(value))


def _minutes(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("Write whole minutes, for instance 45.")
    if not 0 < value <= LONGEST_MINUTES:
        raise ValueError(f"{value} minutes cannot be planned. Write 1 to {LONGEST_MINUTES}.")
    return value


def _repeating(value: Any) -> Cadence:
    try:
        cadence = Cadence(value)
    except ValueError as error:
        raise ValueError(f"“{value}” is not a cadence. Write one of {_REPEATING}.") from error
    if cadence is Cadence.ONCE:
        raise ValueError(f"“once” does not repeat, and this must. Write one of {_REPEATING}.")
    return cadence


Day = Annotated[str, BeforeValidator(_day)]
"""A day in words, as `Preference.parse` reads them."""
Minutes = Annotated[int, BeforeValidator(_minutes)]
Repeating = Annotated[Cadence, BeforeValidator(_repeating)]


class Repeated(Part):
    """Something that comes back: its cadence, the day of each period it is due, and the minutes it takes."""

    cadence: Repeating
    on: Day = str(LAST_WORKING_DAY)
    minutes: Minutes

    @property
    def preference(self) -> Preference:
        return Preference.parse(self.on)

    @model_validator(mode="after")
    def _day_is_in_every_period(self) -> Self:
        preference = self.preference
        if preference.needs_months and self.cadence in _WORKING_DAYS_IN:
            raise ValueError(
                f"“{self.on}” is not a day of every {self.cadence} period. "
                "Write a weekday or “last working day”."
            )
        most = _WORKING_DAYS_IN.get(self.cadence, preference.number)
        if preference.choice is DayChoice.NTH_WORKING and preference.number > most:
            raise ValueError(
                f"“{self.on}” does not exist: a {self.cadence} period has {most} working days. "
                "Write a smaller number."
            )
        return self


class Once(Part):
    """Something done a single time. `within_working_days` counts from the start; a closing item has none."""

    minutes: Minutes

    @model_validator(mode="before")
    @classmethod
    def _takes_no_cadence(cls, data: Any) -> Any:
        if isinstance(data, dict) and "cadence" in data:
            raise ValueError(
                f"This is done once, so it cannot be “{data['cadence']}”. Take its cadence out; "
                "for something weekly in a project use the call."
            )
        return data


class Soon(Once):
    """Something done once, near the start: inside so many working days, the first day counting."""

    within_working_days: Annotated[int, Field(ge=1, le=60)] = 5


class RetainerBand(Band):
    """What a retained client in this band of monthly spend gets. A bespoke band promises nothing by itself:
    its plan is agreed with each client."""

    bespoke: bool = False
    dashboard: bool = False
    report: Repeated | None = None
    call: Repeated | None = None

    @model_validator(mode="after")
    def _bespoke_holds_nothing_else(self) -> Self:
        if self.bespoke and (self.dashboard or self.report or self.call):
            raise ValueError(
                "A bespoke band holds nothing else: its plan is agreed with each client. "
                "Take its call, report and dashboard out, or bespoke."
            )
        return self


class ProjectBand(Band):
    """What a project of this value gets. The call repeats between the project's start and end."""

    bespoke: bool = False
    opening_call: Soon | None = None
    setup: Soon | None = None
    call: Repeated | None = None
    closing_report: Once | None = None

    @model_validator(mode="after")
    def _bespoke_holds_nothing_else(self) -> Self:
        if self.bespoke and (self.opening_call or self.setup or self.call or self.closing_report):
            raise ValueError(
                "A bespoke band holds nothing else: its plan is agreed with each client. "
                "Take its items out, or bespoke."
            )
        return self

"""How the agency wins work: whether to pitch, who joins the pitch, what client-services time costs.

MISSION W1, W3, W4 and B6. Every figure that ships is ours; an agency sets its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from steadyhand.playbook.bands import Amount, Band, Part, band_holding, check_bands
from steadyhand.playbook.texts import Entry, Note, Text

#: The best answer to a question of the pitch test; the worst is 0.
BEST = 4

Weight = Annotated[int, Field(ge=1, le=10)]
Percent = Annotated[int, Field(ge=0, le=100)]
MonthlyMinutes = Annotated[int, Field(ge=0, le=9600)]


class ClientSize(StrEnum):
    """How large a client is, beside what they spend (B6)."""

    ANY = "any"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class PitchQuestion(Entry):
    """One question of the should-we-pitch test (W1); `worst` and `best` say what 0 and 4 mean."""

    text: Text
    worst: Text
    best: Text
    weight: Weight = 1


class TimeBand(Band):
    """Client-services time in this band of spend: minutes and fee, both a month."""

    minutes: MonthlyMinutes
    fee: Amount


class TimePrice(Part):
    """One line of the pricing matrix (B6): for an industry, a size and a service, by spend.

    An industry or service left empty, and the size “any”, hold for all; “finance” is also for “Finance and
    insurance”. A service is the name of a service or of its channel.
    """

    title: Text
    industry: Note = ""
    size: ClientSize = ClientSize.ANY
    service: Note = ""
    bands: tuple[TimeBand, ...]

    @field_validator("bands")
    @classmethod
    def _is_gapless(cls, bands: tuple[TimeBand, ...]) -> tuple[TimeBand, ...]:
        return check_bands(bands, "Client-services time")

    @property
    def cell(self) -> tuple[str, str, str]:
        """What the line is for; no two lines are for the same."""
        return self.industry.casefold(), self.size, self.service.casefold()

    @property
    def is_general(self) -> bool:
        """Whether it holds for whatever no other line holds."""
        return self.cell == ("", ClientSize.ANY, "")

    def fits(self, industry: str, size: str, names: frozenset[str]) -> int | None:
        """How closely it fits: industry counts most, then service, then size; None where it does not."""
        wanted, its_size, service = self.cell
        if not set(wanted.split()) <= set(industry.split()) or its_size not in (ClientSize.ANY, size):
            return None
        if service and service not in names:
            return None
        return 4 * bool(wanted) + 2 * bool(service) + (its_size != ClientSize.ANY)


class NewBusiness(Part):
    """Pitching and pricing. `go_from` is the score, in percent, from which the test says go."""

    pitch_questions: tuple[PitchQuestion, ...] = ()
    go_from: Percent = 60
    consult_within_working_days: Annotated[int, Field(ge=0, le=10)] = 1
    join_pitch_from: Amount = Decimal(0)
    join_pitch_from_project: Amount = Decimal(0)
    client_services: tuple[TimePrice, ...] = ()

    @model_validator(mode="after")
    def _prices_every_client_once(self) -> Self:
        cells = [line.cell for line in self.client_services]
        twice = next((line for line in self.client_services if cells.count(line.cell) > 1), None)
        if twice is not None:
            raise ValueError(
                f"Two lines of client-services time are for the same clients as “{twice.title}”. "
                "Take one out, or give it another industry, size or service."
            )
        if cells and not any(line.is_general for line in self.client_services):
            raise ValueError(
                "No line of client-services time holds for everybody else. Add one with industry and "
                "service empty and size “any”."
            )
        keys = [question.key for question in self.pitch_questions]
        doubled = next((key for key in keys if keys.count(key) > 1), None)
        if doubled is not None:
            raise ValueError(f"Two pitch questions are called “{doubled}”. Give one another key.")
        return self

    def price(
        self, spend: Decimal, services: Iterable[tuple[str, str]], *, industry: str = "", size: str = "any"
    ) -> list[PricedTime]:
        """Client-services time of each service, as (name, channel); empty where no matrix is set."""
        if not self.client_services:
            return []
        return [self._priced(spend, name, channel, industry, size) for name, channel in services]

    def _priced(self, spend: Decimal, name: str, channel: str, industry: str, size: str) -> PricedTime:
        names = frozenset({name.casefold(), channel.casefold(), channel.replace("-", " ").casefold()}) - {""}
        fitting = [(line.fits(industry.casefold(), size, names), line) for line in self.client_services]
        closest = max((fit, -place) for place, (fit, _) in enumerate(fitting) if fit is not None)
        line = fitting[-closest[1]][1]
        band = band_holding(line.bands, spend)
        return PricedTime(name, line.title, band.minutes, band.fee)

    def joins_pitch(self, value: Decimal, *, is_project: bool, face_to_face: bool) -> bool:
        """Whether the account person joins the pitch (W4): face to face, and worth it."""
        least = self.join_pitch_from_project if is_project else self.join_pitch_from
        return face_to_face and value >= least


@dataclass(frozen=True, slots=True)
class PricedTime:
    """Client-services time of one service: minutes and fee a month, and the line that says so."""

    service: str
    line: str
    minutes: int
    fee: Decimal

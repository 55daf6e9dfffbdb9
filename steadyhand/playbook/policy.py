"""A whole playbook, typed: what an agency promises its clients (MISSION B1).

All amounts are in the playbook's currency. Figures that no source gives are ours and say so where they ship.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from steadyhand.core.money import check_currency
from steadyhand.core.recurrence import Cadence
from steadyhand.core.refusals import Refusal
from steadyhand.playbook.bands import Amount, Band, Part, band_holding, check_bands, figure
from steadyhand.playbook.content import Content, Role
from steadyhand.playbook.matrices import Minutes, ProjectBand, Repeated, Repeating, RetainerBand
from steadyhand.playbook.new_business import NewBusiness
from steadyhand.playbook.responsibilities import Responsibilities, RoleShare
from steadyhand.playbook.texts import Key, Text

WorkingDayCount = Annotated[int, Field(ge=1, le=60)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]
FEWEST_TIERS = 4


def _currency(value: Any) -> str:
    try:
        return check_currency(str(value))
    except Refusal as refusal:
        raise ValueError(str(refusal)) from refusal


class Propensity(StrEnum):
    """How likely a client is to spend more (B8)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class CallAllowance(Part):
    """Call time that spend buys: `minutes` for each `step` of monthly spend (B4)."""

    minutes: Minutes
    step: Amount
    pro_rata: bool = True

    @model_validator(mode="after")
    def _step_is_some_money(self) -> Self:
        if not self.step:
            raise ValueError("The step of the call allowance is 0. Write the spend that buys one allowance.")
        return self

    def minutes_for(self, spend: Decimal) -> int:
        """Whole minutes in a calendar month, rounded down."""
        if self.pro_rata:
            return int(spend * self.minutes // self.step)
        return int(spend // self.step) * self.minutes


class PaidSearchBand(Band):
    """How often a client in this band of monthly spend hears about its paid search."""

    cadence: Repeating


class PaidSearch(Part):
    """The paid-search report and its question on lead quality (B5), for services of these channels."""

    channels: tuple[Text, ...] = Field(min_length=1)
    minutes: Minutes
    bands: tuple[PaidSearchBand, ...]

    @field_validator("bands")
    @classmethod
    def _is_gapless(cls, bands: tuple[PaidSearchBand, ...]) -> tuple[PaidSearchBand, ...]:
        return check_bands(bands, "The paid-search cadence")


class Tier(Part):
    """A tier of clients by monthly spend, 1 the largest; who leads it and who may sponsor it (B7)."""

    number: Annotated[int, Field(ge=1)]
    title: Text
    at_least: Amount
    lead: Role
    sponsors: tuple[Role, ...] = ()


class Pot(Part):
    """A monthly budget for entertaining a client, with its commercial reason; 0 is a decision too."""

    amount: Amount
    reason: Text


class EntertainmentBand(Band):
    """The pots of one band of monthly spend, by propensity to spend more."""

    low: Pot
    medium: Pot
    high: Pot

    def pot(self, propensity: str) -> Pot:
        pot: Pot = getattr(self, Propensity(propensity))
        return pot


class Entertainment(Part):
    """Entertainment budgets (B8), planned and rolled up by quarter or half-year."""

    rollup: Literal["quarterly", "half_yearly"] = "quarterly"
    minutes: Minutes
    bands: tuple[EntertainmentBand, ...]

    @field_validator("bands")
    @classmethod
    def _is_gapless(cls, bands: tuple[EntertainmentBand, ...]) -> tuple[EntertainmentBand, ...]:
        return check_bands(bands, "The entertainment matrix")

    @property
    def months(self) -> int:
        return 3 if self.rollup == "quarterly" else 6


class SurprisePot(Part):
    """One pot a month for the whole agency, voted by the team (B9)."""

    monthly_amount: Amount
    minutes: Minutes


class FirstMonth(Part):
    """Weekly meetings for the first month, services running inside the first week (B10)."""

    months: Annotated[int, Field(ge=0, le=3)] = 1
    meeting_minutes: Minutes
    client_may_decline: bool = True
    setup_within_days: Annotated[int, Field(ge=1, le=31)] = 7
    setup_minutes: Minutes
    except_website_builds: bool = True


class ServiceLevels(Part):
    """How quickly we answer, deliver and expect sign-off, and when we work (B11)."""

    response_working_hours: Annotated[int, Field(ge=1, le=200)]
    turnaround_working_days: WorkingDayCount
    sign_off_working_days: WorkingDayCount
    working_hours: Text
    explained: Text


class MeetingInPerson(Part):
    """From which monthly spend a meeting in person is required, where it is held and why (B12)."""

    from_spend: Amount
    where: Text
    why: Text


class Dashboard(Part):
    """The live dashboard: set up once, inside so many working days after the start."""

    within_working_days: WorkingDayCount = 10
    minutes: Minutes


class Feedback(Part):
    """How happy a client is, asked by survey, or by its sponsor on a call where there is one (L1).

    `days` are days of the month, preferred first; the one that stays out of the week of the monthly
    ratings is taken.
    """

    cadence: Repeating = Cadence.QUARTERLY
    survey_minutes: Minutes
    sponsor_call_minutes: Minutes
    days: tuple[DayOfMonth, ...] = Field(default=(15, 22, 25, 5), min_length=1)

    @model_validator(mode="after")
    def _days_need_months(self) -> Self:
        if self.cadence in (Cadence.WEEKLY, Cadence.FORTNIGHTLY):
            raise ValueError(
                f"Nobody answers a {self.cadence} survey. Make feedback monthly, quarterly or rarer."
            )
        return self


class PlanAgreement(Part):
    """How soon a bespoke plan must be agreed, in working days from when it was asked for."""

    within_working_days: WorkingDayCount = 5
    minutes: Minutes


class Policy(Part):
    """The playbook. Immutable; equal policies have equal digests."""

    name: Key
    title: Text
    about: Text
    currency: Annotated[str, BeforeValidator(_currency)]
    retainer_matrix: tuple[RetainerBand, ...]
    project_matrix: tuple[ProjectBand, ...]
    call_allowance: CallAllowance
    paid_search: PaidSearch
    dashboard: Dashboard
    first_month: FirstMonth
    plan_agreement: PlanAgreement
    review: Repeated
    feedback: Feedback
    upsell_review: Repeated | None = None
    entertainment: Entertainment
    surprise_pot: SurprisePot
    service_levels: ServiceLevels
    meeting_in_person: MeetingInPerson
    tiers: tuple[Tier, ...]
    responsibilities: Responsibilities
    role_shares: dict[Role, RoleShare]
    new_business: NewBusiness = NewBusiness()
    content: Content = Content()

    @field_validator("retainer_matrix")
    @classmethod
    def _retainers_are_gapless(cls, bands: tuple[RetainerBand, ...]) -> tuple[RetainerBand, ...]:
        return check_bands(bands, "The retainer matrix")

    @field_validator("project_matrix")
    @classmethod
    def _projects_are_gapless(cls, bands: tuple[ProjectBand, ...]) -> tuple[ProjectBand, ...]:
        return check_bands(bands, "The project matrix")

    @field_validator("tiers")
    @classmethod
    def _every_client_has_a_tier(cls, tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
        check_tiers(tiers)
        return tiers

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything the policy says; the same for equal policies."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __copy__(self) -> Self:
        copied = super().__copy__()
        copied.__dict__.pop("digest", None)  # a copy is made to be changed
        return copied

    def having(self, **changes: Any) -> Policy:
        """This playbook with some parts replaced, checked like any other; ValueError if it does not hold."""
        parts = {name: getattr(self, name) for name in type(self).model_fields}
        return Policy.model_validate({**parts, **changes})


def check_tiers(tiers: tuple[Tier, ...]) -> None:
    """Raise ValueError unless tiers are numbered from 1, fall in spend, and hold every client."""
    if len(tiers) < FEWEST_TIERS:
        raise ValueError(
            f"There are {len(tiers)} tiers. A playbook has at least {FEWEST_TIERS}: add the rest."
        )
    for number, tier in enumerate(tiers, start=1):
        if tier.number != number:
            raise ValueError(
                f"Tier {tier.number} stands in place {number}. Number tiers from 1, largest first."
            )
        if number > 1 and tier.at_least >= tiers[number - 2].at_least:
            raise ValueError(
                f"Tier {number} starts at {figure(tier.at_least)}, not below tier {number - 1} "
                f"({figure(tiers[number - 2].at_least)}). Lower its at_least."
            )
    if tiers[-1].at_least:
        raise ValueError(
            f"Clients under {figure(tiers[-1].at_least)} have no tier. Let tier {len(tiers)} start at 0."
        )


def tier_of(policy: Policy, spend: Decimal) -> Tier:
    """The tier of a client with that monthly spend (B7); everyone has one."""
    return next(tier for tier in policy.tiers if spend >= tier.at_least)


def allowance_minutes(policy: Policy, spend: Decimal) -> int:
    """Minutes of call time a calendar month that the monthly spend buys (B4)."""
    return policy.call_allowance.minutes_for(spend)


def entertainment_budget(policy: Policy, spend: Decimal, propensity: str) -> Pot:
    """The monthly entertainment pot of a client, with its reason (B8)."""
    return band_holding(policy.entertainment.bands, spend).pot(propensity)

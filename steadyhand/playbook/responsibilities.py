"""Who is responsible for what (MISSION P1): the matrix from which commitments get their default owner."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from steadyhand.playbook.bands import Part
from steadyhand.playbook.content import Role


class Responsibility(StrEnum):
    """A duty that roles hold. The source has all but the last two, which give sponsors and heads theirs."""

    DAY_TO_DAY_COMMS = "day-to-day-comms"
    REPORTING_ADMIN = "reporting-admin"
    SENIOR_DAY_TO_DAY = "day-to-day-comms-reporting-admin"
    PROJECT_LEAD = "project-lead"
    INTERNAL_PM = "internal-pm"
    PLANNING_LEAD = "planning-lead"
    COMMERCIAL = "commercial"
    ENTERTAINMENT = "entertainment"
    ISSUES = "issues"
    SENIOR_ACCOUNT_STRATEGY = "senior-account-strategy"
    HIGH_LEVEL_ISSUES = "high-level-issues"
    PITCHING = "pitching"
    STRATEGIC_COMMS = "strategic-client-comms"
    SENIOR_RELATIONS = "senior-relations"
    INTEGRATION = "inter-team-integration"
    PROJECT_TO_RETAINED = "project-to-retained"
    ACCOUNT_SENIOR = "account-senior"
    SPONSORSHIP = "sponsorship"
    TEAM_LEADERSHIP = "team-leadership"

    @property
    def label(self) -> str:
        return LABELS[self]


R = Responsibility
LABELS = {
    R.DAY_TO_DAY_COMMS: "Day-to-day communication",
    R.REPORTING_ADMIN: "Reporting and administration",
    R.SENIOR_DAY_TO_DAY: "Day-to-day communication, reporting and administration",
    R.PROJECT_LEAD: "Leading projects",
    R.INTERNAL_PM: "Internal project management",
    R.PLANNING_LEAD: "Leading the planning",
    R.COMMERCIAL: "Commercial focus and opportunities",
    R.ENTERTAINMENT: "Client entertainment",
    R.ISSUES: "Settling issues",
    R.SENIOR_ACCOUNT_STRATEGY: "Leading account and strategy as senior",
    R.HIGH_LEVEL_ISSUES: "Settling high-level issues",
    R.PITCHING: "Pitching",
    R.STRATEGIC_COMMS: "Strategic client communication",
    R.SENIOR_RELATIONS: "Senior relationships",
    R.INTEGRATION: "Bringing teams together",
    R.PROJECT_TO_RETAINED: "Turning projects into retainers",
    R.ACCOUNT_SENIOR: "Senior of the account",
    R.SPONSORSHIP: "Sponsoring clients",
    R.TEAM_LEADERSHIP: "Leading the team",
}
# The senior manager's combined duty answers for each of its halves.
COMBINED = {R.DAY_TO_DAY_COMMS: R.SENIOR_DAY_TO_DAY, R.REPORTING_ADMIN: R.SENIOR_DAY_TO_DAY}


class Responsibilities(Part):
    """`roles` is the matrix; `owners` says to whom of the account team a responsibility falls first."""

    roles: dict[Role, tuple[Responsibility, ...]]
    owners: dict[Responsibility, tuple[Role, ...]]

    @model_validator(mode="after")
    def _owners_hold_what_they_own(self) -> Self:
        for role, held in self.roles.items():
            if len(set(held)) != len(held):
                raise ValueError(f"{_words(role)} holds a responsibility twice. Take one of the two out.")
        for responsibility, roles in self.owners.items():
            for role in roles:
                if not self.holds(role, responsibility):
                    raise ValueError(
                        f"{_words(role)} is to own “{responsibility}” without holding it. "
                        f"Add it to roles.{role} or take the role out of owners."
                    )
        return self

    def holds(self, role: Role, responsibility: Responsibility) -> bool:
        """Whether the role has the responsibility, by itself or as half of a combined one."""
        held = self.roles.get(role, ())
        return responsibility in held or COMBINED.get(responsibility) in held

    def owner_roles(self, responsibility: str) -> tuple[Role, ...]:
        """The roles that may own it, preferred first: those of `owners`, then whoever else holds it."""
        try:
            wanted = Responsibility(responsibility)
        except ValueError:
            return ()
        first = self.owners.get(wanted, ())
        return (*first, *(role for role in self.roles if role not in first and self.holds(role, wanted)))


class RoleShare(Part):
    """How a role's time divides, in percent: on accounts, on senior relations, on people."""

    accounts: Annotated[int, Field(ge=0, le=100)]
    senior_relations: Annotated[int, Field(ge=0, le=100)]
    people: Annotated[int, Field(ge=0, le=100)]

    @model_validator(mode="after")
    def _is_all_of_the_time(self) -> Self:
        total = self.accounts + self.senior_relations + self.people
        if total != 100:
            raise ValueError(f"The shares of a role come to {total}%. Make them 100%.")
        return self


def _words(role: Role) -> str:
    return role.value.replace("_", " ").capitalize()

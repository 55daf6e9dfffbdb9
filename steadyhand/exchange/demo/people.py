"""Who works at the demo agency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from steadyhand.core.actor import Actor
from steadyhand.people import invitations, members
from steadyhand.people.models import Member
from steadyhand.people.roles import Role

AGENCY_NAME = "Northwind & Daughters"
#: A domain that can never receive mail (RFC 2606).
DOMAIN = "northwind.example"


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague; `boss` is the key of their line manager."""

    name: str
    role: Role
    boss: str = ""
    country: str = ""
    zone: str = ""
    weekly_hours: str = ""

    @property
    def email(self) -> str:
        """Their address, which exists nowhere."""
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"


PEOPLE: dict[str, Person] = {
    "ruth": Person("Ruth Northwind", Role.MANAGING_DIRECTOR),
    "alice": Person("Alice Northwind", Role.SPONSOR, "ruth", weekly_hours="22.5"),
    "imogen": Person("Imogen Hart", Role.HEAD, "ruth"),
    "dominic": Person("Dominic Faraday", Role.DIRECTOR, "imogen"),
    "priya": Person("Priya Raman", Role.SENIOR_MANAGER, "dominic"),
    "joel": Person("Joel Lindner", Role.SENIOR_MANAGER, "dominic", "DE", "Europe/Berlin"),
    "hannah": Person("Hannah Boyd", Role.MANAGER, "priya", weekly_hours="30"),
    "tomasz": Person("Tomasz Zielinski", Role.MANAGER, "priya"),
    "grace": Person("Grace Okoro", Role.MANAGER, "dominic"),
    "leo": Person("Leo Marsh", Role.EXECUTIVE, "hannah"),
    "amira": Person("Amira Haddad", Role.EXECUTIVE, "grace"),
    "callum": Person("Callum Price", Role.NEW_BUSINESS, "ruth"),
    "marcus": Person("Marcus Bell", Role.HEAD_OF_OPERATIONS, "ruth"),
    "yuki": Person("Yuki Tanaka", Role.DELIVERABLE_MANAGER, "marcus"),
    "ben": Person("Ben Ashworth", Role.DELIVERABLE_MANAGER, "marcus"),
    "bridget": Person("Bridget Shaw", Role.FINANCE, "ruth"),
    "sol": Person("Sol Whitaker", Role.ADMINISTRATOR, "marcus"),
}

#: Whose promises slip more than other people's: probability that one due day is not kept as it should be.
SLIPS: dict[str, float] = {"tomasz": 0.42, "leo": 0.24, "imogen": 0.12}
USUAL_SLIP = 0.15


def hire(*, by: Actor) -> dict[str, Member]:
    """Everybody joins; nobody is mailed, and nobody has a password."""
    team: dict[str, Member] = {}
    for key, person in PEOPLE.items():
        member = members.add_member(person.email, by=by, name=person.name, role=person.role)
        changes: dict[str, object] = {"line_manager": team.get(person.boss)} if person.boss else {}
        if person.country:
            changes |= {"country": person.country, "subdivision": "", "zone": person.zone}
        if person.weekly_hours:
            changes["weekly_hours"] = Decimal(person.weekly_hours)
        if changes:
            member = members.change_member(member, by=by, **changes)
        invitations.welcome(member, by=member.actor)
        member.refresh_from_db()
        team[key] = member
    return team

"""What is noted of a client of the demo agency, and the names that its story needs.

Amounts are what they paid when the past began, in the agency's currency unless `currency` says
otherwise; days are counted from the Monday
on which the demo's past begins, `years` back from there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sketch:
    """One client. Members are named by their key in `people.PEOPLE`.

    `call` and `report` are what was agreed: “tue 10:00”, “12 14:30” (a day of the month), “fri”.
    `people` is “Name, job; Name, job”: the first is the day-to-day contact, the second decides.
    `ends_in` counts working days from today, for a project; `starts_in` days from today.
    """

    name: str
    industry: str
    amount: int
    lead: str
    services: str
    people: str
    business: str
    goals: str = ""
    support: str = ""
    sponsor: str = ""
    delivery: str = ""
    call: str = ""
    report: str = ""
    years: float = 2.0
    propensity: str = "medium"
    lift: str = ""
    group: str = ""
    place: str = ""
    currency: str = ""
    project: bool = False
    starts_in: int | None = None
    ends_in: int | None = None

    @property
    def domain(self) -> str:
        """An address that exists nowhere."""
        words = self.name.lower().replace("ä", "ae").replace("ü", "ue").replace("’", "").replace("&", "and")
        return f"{''.join(c for c in words if c.isalnum())}.example"


#: Country and zone of clients elsewhere.
PLACES = {"Berlin": ("DE", "Europe/Berlin"), "New York": ("US", "America/New_York")}

BESPOKE_AGREED = "Castellan Hotels"
BESPOKE_NEW = "Thornbury Rail"
SILENT = "Pembroke Antiques"
PAUSED = "The Lido Café"
ENDED = "Quayside Motors"
LEADERLESS = "Bramble & Rose"
NEEDS_RATE = "Hudson Ferments"
FIRST_MONTH = "Oakhaven Care Homes"
CLOSING = "Fernhill Schools"
WITHOUT_REPORT = "Little Wren Toys"

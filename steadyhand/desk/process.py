"""How we look after a prospect, on the one page that is presented at the pitch (W4).

Everything is read from the playbook in force, at the spend of the lead. It is for the client's eyes: nothing
internal stands on it, and minutes only where they are theirs too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from steadyhand.clients.engagements import channel_of, is_website_build
from steadyhand.clients.models import EngagementKind, Position
from steadyhand.commitments.calendars import working_days
from steadyhand.core import clock
from steadyhand.core.agency import rates_on
from steadyhand.core.business_days import ONE_DAY, WorkingDays
from steadyhand.core.models import Agency
from steadyhand.desk.newbusiness import worth
from steadyhand.desk.process_words import dated_words, given_title, given_words, in_words, role_name
from steadyhand.newbusiness.models import Lead
from steadyhand.newbusiness.pairing import paired
from steadyhand.onboarding.escalation import ladder, response_words
from steadyhand.onboarding.winning import CLIENT_AFTER, CLIENT_MINUTES, INTERNAL_AFTER, is_sizeable
from steadyhand.people.models import Member
from steadyhand.playbook.evaluation import promises
from steadyhand.playbook.facts import Facts, ServiceFact
from steadyhand.playbook.models import Version
from steadyhand.playbook.models.version import one_version
from steadyhand.playbook.policy import Policy, tier_of
from steadyhand.playbook.promises import Promise, dated

#: What belongs to the first weeks and is told there; all else comes back, or comes last.
BEGINNINGS = frozenset({"opening-call", "project-setup", "service-setup", "first-month-meeting"})
#: So far ahead the first of each is looked for.
AHEAD = dt.timedelta(days=190)


@dataclass(frozen=True, slots=True)
class Given:
    """One thing they get: what it is, and what it means for them."""

    title: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the first weeks: the day it falls on, the how-manieth working day after their yes, what."""

    day: dt.date
    after: int
    title: str
    words: str

    @property
    def when(self) -> str:
        """“The day you say yes”, “working day 4”."""
        return f"working day {self.after}" if self.after else "the day you say yes"


@dataclass(slots=True)
class Process:
    """The page. `missing` says why it cannot be written yet; nothing else holds anything then."""

    lead: Lead
    agency: Agency
    person: Member | None
    missing: str = ""
    remedy: str = ""
    role: str = ""
    spend: str = ""
    agreed: str = ""
    """Set above the top band, where nothing is off the shelf: that it is agreed with them, and by when."""
    gets: list[Given] = field(default_factory=list)
    levels: list[Given] = field(default_factory=list)
    weeks: list[Stage] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    @property
    def who(self) -> str:
        """Who looks after them, by name where somebody is proposed."""
        return self.person.name if self.person else f"your {self.role}"

    @property
    def yes_on(self) -> dt.date | None:
        """The day the first weeks are counted from."""
        return self.weeks[0].day if self.weeks else None


@one_version()
def process(lead: Lead) -> Process:
    """How we would look after the client of this lead. A fixed number of queries."""
    page = Process(lead, Agency.get(), paired(lead))
    version = Version.live()
    if version is None:
        page.missing, page.remedy = "No playbook is published yet.", "Publish one: this page is read from it."
        return page
    policy, today = version.policy, clock.today(lead.client.zone)
    spend = _spend(lead, policy, today)
    if spend is None:
        page.missing = f"There is no exchange rate for {lead.currency}, so nobody knows what they would get."
        page.remedy = f"Set a rate for {lead.currency} in the settings."
        return page
    days = working_days(lead.client, page.person)
    yes_on = days.next_working(max(today, lead.expected_on or today))
    begins = days.add_working(yes_on, CLIENT_AFTER + 1)
    sponsor = lead.client.team.filter(until=None, position=Position.SPONSOR).select_related("member").first()
    promised = _promised(lead, policy, spend, begins, has_sponsor=sponsor is not None)
    tier = tier_of(policy, spend if not lead.is_project else Decimal(0))
    page.role, page.spend = role_name(tier.lead), worth(lead)
    page.agreed = _agreed(promised, policy)
    page.gets = [
        Given(given_title(one), given_words(one))
        for one in promised
        if not one.internal and one.rule not in BEGINNINGS
    ]
    page.levels = _levels(policy)
    page.weeks = _weeks(page, policy, promised, days, yes_on)
    page.path = _path(page, sponsor.member if sponsor else None, named_later=bool(tier.sponsors))
    return page


def _spend(lead: Lead, policy: Policy, today: dt.date) -> Decimal | None:
    """The lead's value in the playbook's currency; None without a rate."""
    if lead.currency == policy.currency:
        return lead.value
    rate = rates_on(today).get(lead.currency)
    return None if rate is None else lead.value * rate


def _promised(
    lead: Lead, policy: Policy, spend: Decimal, begins: dt.date, *, has_sponsor: bool
) -> tuple[Promise, ...]:
    """What the playbook would promise if they began on that day."""
    services = tuple(
        ServiceFact(number, name, channel_of(name), is_website_build(name))
        for number, name in enumerate(lead.services, start=1)
    )
    facts = Facts(
        kind="project" if lead.is_project else "retainer",
        spend=spend,
        leading=True,
        start=begins,
        end=begins + AHEAD if lead.is_project else None,  # of a project it is not known yet
        raised_on=begins,
        tier_spend=Decimal(0) if lead.is_project else spend,
        has_sponsor=has_sponsor,
        services=services,
    )
    return promises(policy, facts)


def _agreed(promised: tuple[Promise, ...], policy: Policy) -> str:
    """Above the top band (B2): said plainly; empty where the playbook names everything."""
    if not any(one.rule == "plan-agreement" for one in promised):
        return ""
    within = policy.plan_agreement.within_working_days
    return (
        "At this size nothing is off the shelf: how often we call, report and review is agreed with you, "
        f"and written down within {in_words(within, 'working day')} of the start."
    )


def _levels(policy: Policy) -> list[Given]:
    """How quick we are, and what we plan on from them (B11)."""
    levels = policy.service_levels
    return [
        Given("You write or ring", f"we answer {response_words()}"),
        Given("You ask for a change", f"we turn it round within {_days(levels.turnaround_working_days)}"),
        Given("We send you something to approve", f"we plan on {_days(levels.sign_off_working_days)}"),
        Given("We are there", levels.working_hours),
    ]


def _weeks(
    page: Process, policy: Policy, promised: tuple[Promise, ...], days: WorkingDays, yes_on: dt.date
) -> list[Stage]:
    """From their yes to the first report, in the order of the days."""
    lead = page.lead
    owner, who = lead.owner.name, page.who
    ours, theirs = (days.add_working(yes_on, count) for count in (INTERNAL_AFTER, CLIENT_AFTER))
    found = [
        (
            yes_on,
            "You hear what happens next",
            f"{owner} introduces {who}, who sends the draft agreement, the forms and days for the kickoff.",
        ),
        (
            ours,
            "Our own kickoff",
            f"{owner} tells everybody who will work for you what you want and what we promised.",
        ),
        (theirs, "Kickoff with you", _kickoff_words(lead, policy)),
    ]
    found += _begun(policy, promised, days)
    return [
        Stage(day, _working_days_between(days, yes_on, day), title, words)
        for day, title, words in sorted(found, key=lambda one: one[0])
    ]


def _begun(
    policy: Policy, promised: tuple[Promise, ...], days: WorkingDays
) -> list[tuple[dt.date, str, str]]:
    """Once the work has begun: set-up, the first of everything that is dated, the first month."""
    found: list[tuple[dt.date, str, str]] = []
    seen: set[str] = set()
    for one in promised:
        words = dated_words(one, policy)
        if one.rule in seen or not words:
            continue
        seen.add(one.rule)
        first = one.bounds[0]
        due = dated(one, window=(first, first + AHEAD), days=days)
        if due:
            found.append((due[0].due_on, *words))
    return found


def _kickoff_words(lead: Lead, policy: Policy) -> str:
    """As the playbook asks: at our place from its level of spend on, else by call (B12)."""
    meets = is_sizeable(
        EngagementKind(lead.kind),
        lead.value,
        lead.currency,
        policy.meeting_in_person.from_spend,
        clock.today(lead.client.zone),
    )
    place = "in person" if meets else "by call"
    return (
        f"{CLIENT_MINUTES // 60} hours, {place}: how we work together, the plan, and what success is to you."
    )


def _path(page: Process, sponsor: Member | None, *, named_later: bool) -> list[str]:
    """How a worry travels (C3): by name as far as the names are known."""
    rungs = [rung.words for rung in ladder(page.person, sponsor)]
    if page.person is None:
        rungs.insert(0, f"Your {page.role}, whom we name before the kickoff: {response_words()}")
    if sponsor is None and named_later:
        rungs.append("Your executive sponsor, whom you meet at the start: by the end of the next working day")
    return rungs


def _working_days_between(days: WorkingDays, first: dt.date, last: dt.date) -> int:
    count, day = 0, first
    while day < last:
        day += ONE_DAY
        count += days.is_working(day)
    return count


def _days(count: int) -> str:
    return in_words(count, "working day")

"""Whom a client turns to, in which order, and how soon each answers (C3)."""

from __future__ import annotations

from dataclasses import dataclass

from steadyhand.clients.models import Client, Position
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook.models import Version


@dataclass(frozen=True, slots=True)
class Rung:
    """One person of the path; `answers` is how soon, as we say it to the client."""

    place: str
    member: Member
    answers: str

    @property
    def words(self) -> str:
        """“Imogen Clarke, account manager: within 4 working hours (020 7946 0182)”."""
        reached = self.member.phone or self.member.email
        return f"{self.member.name}, {self.place}: {self.answers}" + (f" ({reached})" if reached else "")


def escalation_path(client: Client) -> list[Rung]:
    """Account manager, then head of client services, then executive sponsor (C3); nobody stands twice.

    The first answers within the playbook's response time (B11), who stands above the same day and the next
    working day. Three queries.
    """
    places = client.team.filter(until=None, position__in=[Position.LEAD, Position.SPONSOR])
    team = {place.position: place.member for place in places.select_related("member")}
    return ladder(team.get(Position.LEAD), team.get(Position.SPONSOR))


def ladder(lead: Member | None, sponsor: Member | None) -> list[Rung]:
    """The path with these two on it, for a client or for a prospect (W4). Two queries."""
    head = Member.objects.here().filter(role=Role.HEAD).order_by("pk").first()
    places = (
        ("your account manager", lead, response_words() or "the same day"),
        ("head of client services", head, "the same working day"),
        ("your executive sponsor", sponsor, "by the end of the next working day"),
    )
    rungs: list[Rung] = []
    for place, member, answers in places:
        if member is not None and member.pk not in {rung.member.pk for rung in rungs}:
            rungs.append(Rung(place, member, answers))
    return rungs


def path_words(rungs: list[Rung]) -> str:
    """The path as it stands in a letter, one person a line."""
    return "\n".join(f"{number}. {rung.words}" for number, rung in enumerate(rungs, start=1))


def response_words() -> str:
    """“within 4 working hours”; empty without a playbook."""
    version = Version.live()
    if version is None:
        return ""
    hours = version.policy.service_levels.response_working_hours
    return f"within {hours} working hour{'' if hours == 1 else 's'}"

"""Every address there is, from the resolver: its name, its parts, and how a test fills them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.urls import URLPattern, URLResolver, get_resolver

from steadyhand.comms.models import TimeProposal
from steadyhand.core.models import OutboxMessage
from steadyhand.onboarding.models import ClauseComment
from tests.contracts.approving import picture_of
from tests.contracts.delivered import number_of
from tests.contracts.dipped import dip_number
from tests.contracts.form_filled import WORDS, form_number
from tests.contracts.measured import measured_number, table_of
from tests.contracts.prompted import prompt_number
from tests.contracts.reported import report_number
from tests.contracts.worked import work_number
from tests.contracts.world import TODAY, Belongings, World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern: `route` as the resolver has it, `key` as the tables of expectations name it."""

    route: str
    name: str

    @property
    def key(self) -> str:
        """Readable: `/clients/<ref>/team/<pk>/removal/`."""
        return "/" + PART.sub(lambda m: f"<{m[1] or m[2]}>", self.route.strip("^$")).replace("\\", "")

    @property
    def parts(self) -> list[str]:
        """What has to be filled in."""
        return [m[1] or m[2] for m in PART.finditer(self.route)]

    @property
    def is_api(self) -> bool:
        """Whether a token opens it."""
        return self.route.startswith("api/") and self.route not in ("api/", "api/docs/", "api/openapi.json")

    def filled(self, values: dict[str, Any]) -> str:
        """The address with these parts; KeyError names one that nobody fills."""
        return "/" + PART.sub(lambda m: str(values[m[1] or m[2]]), self.route.strip("^$")).replace("\\", "")


def every_address() -> list[Address]:
    """All of them, each route once."""
    return list({address.key: address for address in _walk(get_resolver().url_patterns)}.values())


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield Address(route, pattern.name or "")


def part_of_client(noun: str, of: Belongings) -> int:
    """Of one client's things, the one that an address of this noun is about."""
    if (number := number_of(noun, of.client)) is not None:
        return number
    if noun == "form":
        return form_number("form", of.client) or 0
    match noun:
        case "run" | "meeting":
            return of.review.pk
        case "preparation":
            return of.review.preparations.earliest("pk").pk
        case "booking":
            return of.review.bookings.earliest("pk").pk
        case "request":
            return of.review.report_requests.earliest("pk").pk
        case "agreement":
            return of.client.agreements.get(title__startswith="Contract of").pk
        case "opportunity":
            return of.call.opportunities.get().pk
        case "consultation":
            return of.lead.consultations.get().pk
        case "proposal":
            return of.lead.proposals.get().pk
        case "deck":
            return of.lead.decks.get().pk
    known = {
        "win": of.win.pk,
        "lead": of.lead.pk,
        "approval": of.approval.pk,
        "piece": of.approval.pieces.earliest("pk").pk,
        "posting_off": of.approval.pieces.earliest("pk").pk,
        "call": of.call.pk,
        "flag": of.flag.pk,
        "chase": of.chase.pk,
        "question": of.question.pk,
        "message": of.look.message_id,
        "review": of.look.pk,
    }
    return known.get(noun, 0)


def part_of_meeting(name: str, of: Belongings) -> int:
    """Of one client's meeting, the part that an address of this name is about."""
    parts = {
        "meeting-attendee": of.review.attendees,
        "meeting-item": of.review.agenda,
        "meeting-booking": of.review.bookings,
        "meeting-decision": of.review.decisions,
        "meeting-action": of.review.actions,
    }
    found = next((rows for start, rows in parts.items() if name.startswith(start)), None)
    return found.latest("pk").pk if found is not None else 0


def parts_for(address: Address, world: World, of: Belongings) -> dict[str, Any]:
    """What stands in an address: things of one client, or of the agency."""
    return {part: _part(part, address, world, of) for part in address.parts}


def _part(part: str, address: Address, world: World, of: Belongings) -> Any:
    """KeyError for a part that nobody fills."""
    match part:
        case "pk":
            return _pk(address, world, of)
        case "part_pk":
            return part_of_meeting(address.name, of)
        case "comment_pk":
            return ClauseComment.objects.get(version__agreement__client=of.client).pk
        case "item_pk":
            return of.review.agenda.earliest("pk").pk
        case "action_pk":
            return of.review.actions.earliest("pk").pk
        case "proposal_pk":
            return TimeProposal.objects.get(attendee__meeting=of.review).pk
        case "decision_pk":
            return of.review.decisions.earliest("pk").pk
        case "piece_pk":
            return of.approval.pieces.earliest("pk").pk
        case "version_pk":
            return picture_of(of.approval).pk
        case "digest":
            return table_of(of.client)
        case "meeting_pk":
            return world.series.occurrences.earliest("pk").meeting_id
    if part == "suggestion_pk":
        return report_number(part, of.client)
    if part.endswith("_pk") and (number := form_number(part, of.client)) is not None:
        return number
    values: dict[str, Any] = WORDS | {
        "ref": of.client.ref,
        "key": of.planned.key,
        "batch": uuid.UUID(int=1),
        "rule": "report" if "departure" in address.name or "return" in address.name else "call",
        "day": TODAY.isoformat(),
        "year": TODAY.year,
        "month": f"{TODAY:%m}",
        "week": f"{TODAY.isocalendar().week:02}",
        "secret": of.feed if address.name == "feed-file" else "no-such-secret-at-all",
        "number": _number(address, world, of),
        "attempt_pk": of.attempt.pk,
        "key_pk": _key(of),
        "attendee_pk": of.review.attendees.get(contact__isnull=False).pk,
        "absence_pk": world.absence.pk,
        "what": "flags" if address.name.startswith("call-") else "spend",
        "item": of.flag.pk,
        "kind": "clients",
        "name": "framework",
        "slug": "rhythm",
        "page": "clients",
        "channel": "seo",
        "tool": "google-analytics",
        "table": "links",
        "list_key": "link_type",
    }
    return values[part]


def _number(address: Address, world: World, of: Belongings) -> int:
    """What is counted: an import, a version of the playbook, or else a message."""
    if "imports" in address.route:
        return world.run.pk
    return 1 if "versions" in address.route else of.look.message_id


def _pk(address: Address, world: World, of: Belongings) -> int:
    """The number of the thing that an address is about."""
    pks: dict[str, int] = {
        "client-team-removal": of.place.pk,
        "client-contact": of.contact.pk,
        "client-contact-reading": of.contact.pk,
        "client-contact-departure": of.contact.pk,
        "client-contact-invitation": of.contact.pk,
        "client-contact-access-removal": of.contact.pk,
        "client-contact-looking": of.contact.pk,
        "choice": of.contact.pk,
        "client-contact-personal": of.contact.pk,
        "client-contact-marketing": of.contact.pk,
        "client-contact-working": of.contact.pk,
        "client-personal": of.detail.pk,
        "client-personal-retirement": of.detail.pk,
        "client-personal-restoration": of.detail.pk,
        "client-working-retirement": of.note.pk,
        "client-working-restoration": of.note.pk,
        "sector": world.sector.pk,
        "sector-retirement": world.sector.pk,
        "sector-restoration": world.sector.pk,
        "service": world.offer.pk,
        "service-retirement": world.offer.pk,
        "service-restoration": world.offer.pk,
        "partner": world.partner.pk,
        "partner-retirement": world.partner.pk,
        "partner-restoration": world.partner.pk,
        "detail-api": of.detail.pk,
        "answer-api": of.answer.pk,
        "said-api": of.heard.pk,
        "client-discovery-removal": of.answer.pk,
        "client-expectations-removal": of.heard.pk,
        "interaction-removal": of.said.pk,
        "message-filing": of.mail.pk,
        "message-filing-removal": of.mail.pk,
        "message-dismissal": of.mail.pk,
        "message-dismissal-removal": of.mail.pk,
        "attachment": of.file.pk,
        "bounce-clearance": of.bounce.pk,
        "handover-number": of.handed.handover.pk,
        "kickoff-promise-removal": of.handed.pitched.pk,
        "goals-success-removal": of.handed.success.pk,
        "goal-outcome": of.handed.goal.pk,
        "goal-reopening": of.handed.goal.pk,
        "goal-removal": of.handed.goal.pk,
        "interaction-removal-api": of.said.pk,
        "person-absences": world.absence.member_id,
        "person-absence-cancellation": world.absence.member_id,
        "person-return": world.left.pk,
        "review-release": world.newcomer.pk,
        "review-release-removal": world.newcomer.pk,
    }
    if address.name in pks:
        return pks[address.name]
    if (number := report_number(address.name, of.client)) is not None:
        return number
    if (number := dip_number(address.name, of.client)) is not None:
        return number
    if (number := prompt_number(address.name, of.client)) is not None:
        return number
    if (number := measured_number(address.name, of.client)) is not None:
        return number
    if (number := work_number(address.name, of.client)) is not None:
        return number
    noun = address.name.partition("-")[0]
    agencys: dict[str, int] = {
        "commitment": of.promised.pk,
        "import": world.run.pk,
        "series": world.series.pk,
        "person": world.newcomer.pk,
    }
    if address.name.startswith(("engagement", "client-plan")):
        return of.engagement.pk
    if noun == "outgoing":
        return OutboxMessage.objects.latest("pk").pk
    return agencys[noun] if noun in agencys else part_of_client(noun, of)


def _key(of: Belongings) -> int:
    """The passkey of their contact, if they have one."""
    key = Authenticator.objects.filter(user__contact=of.contact.pk).first()
    return int(key.pk) if key is not None else 0

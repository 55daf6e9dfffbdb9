"""What a calendar feed says: every promise of a member, or what a client may see of theirs (S4).

One event a commitment. Its UID never changes, whatever the address of the installation; SEQUENCE is the
commitment's own. What was withdrawn or waived stays as CANCELLED for 60 days, so that every calendar
program takes it out. Times are written on the promise's own clock, with the zone's rules.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.feed_guests import taken_part_in
from steadyhand.commitments.icalendar_lines import day, fold, local, moment, text, time_zone
from steadyhand.commitments.keeping import AD_HOC
from steadyhand.commitments.kinds import TIMED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import NO_ENGAGEMENT, CommitmentQuerySet
from steadyhand.core import clock
from steadyhand.core.clock import zone_info
from steadyhand.core.models import Agency
from steadyhand.people.models import Member
from steadyhand.playbook.models import Version
from steadyhand.playbook.rules import RULES

#: How far back a feed reaches, and how long something cancelled stays in it.
KEPT = dt.timedelta(days=60)

CANCELLED = frozenset({State.WAIVED, State.WITHDRAWN})
DONE = frozenset({State.DONE, State.DONE_LATE})

COLUMNS = (
    "pk",
    "engagement__ref",
    "rule",
    "period",
    "slot",
    "kind",
    "title",
    "due_on",
    "starts_at",
    "due_at",
    "zone",
    "state",
    "internal",
    "waiting_since",
    "sequence",
    "changed_at",
    "client_id",
    "client__name",
    "client__phone",
    "owner__name",
    "owner__email",
    "version_id",
    "version__number",
)


class Row(NamedTuple):
    """A commitment as a feed reads it; the columns of `COLUMNS`, in order."""

    pk: int
    engagement_ref: str | None
    rule: str
    period: str
    slot: int
    kind: str
    title: str
    due_on: dt.date
    starts_at: dt.datetime | None
    due_at: dt.datetime
    zone: str
    state: str
    internal: bool
    waiting_since: dt.datetime | None
    sequence: int
    changed_at: dt.datetime
    client_id: int | None
    client: str | None
    client_phone: str | None
    owner: str | None
    owner_email: str | None
    version_id: int | None
    version: int | None

    @property
    def key(self) -> str:
        """`Commitment.key`."""
        return f"{self.engagement_ref or NO_ENGAGEMENT}.{self.rule}.{self.period}.{self.slot}"


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A calendar as it is sent. `etag` changes when, and only when, a byte of it does."""

    body: bytes
    changed_at: dt.datetime

    @property
    def etag(self) -> str:
        """A strong entity tag, quoted."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


class Words(NamedTuple):
    """What an event says besides its times."""

    summary: str
    description: str
    url: str = ""


def member_feed(member: Member, *, base_url: str) -> FeedFile:
    """Everything the member owns or takes part in. `base_url` is where the links to the promises lead."""
    agency = Agency.get()
    own = Commitment.objects.visible_to(member.actor).owned_by(member)
    rows = _rows(own | Commitment.objects.filter(taken_part_in(member)))
    briefing = _Briefing.of(rows)
    words = {row.pk: briefing.words(row, base_url) for row in rows}
    return _calendar(f"{member.name} · {agency.name}", member.zone, rows, words, agency)


def client_feed(client: Client) -> FeedFile:
    """What the client may see: nothing internal, none of our notes, no words but those meant for them."""
    agency = Agency.get()
    owed = Commitment.objects.filter(client=client).for_client_eyes()
    # What was promised by hand carries somebody's own words; only the hours it takes are shared.
    rows = _rows(owed.filter(~Q(rule=AD_HOC) | Q(kind__in=TIMED)))
    words = {row.pk: _words_for_client(row, agency) for row in rows}
    return _calendar(f"{agency.name} · {client.name}", client.zone, rows, words, agency)


def installation_id(agency: Agency) -> str:
    """Names this installation for ever: the same after a restore, a move or a new address."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"steadyhand {agency.founded_at.isoformat()}"))


def _rows(commitments: CommitmentQuerySet) -> list[Row]:
    since = clock.now() - KEPT
    shown = commitments.filter(due_at__gte=since).exclude(state__in=CANCELLED, changed_at__lt=since)
    return [Row(*row) for row in shown.order_by("due_at", "pk").values_list(*COLUMNS)]


@dataclass(frozen=True, slots=True)
class _Briefing:
    """What a member wants to have at hand when the time comes."""

    contacts: Mapping[int, tuple[str, str]]
    agendas: Mapping[int, str]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> _Briefing:
        clients = {row.client_id for row in rows if row.client_id is not None}
        versions = {row.version_id for row in rows if row.kind == Kind.CALL and row.version_id}
        # Read backwards, so that the first by name is the one that stays.
        people = Contact.objects.filter(client__in=clients, day_to_day=True, left_on=None)
        found = people.order_by("-name", "-pk").values_list("client_id", "name", "phone")
        known = Version.objects.filter(pk__in=versions).defer("document", "content")
        return cls(
            contacts={client_id: (name, phone) for client_id, name, phone in found},
            agendas={
                version.pk: " · ".join(part.title for part in version.policy.content.call_structure)
                for version in known
            },
        )

    def words(self, row: Row, base_url: str) -> Words:
        name, phone = self.contacts.get(row.client_id or 0, ("", ""))
        phone = phone or row.client_phone or ""
        with_whom = ", ".join(part for part in (name, phone) if part)
        lines = [
            f"With {with_whom}" if with_whom else "",
            f"Agenda: {self.agendas.get(row.version_id or 0, '')}" if row.kind == Kind.CALL else "",
            f"Waiting on the client since {row.waiting_since:%d %B}" if row.waiting_since else "",
            "Internal: the client does not see this" if row.internal else "",
            _why(row),
            f"{base_url}/commitments/{row.pk}/",
        ]
        mark = "✓ " if row.state in DONE else ""
        return Words(
            summary=f"{mark}{row.client}: {row.title}" if row.client else f"{mark}{row.title}",
            description="\n".join(line for line in lines if line and line != "Agenda: "),
            url=f"{base_url}/commitments/{row.pk}/",
        )


def _why(row: Row) -> str:
    if row.version is None:
        return "Why: promised by hand"
    rule = RULES.get(row.rule)
    return f"Why: rule “{rule.noun if rule else row.rule}”, playbook version {row.version}"


#: What a kind is called to the client, before “with” or “from” us.
_TO_CLIENT: Mapping[str, tuple[str, str]] = {
    Kind.CALL: ("Call", "with"),
    Kind.SPONSOR_CALL: ("Call", "with"),
    Kind.MEETING: ("Meeting", "with"),
    Kind.REVIEW: ("Review", "with"),
    Kind.REPORT: ("Report", "from"),
    Kind.DASHBOARD: ("Live dashboard", "from"),
    Kind.SURVEY: ("Survey", "from"),
    Kind.SETUP: ("Set-up", "by"),
}


def words_to_client(kind: str, rule: str, agency: Agency) -> str:
    """What a promise of this kind and rule is called to the client: “Report from Northwind”."""
    known = RULES.get(rule)
    noun, joint = _TO_CLIENT.get(kind, ("Update", "from"))
    if known is not None and kind not in (Kind.CALL, Kind.REPORT, Kind.SPONSOR_CALL):
        noun = known.noun[:1].upper() + known.noun[1:]
    return f"{noun} {joint} {agency.name}"


def _words_for_client(row: Row, agency: Agency) -> Words:
    description = ""
    if row.owner:
        whom = f"{row.owner} looks after this" if row.kind not in TIMED else f"With {row.owner}"
        description = f"{whom}. If the day does not suit you, write to {row.owner_email}."
    return Words(words_to_client(row.kind, row.rule, agency), description)


def _calendar(name: str, zone: str, rows: list[Row], words: Mapping[int, Words], agency: Agency) -> FeedFile:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Steadyhand//Calendar feed//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        f"X-WR-TIMEZONE:{zone}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    timed = [row for row in rows if row.starts_at is not None]
    if timed:
        first = min(row.due_on.year for row in timed) - 1
        last = max(row.due_on.year for row in timed) + 1
        lines += [time_zone(name, first, last) for name in sorted({row.zone for row in timed})]
    suffix = installation_id(agency)
    for row in rows:
        lines += _event(row, words[row.pk], suffix)
    lines += ["END:VCALENDAR", ""]
    changed_at = max((row.changed_at for row in rows), default=agency.founded_at)
    return FeedFile("\r\n".join(lines).encode(), changed_at)


def _event(row: Row, words: Words, suffix: str) -> list[str]:
    changed = moment(row.changed_at)
    lines = [
        "BEGIN:VEVENT",
        fold(f"UID:{text(row.key)}@{suffix}"),
        f"SEQUENCE:{row.sequence}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        *_times(row),
        fold(f"SUMMARY:{text(words.summary)}"),
        f"STATUS:{'CANCELLED' if row.state in CANCELLED else 'CONFIRMED'}",
        f"CATEGORIES:{text(Kind(row.kind).label.capitalize())}",
    ]
    if words.description:
        lines.append(fold(f"DESCRIPTION:{text(words.description)}"))
    if words.url:
        lines.append(fold(f"URL:{words.url}"))
    lines.append("END:VEVENT")
    return lines


def _times(row: Row) -> tuple[str, ...]:
    """When: an hour that is taken, an hour by which, or a whole day."""
    if row.starts_at is None:
        following = row.due_on + dt.timedelta(days=1)
        return (
            f"DTSTART;VALUE=DATE:{day(row.due_on)}",
            f"DTEND;VALUE=DATE:{day(following)}",
            "TRANSP:TRANSPARENT",
        )
    zone = zone_info(row.zone)
    start = f"DTSTART;TZID={row.zone}:{local(row.starts_at.astimezone(zone))}"
    if row.kind not in TIMED:
        return start, "TRANSP:TRANSPARENT"
    return start, f"DTEND;TZID={row.zone}:{local(row.due_at.astimezone(zone))}", "TRANSP:OPAQUE"

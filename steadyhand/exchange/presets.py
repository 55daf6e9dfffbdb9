"""What the columns of each kind of file mean, and the presets that know their headings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.models import MappingPreset


@dataclass(frozen=True, slots=True)
class Column:
    """A field that a column may fill; `headings` are how files call it, the first one is ours."""

    field: str
    label: str
    headings: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file: its columns, and what its rows become."""

    key: str
    label: str
    becomes: str
    columns: tuple[Column, ...] = field(default=())


def _column(field: str, label: str, *headings: str, required: bool = False) -> Column:
    return Column(field, label, headings, required)


_DURATIONS = (
    "call duration (ms)",
    "call duration (hh:mm:ss)",
    "call duration (minutes)",
    "duration (minutes)",
)

CLIENTS = FileKind(
    "clients",
    "Clients and what they buy",
    "One row for each engagement; a client with several has several rows.",
    (
        _column("name", "Client", "client", "client name", "company", "company name", "name", required=True),
        _column("domain", "Domain", "domain", "company domain name", "website", "url", "web"),
        _column("owner", "Owner’s e-mail", "owner e-mail", "owner", "account manager", "company owner"),
        _column("kind", "Engagement kind", "engagement kind", "kind", "type", "engagement type"),
        _column("service", "Service", "service", "services", "engagement", "scope"),
        _column("amount", "Amount", "amount", "fee", "value", "spend", "monthly fee"),
        _column("currency", "Currency", "currency"),
        _column("start", "Start", "start", "start date", "starts", "starts on", "from"),
        _column("end", "End", "end", "end date", "ends", "ends on", "until", "to"),
        _column("country", "Country", "country"),
        _column("zone", "Time zone", "zone", "time zone", "timezone"),
    ),
)  # fmt: skip
COMPANIES = FileKind(
    "companies",
    "Companies",
    "Each becomes a client: live with a won deal, else a prospect.",
    (
        _column("id", "Company ID", "company id", "record id", required=True),
        _column("name", "Company name", "company name", "name", required=True),
        _column("domain", "Domain", "company domain name", "domain"),
        _column("industry", "Industry", "industry"),
        _column("phone", "Phone", "phone number", "phone"),
        _column("website", "Website", "website", "website url"),
        _column("country", "Country", "country", "country/region"),
        _column("zone", "Time zone", "time zone"),
        _column("owner", "Owner’s e-mail", "company owner", "owner"),
    ),
)
CONTACTS = FileKind(
    "contacts",
    "Contacts",
    "Each becomes a contact of the client its company’s domain names, else of the one its e-mail’s does.",
    (
        _column("id", "Contact ID", "contact id", "record id", required=True),
        _column("first_name", "First name", "first name"),
        _column("last_name", "Last name", "last name"),
        _column("email", "E-mail", "email", "e-mail"),
        _column("phone", "Phone", "phone number", "mobile phone number", "phone"),
        _column("job_title", "Job title", "job title"),
        _column("domain", "Company domain", "associated company domain", "company domain name"),
    ),
)
DEALS = FileKind(
    "deals",
    "Deals",
    "Those that are won become engagements from their close date.",
    (
        _column("id", "Deal ID", "deal id", "record id", required=True),
        _column("title", "Deal name", "deal name", required=True),
        _column("stage", "Deal stage", "deal stage", required=True),
        _column("amount", "Amount", "amount", required=True),
        _column("closed", "Close date", "close date", required=True),
        _column("currency", "Currency", "currency", "deal currency"),
        _column("domain", "Company domain", "associated company domain"),
        _column("email", "Contact’s e-mail", "associated contact email", "associated contact"),
    ),
)
ACTIVITIES = FileKind(
    "activities",
    "Activities",
    "Calls, e-mails, meetings and notes become what happened; tasks are left out.",
    (
        _column("id", "Activity ID", "activity id", "record id", required=True),
        _column("type", "Activity type", "activity type", required=True),
        _column("at", "Activity date", "activity date", required=True),
        _column("owner", "Owner’s e-mail", "activity owner", "activity assigned to"),
        _column("body", "Notes", "notes/description", "notes", "body"),
        _column("subject", "Subject", "call/meeting title/subject", "subject", "title"),
        _column("call_outcome", "Call outcome", "call outcome"),
        _column("meeting_outcome", "Meeting outcome", "meeting outcome"),
        _column("minutes", "How long a call took", "call duration", *_DURATIONS, "duration"),
        _column("direction", "Who began a call", "call direction", "call and meeting direction", "direction"),
        _column("email", "Contact’s e-mail", "associated contact email", "contact email", required=True),
    ),
)
INTERACTIONS = FileKind(
    "interactions",
    "Calls and activities",
    "One row for each call, e-mail, meeting or note with a client that is in the book already.",
    (
        _column("client", "Client", "client", "client name", "company", "company name", "account", "domain"),
        _column("at", "Date", "date", "activity date", "date and time", "when", "day", required=True),
        _column("time", "Time", "time", "start time", "time of day"),
        _column("type", "Call, e-mail, meeting or note", "type", "activity type", "kind", "channel",
                required=True),
        _column("with", "Contact’s e-mail or name", "with", "contact", "contact email", "contact name",
                "associated contact email"),
        _column("who", "Our colleague’s e-mail", "who", "owner e-mail", "owner", "activity owner", "member"),
        _column("minutes", "How long it took", "minutes", "duration", "call duration", *_DURATIONS, "length"),
        _column("direction", "Who began it", "direction", "call direction"),
        _column("summary", "Summary", "summary", "subject", "title"),
        _column("notes", "Notes", "notes", "description", "notes/description", "body", "text"),
        _column("outcome", "Outcome", "outcome", "call outcome", "result"),
        _column("reference", "Reference", "reference", "id", "activity id", "call id", "record id"),
    ),
)  # fmt: skip

#: In the order their rows are applied.
KINDS = {kind.key: kind for kind in (CLIENTS, COMPANIES, CONTACTS, DEALS, ACTIVITIES, INTERACTIONS)}
HUBSPOT = (COMPANIES, CONTACTS, DEALS, ACTIVITIES)
#: Kinds of file that are imported by themselves, under headings of our own or any others.
TABLES = (CLIENTS, INTERACTIONS)


def own_headings(kind: FileKind) -> tuple[str, ...]:
    """The headings of a table that is known without a preset."""
    return tuple(column.headings[0] for column in kind.columns)


#: Those of `import clients`.
STEADYHAND_HEADINGS = own_headings(CLIENTS)


def guess(kind: FileKind, headings: Iterable[str]) -> dict[str, str]:
    """Field → heading, as far as headings can be recognised; each heading is used once."""
    by_plain = {_plain(heading): heading for heading in headings if heading}
    mapping: dict[str, str] = {}
    for rank in range(max(len(column.headings) for column in kind.columns)):
        for column in kind.columns:
            if column.field in mapping or rank >= len(column.headings):
                continue
            heading = by_plain.get(_plain(column.headings[rank]))
            if heading is not None and heading not in mapping.values():
                mapping[column.field] = heading
    return mapping


def exact(kind: FileKind, headings: Iterable[str], name: str) -> dict[str, str]:
    """The mapping of a file that has our own headings; refuses and names those it lacks and those it adds."""
    by_plain = {heading.casefold(): heading for heading in headings if heading}
    mapping = {c.field: by_plain[c.headings[0]] for c in kind.columns if c.headings[0] in by_plain}
    missing = [c.headings[0] for c in kind.columns if c.required and c.field not in mapping]
    if missing:
        raise Refusal(
            f"{name} has no column “{missing[0]}”.",
            remedy=f"The headings are: {', '.join(c.headings[0] for c in kind.columns)}."
            " Rename them, or map the columns on the page and keep that as a preset.",
            field="file",
        )
    return mapping


def check_mapping(
    kind: FileKind, mapping: dict[str, str], headings: Iterable[str], name: str
) -> dict[str, str]:
    """A mapping somebody chose, without empty choices; refuses headings that are not there or used twice."""
    known = set(headings)
    chosen = {c.field: mapping[c.field] for c in kind.columns if mapping.get(c.field)}
    for column_field, heading in chosen.items():
        if heading not in known:
            raise Refusal(f"{name} has no column “{heading}”.", remedy="Choose another.", field=column_field)
    for column in kind.columns:
        if column.required and column.field not in chosen:
            raise Refusal(
                f"Say which column of {name} holds: {column.label.lower()}.",
                remedy="No row can be imported without it.",
                field=column.field,
            )
    used = list(chosen.values())
    for column_field, heading in chosen.items():
        if used.count(heading) > 1:
            raise Refusal(
                f"The column “{heading}” of {name} is chosen twice.",
                remedy="Choose it once.",
                field=column_field,
            )
    return chosen


def is_complete(kind: FileKind, mapping: dict[str, str]) -> bool:
    """Whether every column no row can do without is mapped."""
    return all(mapping.get(column.field) for column in kind.columns if column.required)


def remember(name: str, kind: FileKind, mapping: dict[str, str], *, by: Actor) -> MappingPreset:
    """Keep a mapping under a name for the next file of this shape."""
    name = name.strip()
    if not name:
        raise Refusal("A preset needs a name.", field="preset")
    chosen = {field: heading for field, heading in mapping.items() if heading}
    preset, _ = MappingPreset.objects.update_or_create(
        kind=kind.key,
        name=name[:80],
        defaults={"mapping": chosen, "by_name": by.name, "used_at": clock.now()},
    )
    return preset


def fitting(kind: FileKind, headings: Iterable[str]) -> MappingPreset | None:
    """The remembered preset, used last, whose headings are all in this file."""
    known = set(headings)
    for preset in MappingPreset.objects.filter(kind=kind.key).order_by("-used_at", "-id"):
        if preset.mapping and set(preset.mapping.values()) <= known:
            return preset
    return None


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", heading.casefold().replace("e-mail", "email")).strip()

"""Letters of the playbook, filled in for one client; what has no value stays as a gap to be written (B14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from steadyhand.clients.models import Client, Contact, Engagement, Position
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.models import Agency
from steadyhand.core.money import show
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook.content import Letter
from steadyhand.playbook.merge_fields import MERGE_FIELDS, fields_used, render
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import allowance_minutes

TITLES = {"dr", "prof", "mr", "mrs", "ms", "mx", "sir", "herr", "frau"}


def letters() -> tuple[Letter, ...]:
    """Every letter of the playbook in force, in its order."""
    version = Version.live()
    return version.policy.content.letters if version else ()


def letter(key: str) -> Letter:
    """The letter with this key; refuses one the playbook in force does not have."""
    for entry in letters():
        if entry.key == key:
            return entry
    known = ", ".join(entry.key for entry in letters())
    raise Refusal(
        f"The playbook in force has no letter “{key}”.",
        remedy=f"It has: {known}." if known else "Publish a playbook first.",
        field="template",
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with every merge field that has a value replaced; the others stand as they are, to be seen."""
    return render(text, {name: values.get(name, "").strip() or _tag(name) for name in fields_used(text)})


def gaps(*texts: str) -> list[str]:
    """Names of the merge fields that still stand in these texts, each once."""
    found = dict.fromkeys(name for text in texts for name in fields_used(text))
    return [name for name in found if name in MERGE_FIELDS]


def _tag(name: str) -> str:
    field = MERGE_FIELDS.get(name)
    return field.tag if field else f"{{{{ {name} }}}}"


def values_for(
    client: Client, *, contact: Contact | None = None, extra: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What is known of a client, a contact and who looks after them, for the merge fields; `extra` wins.

    A field that is not known is left out. A fixed number of queries.
    """
    values = {"client.name": client.name, "client.industry": client.industry}
    agency = Agency.current()
    if agency is not None:
        values["agency.name"] = agency.name
    if contact is not None:
        values |= {
            "contact.full_name": contact.name,
            "contact.first_name": first_name(contact.name),
            "contact.role": contact.job_title,
        }
    values |= _people(client) | _engagement(client) | _call(client)
    return {name: value for name, value in (values | dict(extra or {})).items() if value.strip()}


def first_name(name: str) -> str:
    """“Maya” of “Maya Lind”; a title stays with the last name: “Dr Lind” of “Dr Maya Lind”."""
    parts = name.split()
    if len(parts) > 1 and parts[0].rstrip(".").lower() in TITLES:
        return f"{parts[0]} {parts[-1]}"
    return parts[0] if parts else ""


def _people(client: Client) -> dict[str, str]:
    places = client.team.filter(until=None, position__in=[Position.LEAD, Position.SPONSOR])
    found = {place.position: place.member for place in places.select_related("member")}
    head = Member.objects.here().filter(role=Role.HEAD).order_by("pk").first()
    named = (("lead", found.get(Position.LEAD)), ("sponsor", found.get(Position.SPONSOR)), ("head", head))
    values: dict[str, str] = {}
    for prefix, member in named:
        if member is not None:
            values |= {
                f"{prefix}.name": member.name,
                f"{prefix}.first_name": first_name(member.name),
                f"{prefix}.role": member.get_role_display(),
                f"{prefix}.phone": member.phone,
                f"{prefix}.email": member.email,
            }
    return values


def _engagement(client: Client) -> dict[str, str]:
    """The first engagement that runs, and what its spend buys in calls."""
    today = clock.today(client.zone)
    engagement: Engagement | None = client.engagements.running(today).prefetch_related("services").first()
    if engagement is None:
        return {}
    monthly = engagement.ends_on is None
    spend = show(engagement.amount, engagement.currency)
    values = {
        "engagement.start": day_words(engagement.starts_on),
        "engagement.services": in_words([service.name for service in engagement.services.all()]),
        "engagement.spend": f"{spend} a month" if monthly else spend,
    }
    version = Version.live()
    if version is not None and monthly:
        values["call_time.allowance"] = _minutes(allowance_minutes(version.policy, engagement.amount))
    return values


def _call(client: Client) -> dict[str, str]:
    """The next call that is still to come."""
    coming = Commitment.objects.open().filter(
        client=client, kind=Kind.CALL, due_on__gte=clock.today(client.zone), internal=False
    )
    row = coming.order_by("due_at").first()
    if row is None:
        return {}
    time = f", {row.due_time:%H:%M}" if row.due_time else ""
    return {"call.date": f"{day_words(row.due_on)}{time}"}


def day_words(day: dt.date) -> str:
    """“Tuesday 1 December 2026”."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def in_words(names: list[str]) -> str:
    """“SEO, paid search and content”."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _minutes(total: int) -> str:
    hours, minutes = divmod(max(total, 0), 60)
    said = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    return " ".join([*said, f"{minutes} minutes"] if minutes else said)


def contact_at(client: Client, address: str) -> Contact | None:
    """The contact of a client with this e-mail address, whatever its case; one who is still there first."""
    return client.contacts.filter(email__iexact=address.strip()).order_by("left_on", "pk").first()

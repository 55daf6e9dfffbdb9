"""The book of clients: adding, changing, ending and merging them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from steadyhand.clients.discovery import move_answers
from steadyhand.clients.models import (
    Access,
    Assignment,
    Client,
    Contact,
    Engagement,
    Lift,
    Position,
    Propensity,
    Stage,
)
from steadyhand.clients.portal_access import shut_out, sign_out
from steadyhand.clients.team import SINGLE, settle_access
from steadyhand.core import clock, events, grants
from steadyhand.core.actor import Actor
from steadyhand.core.agency import check_country
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.people.models import Member

CHANGEABLE = (
    "name",
    "domain",
    "group",
    "industry",
    "phone",
    "website",
    "country",
    "subdivision",
    "zone",
    "since",
    "lift",
    "propensity",
    "business",
    "goals",
)
#: Addresses under /clients/ that are no client's.
RESERVED = {"new", "team"}
_DOMAIN = re.compile(r"^(?=.{1,200}$)([\w-]+\.)+[\w-]{2,}$")


@transaction.atomic
def add_client(
    name: str,
    *,
    by: Actor,
    domain: str = "",
    country: str = "",
    zone: str = "",
    since: dt.date | None = None,
    stage: Stage = Stage.LIVE,
    batch: UUID | None = None,
    **details: Any,
) -> Client:
    """A new client. Refuses an empty name and a domain another client already has."""
    name = name.strip()
    if not name:
        raise Refusal("A client needs a name.", field="name")
    agency = Agency.get()
    client = Client(
        name=name[:200],
        ref=free_ref(name),
        domain=check_domain(domain, by=by),
        country=check_country(country) if country else agency.country,
        subdivision="" if country and country.upper() != agency.country else agency.subdivision,
        zone=clock.zone_info(zone).key if zone else agency.zone,
        since=since,
        stage=stage,
        made_at=clock.now(),
        **details,
    )
    client.save(force_insert=True)
    events.record("client.added", by=by, client_id=client.pk, subject=client, batch=batch, name=name)
    return client


def free_ref(name: str) -> str:
    """A short name for addresses that no client has yet: “halden-bikes”, then “halden-bikes-2”."""
    base = slugify(name)[:70] or "client"
    taken = RESERVED | set(Client.objects.filter(ref__startswith=base).values_list("ref", flat=True))
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def check_domain(text: str, *, by: Actor, besides: Client | None = None) -> str:
    """The bare domain of an address, free of other clients; empty stays empty.

    Whose a taken one is, only those read who see that client.
    """
    text = text.strip().lower()
    if not text:
        return ""
    host = urlparse(text if "//" in text else f"//{text}").hostname or ""
    host = host.removeprefix("www.")
    if not _DOMAIN.match(host):
        raise Refusal(f"“{text}” is not a domain.", remedy="Write it as example.com.", field="domain")
    taken = Client.objects.filter(domain=host).exclude(stage=Stage.MERGED)
    if besides is not None:
        taken = taken.exclude(pk=besides.pk)
    if taken.exists():
        raise _domain_taken(host, taken.visible_to(by).first())
    return host


def _domain_taken(host: str, other: Client | None) -> Refusal:
    if other is None:
        whose = "A client you do not see"
        remedy = "Ask for a place on their account team, or leave the domain empty here."
    else:
        whose = other.name
        remedy = "If they are one client, merge them; if not, leave the domain empty here."
    return Refusal(f"{whose} already has the domain {host}.", remedy=remedy, field="domain")


@transaction.atomic
def change_client(client: Client, *, by: Actor, batch: UUID | None = None, **values: Any) -> Client:
    """Change a client's record (any of `CHANGEABLE`)."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    changed: dict[str, list[str]] = {}
    for field, value in values.items():
        value = _checked(client, field, value, by)
        before = getattr(client, field)
        if before != value:
            changed[field] = [str(before), str(value)]
            setattr(client, field, value)
    if changed:
        client.save()
        events.record(
            "client.changed", by=by, client_id=client.pk, subject=client, batch=batch, changed=changed
        )
    return client


def _checked(client: Client, field: str, value: Any, by: Actor) -> Any:
    if field not in CHANGEABLE:
        raise Refusal(f"“{field}” of a client cannot be changed here.", field=field)
    if field == "name" and not str(value).strip():
        raise Refusal("A client needs a name.", field="name")
    checks: dict[str, Callable[[Any], Any]] = {
        "domain": lambda v: check_domain(v, by=by, besides=client),
        "country": check_country,
        "zone": lambda v: clock.zone_info(v).key,
        "lift": lambda v: Lift(v),
        "propensity": lambda v: Propensity(v),
    }
    return checks[field](value) if field in checks else value


@transaction.atomic
def end_client(client: Client, *, on: dt.date, reason: str, by: Actor) -> Client:
    """The client leaves: engagements end, access stops, feeds close; history stays."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.stage != Stage.LIVE:
        raise Refusal(f"{client.name} is not a live client.", remedy="There is nothing to end.")
    if not reason.strip():
        raise Refusal("Say why they leave.", remedy="One sentence is enough.", field="reason")
    if on > clock.today(client.zone):
        raise Refusal(
            f"{on:%d %B %Y} is still to come.",
            remedy="End their engagements on that day; end the client once it is over.",
            field="on",
        )
    for engagement in client.engagements.filter(ends_on=None) | client.engagements.filter(ends_on__gt=on):
        engagement.ends_on = max(on, engagement.starts_on)
        engagement.save(update_fields=["ends_on"])
    client.stage, client.ended_on, client.end_reason = Stage.ENDED, on, reason.strip()
    client.save(update_fields=["stage", "ended_on", "end_reason"])
    Access.objects.filter(client=client).delete()
    Assignment.objects.filter(client=client, until=None).update(until=on)
    grants.revoke_all("client", client.pk)
    shut_out(client.contacts.all())
    events.record("client.ended", by=by, client_id=client.pk, subject=client, on=on, reason=reason.strip())
    return client


@transaction.atomic
def merge_clients(keep: Client, husk: Client, *, by: Actor) -> Client:
    """Two records are one client: everything of `husk` moves to `keep`, and its address leads there.

    Rooms above move what is theirs when they hear `client.merged`.
    """
    if keep.pk == husk.pk:
        raise Refusal("A client cannot be merged into itself.", remedy="Choose the other record.")
    locked = {
        c.pk: c for c in Client.objects.select_for_update().filter(pk__in=[keep.pk, husk.pk]).order_by("pk")
    }
    keep, husk = locked[keep.pk], locked[husk.pk]
    for client in (keep, husk):
        if client.stage == Stage.MERGED:
            raise Refusal(f"{client.name} has already been merged.", remedy="Open the client it became.")
    if husk.stage == Stage.LIVE and keep.stage != Stage.LIVE:
        raise Refusal(
            f"{husk.name} is a live client and {keep.name} is not.", remedy=f"Keep {husk.name} instead."
        )
    shut_out(husk.contacts.all())
    _move_contacts(keep, husk)
    Engagement.objects.filter(client=husk).update(client=keep)
    move_answers(keep, husk)
    husk.expectations_said.update(client=keep)
    husk.files.update(client=keep)
    _move_team(keep, husk)
    for field in ("industry", "phone", "website", "business", "goals"):
        if not getattr(keep, field):
            setattr(keep, field, getattr(husk, field))
    keep.since = min((d for d in (keep.since, husk.since) if d), default=None)
    domain, husk.domain = husk.domain, ""
    husk.stage, husk.merged_into = Stage.MERGED, keep
    husk.save()
    keep.domain = keep.domain or domain
    keep.save()
    grants.revoke_all("client", husk.pk)
    events.record(
        "client.merged", by=by, client_id=keep.pk, subject=keep, husk_id=husk.pk, husk=husk.name, ref=husk.ref
    )
    return keep


def _move_contacts(keep: Client, husk: Client) -> None:
    known = set(keep.contacts.exclude(email="").values_list("email", flat=True))
    for contact in husk.contacts.all():
        if contact.email and contact.email in known:
            contact.email, contact.notes = "", f"{contact.notes}\nAlso {contact.email}".strip()
        contact.client = keep
        contact.save(update_fields=["client", "email", "notes"])


def _move_team(keep: Client, husk: Client) -> None:
    """The husk's team joins the other; a second lead becomes support, so that nobody loses sight of them."""
    today = Agency.get().today()
    running = {(a.position, a.member_id) for a in keep.team.filter(until=None)}
    for assignment in husk.team.filter(until=None):
        taken = assignment.position in SINGLE and any(place == assignment.position for place, _ in running)
        if taken and assignment.position == Position.LEAD:
            assignment.position = Position.SUPPORT
            taken = False
        place = (assignment.position, assignment.member_id)
        if taken or place in running or (Position.LEAD, assignment.member_id) in running:
            assignment.until = today
        else:
            running.add(place)
        assignment.client = keep
        assignment.save(update_fields=["client", "until", "position"])
    husk.team.update(client=keep)
    husk.accesses.all().delete()
    keep.accesses.all().delete()
    settle_access(keep, *Member.objects.filter(pk__in={member for _, member in running}))


@transaction.atomic
def add_contact(
    client: Client, name: str, *, by: Actor, email: str = "", batch: UUID | None = None, **details: Any
) -> Contact:
    """Somebody at the client; one record for each address."""
    name, email = _who_it_is(client, name, email)
    contact = Contact.objects.create(client=client, name=name, email=email, made_at=clock.now(), **details)
    events.record(
        "contact.added", by=by, client_id=client.pk, subject=contact, batch=batch, name=contact.name
    )
    return contact


@transaction.atomic
def change_contact(contact: Contact, *, by: Actor, batch: UUID | None = None, **values: Any) -> Contact:
    """Change a contact's details."""
    allowed = {"name", "email", "phone", "job_title", "day_to_day", "decides", "notes", "left_on"}
    contact = Contact.objects.select_for_update(of=("self",)).select_related("client").get(pk=contact.pk)
    if {"name", "email"} & values.keys():
        name, email = values.get("name", contact.name), values.get("email", contact.email)
        name, email = _who_it_is(contact.client, name, email, besides=contact)
        values |= {"name": name, "email": email}
    changed: dict[str, list[str]] = {}
    for field, value in values.items():
        if field not in allowed:
            raise Refusal(f"“{field}” of a contact cannot be changed.", field=field)
        before = getattr(contact, field)
        if before != value:
            changed[field] = [str(before), str(value)]
            setattr(contact, field, value)
    if changed:
        contact.save(update_fields=list(changed))
        if contact.left_on is not None:
            shut_out([contact])
        elif "email" in changed:
            sign_out(contact)
        events.record(
            "contact.changed",
            by=by,
            client_id=contact.client_id,
            subject=contact,
            batch=batch,
            changed=changed,
        )
    return contact


def _who_it_is(client: Client, name: str, email: str, *, besides: Contact | None = None) -> tuple[str, str]:
    """Name and address as they are kept; refuses neither, an address that is none, and one known already."""
    name, email = name.strip(), email.strip().lower()
    if not name and not email:
        raise Refusal("A contact needs a name or an e-mail address.", field="name")
    if email and "@" not in email:
        raise Refusal(
            f"“{email}” is not an e-mail address.", remedy="Write it as name@example.com.", field="email"
        )
    others = client.contacts.exclude(pk=besides.pk) if besides else client.contacts.all()
    if email and others.filter(email=email).exists():
        raise Refusal(f"{email} is already a contact of {client.name}.", field="email")
    return (name or email)[:200], email


def lock_plan(client: Client, revision: int | None) -> Client:
    """Take the client's plan for a change; a conflict when somebody else changed it since `revision`."""
    locked = Client.objects.select_for_update().get(pk=client.pk)
    if revision is not None and locked.plan_revision != revision:
        raise Conflict(
            f"Somebody else changed the plan of {locked.name} while you had it open.",
            remedy="Nothing was overwritten. Look at the plan as it is now and make your change again.",
        )
    locked.plan_revision += 1
    locked.save(update_fields=["plan_revision"])
    return locked

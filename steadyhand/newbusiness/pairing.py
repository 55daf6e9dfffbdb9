"""Proposing who looks after whom, inviting them to the pitch, and saying how one works (W2, W4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import uuid4

from django.db import transaction

from steadyhand.clients.models import Contact, Knowledge
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.models import Host, Meeting
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness.matching import suggest
from steadyhand.newbusiness.models import Lead, Pairing, Pitch, Style
from steadyhand.newbusiness.pitching import rules
from steadyhand.newbusiness.rights import let_see, running
from steadyhand.people.models import Member

MOST_INTERESTS = 12


@transaction.atomic
def propose_pairing(
    lead: Lead, member: Member, reason: str, *, by: Actor, contact: Contact | None = None
) -> Pairing:
    """New business proposes who would look after them, and why; kept beside whom the reasons favoured."""
    row = running(lead, by)
    if not reason.strip():
        raise Refusal(f"Say why {member.name}.", remedy="One sentence on the two of them.", field="reason")
    if contact is not None and contact.client_id != row.client_id:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    batch = uuid4()
    let_see(row.client, member, by=by, batch=batch)
    favoured = next(iter(suggest(row, by, contact=contact)), None)
    at = clock.now()
    row.pairings.filter(until=None).update(until=at)
    pairing = Pairing.objects.create(
        lead=row,
        contact=contact,
        member=member,
        reason=reason.strip()[:500],
        suggested=favoured.member if favoured else None,
        by_name=by.name,
        at=at,
    )
    events.record(
        "pairing.proposed",
        by=by,
        client_id=row.client_id,
        subject=pairing,
        batch=batch,
        member=member.name,
        reason=pairing.reason,
    )
    return pairing


def paired(lead: Lead) -> Member | None:
    """Who is earmarked to look after them."""
    standing = lead.pairings.filter(until=None).select_related("member").first()
    return standing.member if standing else None


def joins_pitch(lead: Lead) -> bool:
    """Whether the earmarked person should be there: face to face, and worth it (W4)."""
    return rules().joins_pitch(lead.value, is_project=lead.is_project, face_to_face=lead.face_to_face)


@transaction.atomic
def plan_pitch(
    lead: Lead,
    *,
    by: Actor,
    day: dt.date,
    time: dt.time,
    led_by: Member,
    minutes: int = 60,
    members: Iterable[Member] = (),
    contacts: Iterable[Contact] = (),
    place: str = "",
) -> Meeting:
    """Put the pitch in the diary. The earmarked person is invited where the playbook says so (W4)."""
    row = running(lead, by)
    batch = uuid4()
    ours = {member.pk: member for member in members if member.pk != led_by.pk}
    earmarked = paired(row)
    if earmarked is not None and earmarked.pk != led_by.pk and joins_pitch(row):
        ours[earmarked.pk] = earmarked
    planner = Member.objects.filter(pk=by.member_id or 0).first()
    for member in (*([planner] if planner else []), led_by, *ours.values()):
        let_see(row.client, member, by=by, batch=batch)
    meeting = plan_meeting(
        row.client,
        f"Pitch to {row.client.name}",
        by=by,
        day=day,
        time=time,
        minutes=minutes,
        led_by=led_by,
        members=ours.values(),
        contacts=contacts,
        in_person=row.face_to_face,
        host=Host.THEM if row.face_to_face else Host.NOBODY,
        place=place,
        batch=batch,
    )
    pitch = Pitch.objects.create(lead=row, meeting=meeting, made_at=clock.now())
    events.record(
        "pitch.planned",
        by=by,
        client_id=row.client_id,
        subject=pitch,
        batch=batch,
        title=meeting.title,
        earmarked=earmarked.name if earmarked is not None and earmarked.pk in ours else "",
    )
    return meeting


@transaction.atomic
def describe_style(
    member: Member, *, by: Actor, works: str = "", suits: Iterable[str] = (), interests: Iterable[str] = ()
) -> Style:
    """How somebody works and what they like, in their own words; only they say it."""
    if not by.is_system and by.member_id != member.pk:
        raise Refusal("That is theirs to say.", remedy=f"Ask {member.name}.")
    chosen = list(dict.fromkeys(suits))
    if set(chosen) - set(Knowledge.values):
        raise Refusal("That is no kind of contact we know.", remedy="Choose from the list.", field="suits")
    liked = list(dict.fromkeys(text.strip()[:60] for text in interests if text.strip()))
    if len(liked) > MOST_INTERESTS:
        raise Refusal(f"{len(liked)} interests?", remedy=f"Name at most {MOST_INTERESTS}.", field="interests")
    style, _ = Style.objects.update_or_create(
        member=member,
        defaults={
            "works": works.strip()[:500],
            "suits": chosen,
            "interests": liked,
            "changed_at": clock.now(),
        },
    )
    events.record("style.described", by=by, subject=style, member=member.name)
    return style

"""Joining, changing and leaving: the verbs of membership.

Invitations and sign-in links live in `invitations.py`.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from steadyhand.core import clock, events, grants
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency, Audience
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Absence, Member, MemberState, User
from steadyhand.people.roles import CATALOGUE, Capability, Role

CHANGEABLE = (
    "name",
    "phone",
    "country",
    "subdivision",
    "zone",
    "language",
    "weekly_hours",
    "line_manager",
    "theme",
    "density",
    "shortcuts",
    "news",
    "birth_day",
    "birth_month",
    "joined_on",
)


#: Has a 29 February.
LEAP_YEAR = 2024

#: Whoever hands these out must hold them.
KEYS = frozenset(
    {
        Capability.MANAGE_PEOPLE,
        Capability.MANAGE_SETTINGS,
        Capability.SEE_FINANCE,
        Capability.SEE_PEOPLE_DATA,
    }
)


@transaction.atomic
def add_member(
    email: str, *, by: Actor, name: str = "", role: str = Role.MANAGER, batch: Any = None
) -> Member:
    """Somebody at the agency, not invited yet: they own promises but cannot sign in."""
    address = email.strip().lower()
    if "@" not in address:
        raise Refusal(
            f"“{email}” is not an e-mail address.", remedy="Write it as name@agency.com.", field="email"
        )
    _check_keys(role, by)
    if Member.objects.filter(email=address).exists():
        raise Refusal(f"{address} is already a member.", remedy="Open them under Team.", field="email")
    agency = Agency.get()
    member = Member.objects.create(
        email=address,
        name=name.strip() or name_from_address(address),
        role=Role(role),
        country=agency.country,
        subdivision=agency.subdivision,
        zone=agency.zone,
        language=agency.language,
        made_at=clock.now(),
    )
    events.record("member.added", by=by, subject=member, batch=batch, name=member.name, role=member.role)
    return member


def name_from_address(address: str) -> str:
    """“pam.beesly@agency.com” is called Pam Beesly until somebody says otherwise."""
    local = address.split("@", 1)[0]
    return " ".join(
        part.capitalize() for part in local.replace("_", ".").replace("-", ".").split(".") if part
    )


@transaction.atomic
def change_member(member: Member, *, by: Actor, **values: Any) -> Member:
    """Change a member's own details (any of `CHANGEABLE`)."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    changed: dict[str, list[str]] = {}
    for name, value in values.items():
        if name not in CHANGEABLE:
            raise Refusal(f"“{name}” cannot be changed here.", field=name)
        if name == "zone":
            value = clock.zone_info(value).key
        before = getattr(member, name)
        if before != value:
            changed[name] = [str(before), str(value)]
            setattr(member, name, value)
    _check_birthday(member)
    if changed:
        member.save()
        events.record("member.changed", by=by, subject=member, audience=Audience.PEOPLE, changed=changed)
    return member


@transaction.atomic
def change_role(member: Member, role: str, *, by: Actor) -> Member:
    """Give a member another role. The last administrator stays one."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    before, after = member.role, Role(role)
    _check_keys(before, by)
    _check_keys(after, by)
    if before == Role.ADMINISTRATOR and after != before:
        _another_administrator(member)
    if before != after:
        member.role = after
        member.save(update_fields=["role"])
        events.record("member.role_changed", by=by, subject=member, before=before, after=str(after))
    return member


@transaction.atomic
def leave(member: Member, *, by: Actor) -> Member:
    """The member leaves: their sign-in, sessions, feeds and tokens die in this transaction.

    Who takes over their clients is said by the rooms above, which react to `member.left`.
    """
    member = Member.objects.select_for_update(of=("self",)).select_related("user").get(pk=member.pk)
    if member.state == MemberState.LEFT:
        return member
    _check_keys(member.role, by)
    if member.role == Role.ADMINISTRATOR:
        _another_administrator(member)
    member.state, member.left_at = MemberState.LEFT, clock.now()
    member.save(update_fields=["state", "left_at"])
    if member.user is not None:
        member.user.is_active = False
        member.user.set_unusable_password()  # also ends every session: their hash no longer fits
        member.user.save(update_fields=["is_active", "password"])
        Authenticator.objects.filter(user=member.user).delete()
    grants.revoke_all("member", member.pk)
    events.record("member.left", by=by, subject=member, name=member.name)
    return member


@transaction.atomic
def come_back(member: Member, *, by: Actor) -> Member:
    """Somebody who left works here again; they join by a new invitation."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    if member.state != MemberState.LEFT:
        raise Refusal(f"{member.name} has not left.")
    member.state, member.left_at = MemberState.NOT_INVITED, None
    member.save(update_fields=["state", "left_at"])
    events.record("member.came_back", by=by, subject=member, name=member.name)
    return member


@transaction.atomic
def sign_out_everywhere(member: Member, *, by: Actor) -> None:
    """End every session of a member, the present one included."""
    user = User.objects.select_for_update().filter(member=member).first()
    if user is None:
        raise Refusal(f"{member.name} has never signed in.")
    user.end_sessions()
    events.record("member.signed_out_everywhere", by=by, subject=member, audience=Audience.PEOPLE)


@transaction.atomic
def go_absent(
    member: Member, starts_on: dt.date, ends_on: dt.date, cover: Member, *, by: Actor, reason: str = ""
) -> Absence:
    """Hand a person's promises to somebody else for a period."""
    if ends_on < starts_on:
        raise Refusal("The absence ends before it starts.", remedy="Put the last day later.", field="ends_on")
    if cover.pk == member.pk:
        raise Refusal("Nobody covers for themselves.", remedy="Choose a colleague.", field="cover")
    if cover.state == MemberState.LEFT:
        raise Refusal(f"{cover.name} has left.", remedy="Choose a colleague who is here.", field="cover")
    overlapping = Absence.objects.filter(
        member__in=[member, cover], cancelled_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).select_related("member")
    for other in overlapping:
        raise Refusal(
            f"{other.member.name} is already away from {other.starts_on:%d %b} to {other.ends_on:%d %b}.",
            remedy="Change the dates, the cover, or cancel the other absence first.",
            field="starts_on" if other.member_id == member.pk else "cover",
        )
    absence = Absence.objects.create(
        member=member, starts_on=starts_on, ends_on=ends_on, cover=cover, reason=reason, made_at=clock.now()
    )
    events.record(
        "member.absent",
        by=by,
        subject=absence,
        member_id=member.pk,
        cover_id=cover.pk,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return absence


@transaction.atomic
def cancel_absence(absence: Absence, *, by: Actor) -> None:
    """The person is here after all."""
    absence = Absence.objects.select_for_update().get(pk=absence.pk)
    if absence.cancelled_at is not None:
        return
    absence.cancelled_at = clock.now()
    absence.save(update_fields=["cancelled_at"])
    events.record(
        "member.absence_cancelled",
        by=by,
        subject=absence,
        member_id=absence.member_id,
        cover_id=absence.cover_id,
        starts_on=absence.starts_on,
        ends_on=absence.ends_on,
    )


@transaction.atomic
def pass_on_covers(leaver: Member, heir: Member | None, *, by: Actor) -> None:
    """Whoever counted on a leaver while away is covered by the heir; by nobody when the heir is away too."""
    today = clock.today(leaver.zone)
    counted = Absence.objects.filter(cover=leaver, cancelled_at=None, ends_on__gte=today)
    for absence in counted.select_related("member"):
        cancel_absence(absence, by=by)
        first = max(absence.starts_on, today)
        if heir is not None and _is_free(heir, absence.member, first, absence.ends_on):
            go_absent(absence.member, first, absence.ends_on, heir, by=by, reason=absence.reason)


def _is_free(cover: Member, absent: Member, first: dt.date, last: dt.date) -> bool:
    away = Absence.objects.filter(member=cover, cancelled_at=None, starts_on__lte=last, ends_on__gte=first)
    return cover.pk != absent.pk and not away.exists()


def _check_birthday(member: Member) -> None:
    day, month = member.birth_day, member.birth_month
    if (day is None) != (month is None):
        raise Refusal(
            "A birthday is a day and a month.", remedy="Choose both, or neither.", field="birth_day"
        )
    if day is not None and month is not None and not 1 <= day <= monthrange(LEAP_YEAR, month)[1]:
        raise Refusal(f"That month has no day {day}.", remedy="Choose another day.", field="birth_day")


def _another_administrator(member: Member) -> None:
    others = Member.objects.here().filter(role=Role.ADMINISTRATOR).exclude(pk=member.pk)
    if not others.exists():
        raise Refusal(
            f"{member.name} is the only administrator.", remedy="Make somebody else one first.", field="role"
        )


def _check_keys(role: str, by: Actor) -> None:
    """Nobody gives, or takes away, a role that opens more than their own."""
    missing = [key for key in CATALOGUE[Role(role)] & KEYS if not by.may(key)]
    if missing:
        raise Refusal(
            f"“{Role(role).label}” may do more than you.",
            remedy="Ask an administrator.",
            field="role",
        )

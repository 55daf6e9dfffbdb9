"""Setting an installation up: who may, and doing it in one piece."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from steadyhand.core import agency, grants
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency, GrantKind
from steadyhand.core.refusals import Refusal
from steadyhand.people import invitations, members
from steadyhand.people.first_run import is_needed
from steadyhand.people.models import Member, User
from steadyhand.people.roles import Role
from steadyhand.playbook.publishing import adopt_shipped

INSTALLATION = "installation"
KEY_LASTS = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the wizard asks about."""

    email: str
    name: str = ""
    role: str = Role.MANAGER


@transaction.atomic
def issue_setup_path(*, by: Actor) -> str:
    """The path that opens the wizard from another machine; an older one stops working."""
    if not is_needed():
        raise Refusal("This installation is set up.", remedy=f"{by.name} can make a sign-in link instead.")
    grants.revoke_all(INSTALLATION, 1)
    _, secret = grants.issue(GrantKind.SIGN_IN, holder_type=INSTALLATION, holder_id=1, lasts=KEY_LASTS)
    return f"/welcome/?key={secret}"


def usual_agency() -> Agency:
    """An agency as most are, to begin from; not saved."""
    return Agency(pk=1)


def opens_setup(secret: str) -> bool:
    """Whether this is the key to the wizard. Looking uses nothing up."""
    grant = grants.find(GrantKind.SIGN_IN, secret)
    return grant is not None and grant.holder_type == INSTALLATION


@transaction.atomic
def set_up(
    about: Mapping[str, str],
    playbook: str,
    you: Person,
    password: str | None,
    colleagues: Iterable[Person] = (),
    *,
    by: Actor,
    invite: bool = False,
) -> User:
    """Found the agency (or complete the one the settings made), adopt a playbook, and let you in.

    `about` holds name, currency, country, zone and working_days; `playbook` is “framework” or
    “concierge”. You become the administrator; colleagues are members, invited now or not yet.
    """
    if not is_needed():
        raise Refusal("This installation is set up already.", remedy="Sign in.")
    if Agency.current() is None:
        agency.found(by=by, **about)
    else:
        agency.change(by=by, **{name: value for name, value in about.items() if name != "currency"})
    adopt_shipped(playbook, Agency.get().currency, by=by)
    administrator = Member.objects.filter(email=you.email.strip().lower()).first() or members.add_member(
        you.email, by=by, name=you.name
    )
    members.change_role(administrator, Role.ADMINISTRATOR, by=by)
    for colleague in colleagues:
        added = members.add_member(colleague.email, by=by, name=colleague.name, role=colleague.role)
        if invite:
            invitations.invite(added, by=administrator.actor)
    grants.revoke_all(INSTALLATION, 1)
    return invitations.welcome(administrator, by=administrator.actor, password=password)

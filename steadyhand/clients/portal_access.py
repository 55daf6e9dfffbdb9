"""Who at a client may sign in to its pages (MISSION F1): let in, noted, shut out.

Whoever was let in has a user of their own. Its name is no address anybody has, so that it never meets a
member's: a contact signs in by the address on their record, or by a passkey. Letting nobody in any more
deletes that user, and with it every session and passkey.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction

from steadyhand.clients.item_links import shut_links
from steadyhand.clients.models import Client, Contact, Stage
from steadyhand.core import events, outbox
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import User

#: Where the client's pages are.
PORTAL = "/portal/"

#: The session's key to the contact as whom a member looks at the client's pages.
LOOKING_AS = "portal_looking_as"

#: A user's name is an address; this domain exists nowhere (RFC 2606).
NAMES = "contact-{pk}@clients.invalid"

#: Clients whose people see nothing any more.
SHUT = (Stage.ENDED, Stage.MERGED)

INVITATION = """Hello {name},

{agency} has pages for {client}: what we do for you and when, what we wait for from you, and who is who.

Sign in with this address; we mail you a code each time, so there is no password to remember:
{link}

If you did not expect this, ignore it.
"""


@transaction.atomic
def invite_contact(contact: Contact, *, by: Actor, mail: bool = True) -> Contact:
    """Let somebody at a client sign in to its pages, and mail them how; done twice, they are told again."""
    contact = Contact.objects.select_for_update(of=("self",)).select_related("client").get(pk=contact.pk)
    refuse_gone(contact)
    if not contact.email:
        raise Refusal(
            f"{contact.name} has no e-mail address, and codes to sign in go there.",
            remedy="Write it on their page first.",
            field="email",
        )
    if contact.user_id is None:
        contact.user = User.objects.create_user(NAMES.format(pk=contact.pk))
        contact.save(update_fields=["user"])
    if mail:
        _tell_how(contact)
    events.record("contact.invited", by=by, client_id=contact.client_id, subject=contact, name=contact.name)
    return contact


@transaction.atomic
def end_access(contact: Contact, *, by: Actor) -> Contact:
    """They sign in no more: sessions, passkeys and links die in this transaction."""
    contact = Contact.objects.select_for_update(of=("self",)).select_related("client").get(pk=contact.pk)
    if contact.user_id is None:
        raise Refusal(f"{contact.name} does not sign in to the client's pages.")
    shut_out([contact])
    events.record(
        "contact.access_ended", by=by, client_id=contact.client_id, subject=contact, name=contact.name
    )
    contact.refresh_from_db(fields=["user"])
    return contact


def shut_out(contacts: Iterable[Contact]) -> None:
    """Part of an act that ends them here (they left, the client ended or was merged): all doors close."""
    everybody = list(contacts)
    User.objects.filter(pk__in=[one.user_id for one in everybody if one.user_id is not None]).delete()
    shut_links(one.pk for one in everybody)


def sign_out(contact: Contact) -> None:
    """Part of an act after which an older mail may be in wrong hands: sessions end, links are shut."""
    if contact.user is not None:
        contact.user.end_sessions()
    shut_links([contact.pk])


@transaction.atomic
def note_sign_in(contact: Contact, how: str, *, by: Actor) -> None:
    """They signed in, by `how` (“a code”, “a passkey”)."""
    events.record(
        "contact.signed_in",
        by=by,
        client_id=contact.client_id,
        subject=contact,
        name=contact.name,
        how=how,
    )


@transaction.atomic
def add_passkey(contact: Contact, name: str, credential: dict[str, Any], *, by: Actor) -> Authenticator:
    """One more device that signs them in; `credential` as the browser made it, already checked."""
    user = contact.user
    if user is None:
        raise Refusal(f"{contact.name} does not sign in to the client's pages.", remedy="Invite them first.")
    key: Authenticator = WebAuthn.add(user, name[:100], credential).instance
    events.record("contact.passkey_added", by=by, client_id=contact.client_id, subject=contact)
    return key


@transaction.atomic
def drop_passkey(contact: Contact, key: Authenticator, *, by: Actor) -> None:
    """This device signs them in no more."""
    events.record("contact.passkey_dropped", by=by, client_id=contact.client_id, subject=contact)
    key.delete()


@transaction.atomic
def look_as(contact: Contact, *, by: Actor) -> None:
    """A member looks at the client's pages as this contact sees them, without doing anything there."""
    if not Client.objects.visible_to(by).filter(pk=contact.client_id).exists():
        raise Refusal("You do not see this client.", remedy="Ask its lead to put you on the team.")
    refuse_gone(contact)
    events.record("portal.looked_at", by=by, client_id=contact.client_id, subject=contact, name=contact.name)


def may_visit(contact: Contact) -> bool:
    """Whether anything at all is open to them; asked at every request. Reads `contact.client`."""
    return contact.left_on is None and contact.client.stage not in SHUT


def signing_in_with(email: str) -> list[Contact]:
    """Whoever signs in by a code sent to this address: one person, at one client or at several."""
    address = email.strip().lower()
    if not address:
        return []
    known = Contact.objects.filter(email=address, user__is_active=True, left_on=None)
    return list(known.exclude(client__stage__in=SHUT).select_related("client", "user").order_by("pk"))


def actor_of(contact: Contact) -> Actor:
    """Somebody at a client, as events name them."""
    return Actor(ActorKind.CONTACT, contact.pk, contact.name)


def refuse_gone(contact: Contact) -> None:
    """Refuse for somebody who has left, and where the client is no longer looked after."""
    if contact.left_on is not None:
        raise Refusal(f"{contact.name} has left.", remedy="Choose somebody who is still there.")
    if contact.client.stage in SHUT:
        raise Refusal(f"{contact.client.name} is no longer looked after.", remedy="Its pages are shut.")


def _tell_how(contact: Contact) -> None:
    agency = Agency.get()
    outbox.post(
        "portal-invitation",
        contact.email,
        f"{agency.name}: the pages of {contact.client.name}",
        INVITATION.format(
            name=contact.name,
            agency=agency.name,
            client=contact.client.name,
            link=f"{settings.BASE_URL}{PORTAL}sign-in/",
        ),
        safe_to_repeat=True,
        client_id=contact.client_id,
    )

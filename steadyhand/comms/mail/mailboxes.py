"""Connecting a mailbox, leaving it, and sending by it: a member's own, or the agency's."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from steadyhand.comms.mail import providers as mail_providers
from steadyhand.comms.mail.providers import Provider, Tokens
from steadyhand.comms.models import Mailbox, MailboxKind, Security
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.mail_text import bare
from steadyhand.core.refusals import Refusal
from steadyhand.core.secrets import seal, unseal
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.setting_values import MailServer

#: How the outbox names security, by how we do.
SMTP_SECURITY = {Security.TLS: "ssl", Security.STARTTLS: "tls", Security.NONE: ""}

#: Where mail servers listen; anything else a member might name is none.
PORTS = {25, 143, 465, 587, 993, 2525}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server as somebody names it. Without `smtp` the mailbox is only read."""

    host: str
    port: int
    security: Security = Security.TLS


@transaction.atomic
def connect_with_password(
    address: str,
    *,
    by: Actor,
    member: Member | None,
    login: str,
    password: str,
    imap: Server,
    smtp: Server | None = None,
) -> Mailbox:
    """Connect a mailbox by its password; without `member` it is the agency's."""
    _refuse_unless_theirs(member, by)
    if not password:
        raise Refusal("The mailbox needs its password.", remedy="Use an app password.", field="password")
    for server in filter(None, (imap, smtp)):
        check_server(server.host, server.port)
    mailbox = _row(address, member, MailboxKind.PASSWORD)
    mailbox.login = login.strip() or mailbox.address
    mailbox.secret = seal({"password": password})
    _place(mailbox, imap, smtp)
    return _connected(mailbox, by=by)


@transaction.atomic
def connect_with_tokens(of: Provider, tokens: Tokens, *, by: Actor, member: Member | None) -> Mailbox:
    """Connect a mailbox whose provider let us in."""
    _refuse_unless_theirs(member, by)
    address = tokens.address or (member.email if member else "")
    mailbox = _row(address, member, of.kind)
    mailbox.login = mailbox.address
    mailbox.secret = _sealed(tokens)
    _place(mailbox, Server(*of.imap), Server(*of.smtp))
    return _connected(mailbox, by=by)


@transaction.atomic
def disconnect(mailbox: Mailbox, *, by: Actor) -> Mailbox:
    """Read and send by it no more; its password or tokens are forgotten, its mail stays where it is filed."""
    _refuse_unless_theirs(mailbox.member, by)
    row = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox.pk)
    if row.disconnected_at is not None:
        raise Refusal(f"{row.address} is disconnected already.")
    row.disconnected_at, row.secret, row.last_error, row.failing_since = clock.now(), "", "", None
    row.save()
    events.record("mailbox.disconnected", by=by, subject=row, address=row.address)
    return row


def sending_mailbox(member: Member | None) -> Mailbox | None:
    """The mailbox this member's mail leaves by: their own address first."""
    if member is None:
        return None
    mine = Mailbox.objects.connected().filter(member=member).exclude(smtp_host="")
    return min(mine, key=lambda row: (row.address != member.email.lower(), row.pk), default=None)


def server_for(route: str) -> MailServer:
    """The outbox's way out by a mailbox (`mailbox:12`), with a token that still opens."""
    pk = route.partition(":")[2]
    mailbox = Mailbox.objects.connected().filter(pk=int(pk) if pk.isdigit() else 0).first()
    if mailbox is None or not mailbox.smtp_host:
        raise Refusal("The mailbox it was to leave by is disconnected.", remedy="Write it again.")
    check_server(mailbox.smtp_host, mailbox.smtp_port)
    password, token = credentials(mailbox)
    security = SMTP_SECURITY[Security(mailbox.smtp_security)]
    return MailServer(mailbox.smtp_host, mailbox.smtp_port, mailbox.login, password, security, token)


def credentials(mailbox: Mailbox) -> tuple[str, str]:
    """(password, access token), one of them empty; an ended token is renewed. May use the network."""
    found = unseal(mailbox.secret)
    if mailbox.kind == MailboxKind.PASSWORD:
        return str(found["password"]), ""
    of = mail_providers.provider(mailbox.kind)
    if of is None:
        raise Refusal(
            f"{MailboxKind(mailbox.kind).label} is no longer set up here.",
            remedy="Ask whoever runs Steadyhand.",
        )
    known = Tokens(found["access"], found["refresh"], dt.datetime.fromisoformat(found["expires_at"]))
    tokens = mail_providers.renewed(of, known)
    if tokens is not known:
        Mailbox.objects.filter(pk=mailbox.pk, secret=mailbox.secret).update(secret=_sealed(tokens))
    return "", tokens.access


def check_server(host: str, port: int) -> None:
    """Refuse what can be no mail server of theirs: other ports, and this machine itself."""
    if settings.CONFIG.test:
        return
    if port not in PORTS:
        raise Refusal(
            f"Mail servers do not listen on port {port}.", remedy="Use 993 or 587.", field="imap_port"
        )
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise Refusal(
            f"There is no server called {host}.", remedy="Check its name.", field="imap_host"
        ) from error
    for address in map(ipaddress.ip_address, found):
        if address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast:
            raise Refusal(f"{host} is no mail server.", remedy="Name the mail server.", field="imap_host")


def may_connect_for(member: Member | None, by: Actor) -> bool:
    """Oneself; the agency's own mailboxes for those who look after the settings."""
    return by.may(Capability.MANAGE_SETTINGS) if member is None else by.member_id == member.pk


def _refuse_unless_theirs(member: Member | None, by: Actor) -> None:
    if not may_connect_for(member, by):
        whose = "the agency's mailboxes" if member is None else f"{member.name}'s mailbox"
        raise Refusal(f"You do not look after {whose}.", remedy="Ask whoever does.")


def _row(address: str, member: Member | None, kind: MailboxKind) -> Mailbox:
    address = bare(address).lower()
    known = Mailbox.objects.connected().select_for_update(of=("self",)).filter(address=address).first()
    if known is not None and known.member_id != (member.pk if member else None):
        raise Refusal(f"{address} is connected already, by somebody else.", field="address")
    if known is not None and known.kind != kind:
        known.uid_validity = None
    mailbox = known or Mailbox(address=address, member=member, made_at=clock.now())
    mailbox.kind = kind
    return mailbox


def _place(mailbox: Mailbox, imap: Server, smtp: Server | None) -> None:
    if mailbox.imap_host != imap.host.strip():
        mailbox.uid_validity, mailbox.uid_seen = None, 0
    mailbox.imap_host, mailbox.imap_port, mailbox.imap_security = imap.host.strip(), imap.port, imap.security
    mailbox.smtp_host = smtp.host.strip() if smtp else ""
    if smtp is not None:
        mailbox.smtp_port, mailbox.smtp_security = smtp.port, smtp.security


def _connected(mailbox: Mailbox, *, by: Actor) -> Mailbox:
    mailbox.last_error, mailbox.failing_since = "", None
    mailbox.save()
    events.record(
        "mailbox.connected",
        by=by,
        subject=mailbox,
        address=mailbox.address,
        how=str(MailboxKind(mailbox.kind).label),
    )
    return mailbox


def _sealed(tokens: Tokens) -> str:
    return seal(
        {"access": tokens.access, "refresh": tokens.refresh, "expires_at": tokens.expires_at.isoformat()}
    )

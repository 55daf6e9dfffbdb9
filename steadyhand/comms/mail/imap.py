"""Reading mailboxes by IMAP (RFC 3501): every new mail once, nothing changed there.

The cursor (UIDVALIDITY, UID) moves with each mail that was taken in, so that a killed reader goes on
where it was; a mail we cannot read is stepped over, a database that does not answer is waited for.
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import re
import ssl
from collections.abc import Iterator

from django.db import Error as DatabaseError
from django.db import transaction

from steadyhand.comms.mail.mailboxes import check_server, credentials
from steadyhand.comms.mail.receiving import receive
from steadyhand.comms.mail.receiving.letter import LARGEST
from steadyhand.comms.models import Mailbox, Security
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

log = logging.getLogger(__name__)

BY = Actor.system("mail")
PATIENCE = 20.0  # seconds for each answer
MOST_AT_ONCE = 200
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def read_all() -> int:
    """Read every connected mailbox; how many mails were new. One that fails holds up no other."""
    return sum(
        read_mailbox(mailbox) for mailbox in Mailbox.objects.connected().order_by("last_read_at", "pk")
    )


def read_mailbox(mailbox: Mailbox) -> int:
    """Take in what is new in one mailbox, up to 200 mails; how many. A failure is kept with the mailbox."""
    try:
        new = _read(mailbox)
    except (OSError, imaplib.IMAP4.error, Refusal) as error:
        _failed(mailbox, in_words(error))
        return 0
    Mailbox.objects.filter(pk=mailbox.pk).update(last_read_at=clock.now(), last_error="", failing_since=None)
    return new


def try_out(mailbox: Mailbox) -> None:
    """Sign in and open the folder. Refusal with what went wrong, in plain words."""
    try:
        with _opened(mailbox):
            pass
    except (OSError, imaplib.IMAP4.error) as error:
        raise Refusal(in_words(error), remedy="Check the server and the password.") from error


def in_words(error: Exception) -> str:
    """What went wrong, as the mailbox's owner can act on it; never a password or a token."""
    if isinstance(error, Refusal):
        return str(error)
    if isinstance(error, ssl.SSLError):
        return "The mail server's certificate is not right, or it does not speak TLS there."
    if isinstance(error, TimeoutError):
        return "The mail server does not answer."
    if isinstance(error, imaplib.IMAP4.error):
        said = str(error).lower()
        if any(word in said for word in ("auth", "login", "credential", "invalid")):
            return "The mail server does not accept the user name and password, or the permission ended."
        return "The mail server refused to open the mailbox."
    return "The mail server cannot be reached."


def _read(mailbox: Mailbox) -> int:
    with _opened(mailbox) as imap:
        validity = _number(imap, "UIDVALIDITY")
        if mailbox.uid_validity is None:
            # Only what comes from now on: a mailbox holds years that were never meant for us.
            _move_on(mailbox, validity, max(_number(imap, "UIDNEXT") - 1, 0))
            return 0
        if validity != mailbox.uid_validity:
            _move_on(mailbox, validity, 0)  # numbered anew: what came before is known by its Message-ID
            uids = _search(imap, f"SINCE {(mailbox.last_read_at or mailbox.made_at):%d-%b-%Y}")
        else:
            uids = _search(imap, f"UID {mailbox.uid_seen + 1}:*")
        new = [uid for uid in uids if uid > mailbox.uid_seen][:MOST_AT_ONCE]
        for uid in new:
            _take_in(imap, mailbox, uid)
            _move_on(mailbox, validity, uid)
        return len(new)


def _take_in(imap: imaplib.IMAP4, mailbox: Mailbox, uid: int) -> None:
    """One mail. What goes wrong with this one alone is logged and stepped over."""
    _, answer = imap.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = SIZE.search(b" ".join(part for part in answer if isinstance(part, bytes)))
    if size and int(size[1]) > LARGEST:
        log.warning("A mail of %s bytes in mailbox %s is left alone.", int(size[1]), mailbox.pk)
        return
    _, answer = imap.uid("FETCH", str(uid), "(BODY.PEEK[])")
    raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
    if raw is None:
        return  # moved away since it was listed
    try:
        receive(raw, by=BY, mailbox=mailbox)
    except DatabaseError:
        raise OSError("the database does not answer") from None
    except Exception:
        log.exception("A mail in mailbox %s could not be taken in; it is stepped over.", mailbox.pk)


@contextlib.contextmanager
def _opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    """Signed in, with the folder open for reading only."""
    check_server(mailbox.imap_host, mailbox.imap_port)
    password, token = credentials(mailbox)
    imap = _connection(mailbox)
    try:
        if token:
            answer = f"user={mailbox.login}\x01auth=Bearer {token}\x01\x01".encode()
            # A second challenge is the reason for a refusal, and wants an empty answer.
            imap.authenticate("XOAUTH2", lambda challenge: b"" if challenge else answer)
        else:
            imap.login(mailbox.login, password)
        state, _ = imap.select(_quoted(mailbox.folder), readonly=True)
        if state != "OK":
            raise Refusal(f"There is no folder {mailbox.folder}.", remedy="Name one that exists.")
        yield imap
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            imap.logout()


def _connection(mailbox: Mailbox) -> imaplib.IMAP4:
    host, port = mailbox.imap_host, mailbox.imap_port
    context = ssl.create_default_context()
    if mailbox.imap_security == Security.TLS:
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=PATIENCE)
    imap = imaplib.IMAP4(host, port, timeout=PATIENCE)
    if mailbox.imap_security == Security.STARTTLS:
        imap.starttls(context)
    return imap


def _number(imap: imaplib.IMAP4, name: str) -> int:
    """A number the server told when the folder was opened; 0 where it did not."""
    found = imap.response(name)[1]
    last = found[-1] if found else None
    return int(last) if isinstance(last, bytes) and last.isdigit() else 0


def _search(imap: imaplib.IMAP4, what: str) -> list[int]:
    _, answer = imap.uid("SEARCH", what)
    return sorted(
        int(uid) for part in answer if isinstance(part, bytes) for uid in part.split() if uid.isdigit()
    )


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _move_on(mailbox: Mailbox, validity: int, uid: int) -> None:
    mailbox.uid_validity, mailbox.uid_seen = validity, uid
    Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=validity, uid_seen=uid)


@transaction.atomic
def _failed(mailbox: Mailbox, words: str) -> None:
    """Keep what went wrong; the first time since it worked is an event."""
    now = clock.now()
    rows = Mailbox.objects.connected().filter(pk=mailbox.pk)
    began = rows.filter(failing_since=None).update(failing_since=now)
    rows.update(last_error=words[:500])
    if began:
        events.record("mailbox.failing", by=BY, subject=mailbox, address=mailbox.address, error=words)

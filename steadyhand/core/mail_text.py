"""The MIME text of a mail: made once, when it is queued, for any Unicode in names, subjects and bodies."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from steadyhand.core.refusals import Refusal

LARGEST = 25 * 1024 * 1024  # what most mail servers take, in bytes of MIME
LONGEST_LINE = 900  # RFC 5322 allows 998
ATOM = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")
MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


class Unsendable(Refusal):
    """A mail that cannot be written: an address that is none, an attachment that is too large."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail. `mime_type` as `application/pdf`."""

    name: str
    content: bytes
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is written into a mail. An address is `pam@agency.example` or `Pam <pam@agency.example>`."""

    sender: str
    recipient: str
    subject: str
    text: str
    message_id: str
    date: dt.datetime
    html: str = ""
    reply_to: str = ""
    copies: Sequence[str] = ()
    in_reply_to: str = ""
    references: Sequence[str] = ()
    attachments: Sequence[Attachment] = ()
    calendar: str = ""
    calendar_method: str = ""
    unsubscribe: str = ""
    automatic: bool = True


def one_line(text: str) -> str:
    """A text that can stand in a header: a line break would forge another one."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@lru_cache(maxsize=1024)
def address_of(text: str) -> Address:
    """Name and address of `Pam Beesly <pam@agency.example>`; whatever the name holds, there is one address.

    Unsendable for what is no address, and for letters outside ASCII before the @ (few servers take them).
    """
    name, address = "", text.strip()
    if address.endswith(">") and "<" in address:
        name, _, address = address[:-1].rpartition("<")
    local, _, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
        validate_email(f"{local}@{domain}")
    except (ValidationError, UnicodeError) as error:
        raise Unsendable(f"“{one_line(text)[:200]}” is no e-mail address.", field="recipient") from error
    if not ATOM.fullmatch(local) or domain.startswith("["):
        raise Unsendable(f"“{one_line(text)[:200]}” is no e-mail address.", field="recipient")
    return Address(_unquoted(one_line(name)), addr_spec=f"{local}@{domain}")


def bare(text: str) -> str:
    """The address alone, as the envelope has it."""
    return address_of(text).addr_spec


def compose(draft: Draft) -> bytes:
    """The MIME text, with CRLF line ends and nothing but ASCII. Unsendable when it cannot be written."""
    mail = EmailMessage(SMTP)
    mail["From"] = address_of(draft.sender)
    mail["To"] = address_of(draft.recipient)
    if draft.copies:
        mail["Cc"] = [address_of(copy) for copy in draft.copies]
    if draft.reply_to:
        mail["Reply-To"] = address_of(draft.reply_to)
    mail["Subject"] = one_line(draft.subject)
    mail["Date"] = format_datetime(draft.date)
    mail["Message-ID"] = draft.message_id
    if MESSAGE_ID.fullmatch(draft.in_reply_to):
        mail["In-Reply-To"] = draft.in_reply_to
    if thread := [known for known in draft.references if MESSAGE_ID.fullmatch(known)]:
        mail["References"] = " ".join(thread)
    if draft.automatic:
        mail["Auto-Submitted"] = "auto-generated"
    if draft.unsubscribe:
        mail["List-Unsubscribe"] = f"<{_https(draft.unsubscribe)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    _fill(mail, draft)
    written = mail.as_bytes()
    if len(written) > LARGEST:
        raise Unsendable(
            f"With its attachments the mail has {len(written) / 1_000_000:.0f} MB; servers take 25 MB.",
            remedy="Attach less, or send a link.",
        )
    return written


def _fill(mail: EmailMessage, draft: Draft) -> None:
    """Text, then HTML, then the calendar part: readers show the last form they understand."""
    mail.set_content(_clean(draft.text), cte=_encoding(draft.text))
    if draft.html:
        mail.add_alternative(_clean(draft.html), subtype="html", cte=_encoding(draft.html))
    if draft.calendar:
        mail.add_alternative(
            _clean(draft.calendar),
            subtype="calendar",
            params={"method": draft.calendar_method or "REQUEST"},
            cte=_encoding(draft.calendar),
        )
    for attachment in draft.attachments:
        if not MIME_TYPE.fullmatch(attachment.mime_type):
            raise Unsendable(f"“{one_line(attachment.mime_type)}” is no type of file.", field="attachments")
        main, _, sub = attachment.mime_type.partition("/")
        name = one_line(attachment.name).replace("/", "-").replace("\\", "-") or "file"
        if main in {"message", "multipart"}:
            main, sub = "application", "octet-stream"  # a mail within a mail would be read as part of ours
        mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name)


def _encoding(text: str) -> str:
    """How a text travels: as it is, else readable for short ones and base64 for long ones."""
    if text.isascii() and all(len(line) <= LONGEST_LINE for line in text.splitlines()):
        return "7bit"
    return "quoted-printable" if len(text) < 50_000 and text.isascii() else "base64"


def _clean(text: str) -> str:
    """Without what no mail may hold: half characters (lone surrogates) and NUL."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _unquoted(name: str) -> str:
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        return re.sub(r"\\(.)", r"\1", name[1:-1])
    return name


def _https(address: str) -> str:
    if not re.fullmatch(r"https?://[!-;=?-~]+", address):
        raise Unsendable(f"“{one_line(address)[:200]}” is no address of a page.", field="unsubscribe")
    return address

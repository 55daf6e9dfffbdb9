"""A mail as it came, read as far as it can be: whatever a stranger sends, nothing here raises but Unreadable.

The standard library's older policy reads it (`compat32`): it keeps headers as they are, where the newer
one raises on some broken ones. Limits come first, so that no mail costs more than a moment.
"""

from __future__ import annotations

import codecs
import contextlib
import datetime as dt
import email
import email.header
import email.message
import email.utils
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from steadyhand.comms.mail.receiving.hypertext import Cleaned, as_text, clean
from steadyhand.core import clock
from steadyhand.core.mail_text import one_line

LARGEST = 30 * 1024 * 1024  # bytes of MIME
MOST_PARTS = 200
DEEPEST = 20
LONGEST_HEADER = 10_000
LONGEST_TEXT = 500_000
MOST_ADDRESSES = 200
MOST_REFERENCES = 50
MESSAGE_ID = re.compile(r"<[^<>\s]{1,390}>")
ADDRESS = re.compile(r"[^@\s<>\"(),:;\\]{1,64}@[a-z0-9][a-z0-9.-]{0,253}", re.IGNORECASE)

#: Codecs of Python that are no charset of mail, or cost more than they are worth.
NO_CHARSET = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"}


class Unreadable(Exception):
    """This is no mail, or one that would cost too much to read; the text says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file within a mail. `mime_type` is what the sender says it is."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, read. Addresses are bare and in small letters; `text` and `html` are safe to show.

    `key` tells it from every other: the digest of its Message-ID, else of all its bytes. `reports` are the
    parts of a delivery report and of what it returns (RFC 3464), `calendars` those of iTIP (RFC 6047).
    """

    key: str
    message_id: str
    date: dt.datetime
    sender: str
    sender_name: str
    to: list[str]
    copies: list[str]
    subject: str
    text: str
    html: str
    pictures: int
    in_reply_to: str
    references: list[str]
    headers: dict[str, str]
    parts: list[Part] = field(default_factory=list)
    calendars: list[bytes] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)

    @property
    def ancestors(self) -> list[str]:
        """Message-IDs of what it answers, the nearest first."""
        return list(dict.fromkeys(filter(None, [self.in_reply_to, *reversed(self.references)])))

    @property
    def addressees(self) -> list[str]:
        """Everybody it says it goes to."""
        return list(dict.fromkeys([*self.to, *self.copies]))


@dataclass(slots=True)
class _Body:
    texts: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    calendars: list[bytes] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)


def read(raw: bytes) -> Letter:
    """Read a mail; Unreadable when it is none, is larger than 30 MB or nested beyond reason."""
    if len(raw) > LARGEST:
        raise Unreadable("It is larger than 30 MB.")
    if raw.lower().count(b"multipart/") > MOST_PARTS:
        raise Unreadable("It has too many parts.")
    try:
        mail = email.message_from_bytes(raw)
    except (RecursionError, ValueError, LookupError) as error:
        raise Unreadable("It cannot be taken apart.") from error
    headers = _headers(mail)
    if not headers:
        raise Unreadable("It has no headers.")
    body = _Body()
    for part in _leaves(mail):
        _sort(part, body)
    cleaned = clean("\n".join(body.pages)[:LONGEST_TEXT]) if body.pages else Cleaned("", 0)
    text = "\n\n".join(filter(None, (text.strip() for text in body.texts))) or as_text(cleaned.html)
    found = MESSAGE_ID.search(headers.get("message-id", ""))
    message_id = found[0] if found else ""
    [(name, sender)] = _people(headers.get("from", "") or headers.get("sender", ""))[:1] or [("", "")]
    return Letter(
        key=hashlib.sha256(message_id.encode() or raw).hexdigest(),
        message_id=message_id,
        date=_date(headers.get("date", "")),
        sender=sender,
        sender_name=name[:200],
        to=[address for _, address in _people(headers.get("to", ""))],
        copies=[address for _, address in _people(headers.get("cc", ""))],
        subject=one_line(_decoded(headers.get("subject", "")))[:500],
        text=text[:LONGEST_TEXT],
        html=cleaned.html,
        pictures=cleaned.pictures,
        in_reply_to=next(iter(MESSAGE_ID.findall(headers.get("in-reply-to", ""))), ""),
        references=MESSAGE_ID.findall(headers.get("references", ""))[-MOST_REFERENCES:],
        headers=headers,
        parts=body.parts,
        calendars=body.calendars,
        reports=body.reports,
    )


def bare_addresses(text: str) -> list[str]:
    """Every address in a text, in small letters, each once."""
    return list(dict.fromkeys(found.lower().rstrip(".") for found in ADDRESS.findall(text)))


def _headers(mail: email.message.Message) -> dict[str, str]:
    """The first of each header, by its name in small letters; received lines and the like are cut short."""
    headers: dict[str, str] = {}
    for name, value in list(mail.raw_items())[:500]:
        text = str(value).encode(errors="surrogateescape").decode(errors="replace")
        headers.setdefault(name.lower(), _plain(text)[:LONGEST_HEADER])
    return headers


def _people(header: str) -> list[tuple[str, str]]:
    """(name, address) of a header with addresses; what is no address is left out."""
    people: dict[str, tuple[str, str]] = {}
    for name, address in email.utils.getaddresses([header], strict=False)[:MOST_ADDRESSES]:
        known = address.strip().lower()
        if ADDRESS.fullmatch(known):
            people.setdefault(known, (one_line(_decoded(name)), known))
    return list(people.values())


def _decoded(header: str) -> str:
    """A header with its encoded words read (RFC 2047)."""
    try:
        pieces = email.header.decode_header(header)
    except (ValueError, LookupError):
        return header
    return _plain("".join(_as_str(piece, charset) for piece, charset in pieces))


def _as_str(piece: bytes | str, charset: str | None) -> str:
    return piece if isinstance(piece, str) else text_of(piece, charset or "utf-8")


def text_of(content: bytes, charset: str) -> str:
    """Bytes as text: in the charset they say, else in UTF-8, else as the West writes."""
    for name in (charset, "utf-8"):
        with contextlib.suppress(LookupError, ValueError):
            codec = codecs.lookup(name).name
            if codec not in NO_CHARSET:
                return _plain(content.decode(codec))
    return _plain(content.decode("cp1252", errors="replace"))


def _plain(text: str) -> str:
    """Without NUL and half characters, which no database takes."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _date(header: str) -> dt.datetime:
    """When it was written, as far as that can be: not in the future, not before there was mail."""
    now = clock.now()
    try:
        said = email.utils.parsedate_to_datetime(header)
        said = said.replace(tzinfo=dt.UTC) if said.tzinfo is None else said.astimezone(dt.UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return now
    return said if dt.datetime(1990, 1, 1, tzinfo=dt.UTC) < said <= now else now


def _leaves(mail: email.message.Message) -> Iterator[email.message.Message]:
    """The parts that hold something; a mail within the mail is one of them, and so is a report."""
    waiting: list[tuple[email.message.Message, int]] = [(mail, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > MOST_PARTS or depth > DEEPEST:
            raise Unreadable("It has too many parts.")
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting += [(p, depth + 1) for p in reversed(inner) if isinstance(p, email.message.Message)]
        else:
            yield part


def _sort(part: email.message.Message, body: _Body) -> None:
    """Put a part where it belongs: what is read, what is attached, what machines read."""
    kind = part.get_content_type()
    if kind in {"message/delivery-status", "message/rfc822", "text/rfc822-headers"}:
        body.reports.append(_nested(part)[:100_000])
    if kind == "message/delivery-status":
        return
    name = _name(part)
    content = _content(part)
    if kind == "text/calendar":
        body.calendars.append(content)
        return
    is_attached = part.get_content_disposition() == "attachment" or (name and kind != "text/plain")
    if kind in {"text/plain", "text/html"} and not is_attached and part.get_content_disposition() != "file":
        text = text_of(content[: LONGEST_TEXT * 4], _charset(part))
        (body.texts if kind == "text/plain" else body.pages).append(text.replace("\r\n", "\n"))
    elif content:
        body.parts.append(Part(name or _unnamed(kind), content, kind))


def _nested(part: email.message.Message) -> str:
    """A report, or a returned mail, as text."""
    inner = part.get_payload()
    try:
        parts = inner if isinstance(inner, list) else [inner]
        texts = [p.as_string() if isinstance(p, email.message.Message) else str(p) for p in parts]
    except (ValueError, LookupError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return _plain("\n".join(text.encode(errors="surrogateescape").decode(errors="replace") for text in texts))


def _content(part: email.message.Message) -> bytes:
    with contextlib.suppress(ValueError, LookupError, AssertionError, TypeError, AttributeError):
        found = part.get_payload(decode=True)
        if isinstance(found, bytes):
            return found
    return _nested(part).encode()


def _charset(part: email.message.Message) -> str:
    with contextlib.suppress(Exception):
        return part.get_content_charset() or "utf-8"
    return "utf-8"


def _name(part: email.message.Message) -> str:
    with contextlib.suppress(Exception):
        return _decoded(part.get_filename() or "")
    return "file"


def _unnamed(kind: str) -> str:
    endings = {"message/rfc822": "mail.eml", "text/rfc822-headers": "headers.txt", "image/png": "picture.png"}
    endings |= {"image/jpeg": "picture.jpg", "image/gif": "picture.gif", "application/pdf": "file.pdf"}
    return endings.get(kind, "file")

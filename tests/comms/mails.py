"""Mail as others write it, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

RECEIVING = "clients@in.northwind.test"


def mail(
    sender: str = "Maya Lind <maya@haldenbikes.test>",
    to: str = "jody@northwind.test",
    subject: str = "The October leads",
    text: str = "Here they are.\n",
    *,
    message_id: str = "<m1@haldenbikes.test>",
    date: str = "Tue, 24 Nov 2026 08:30:00 +0000",
    html: str = "",
    files: tuple[tuple[str, bytes, str], ...] = (),
    **headers: str,
) -> bytes:
    """A mail, well made. `headers` in Python's spelling: `in_reply_to="<a@b>"`."""
    made = EmailMessage(SMTP)
    made["From"], made["To"], made["Subject"], made["Date"] = sender, to, subject, date
    if message_id:
        made["Message-ID"] = message_id
    for name, value in headers.items():
        made[name.replace("_", "-").title()] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    for name, content, kind in files:
        main, _, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def bounce(
    recipient: str,
    returned: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    message_id: str = "<b1@mx.test>",
) -> bytes:
    """A delivery report as RFC 3464 has it."""
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@mx.test",
            "To: jody@northwind.test",
            "Subject: Undelivered Mail Returned to Sender",
            f"Message-ID: {message_id}",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="=B"',
            "",
            "--=B",
            "Content-Type: text/plain",
            "",
            "Sorry.",
            "--=B",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.test",
            "",
            f"Final-Recipient: rfc822; {recipient}",
            f"Action: {action}",
            f"Status: {status}",
            "Diagnostic-Code: smtp; 550 5.1.1 no such person here",
            "",
            "--=B",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {returned}",
            "Subject: Hello",
            "",
            "--=B--",
            "",
        ]
    ).encode()


def bomb() -> bytes:
    """An archive of a few kilobytes that unfolds to 60 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b"\0" * 60_000_000)
    return packed.getvalue()


def archive_of(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def png(width: int, height: int) -> bytes:
    """The head of a picture of this size."""
    return (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x06" + b"\0" * 50
    )


def nested(depth: int) -> bytes:
    """Multiparts within multiparts."""
    head = b"From: maya@haldenbikes.test\r\nMessage-ID: <deep@x>\r\nSubject: deep\r\n"
    body = b""
    for level in range(depth):
        head_of_part = b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (level, level)
        body += head_of_part
    return head + body + b"Content-Type: text/plain\r\n\r\nhi\r\n"


#: Mail that mail programs choke on. None of it may raise.
HOSTILE: dict[str, Any] = {
    "empty": b"",
    "only newlines": b"\r\n\r\n\r\n",
    "binary": bytes(range(256)) * 20,
    "no colon": b"From maya\nhello",
    "bad charset": b"From: a@b.test\r\nSubject: =?nonsense?B?4pyT?= =?utf-8?Q?=E2=9C?=\r\n"
    b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfehello",
    "zip as charset": b"From: a@b.test\r\nContent-Type: text/plain; charset=zip\r\n\r\nx",
    "punycode as charset": b"From: a@b.test\r\nContent-Type: text/plain; charset=punycode\r\n\r\n"
    + b"a-" * 5000,
    "bad base64": b"From: a@b.test\r\nContent-Transfer-Encoding: base64\r\n\r\n====!!!!",
    "bad uuencode": b"From: a@b.test\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 6 a\nZ#\n",
    "bad date": b"From: a@b.test\r\nDate: Mon, 99 Foo 99999 99:99:99 +9999\r\n\r\nx",
    "far date": b"From: a@b.test\r\nDate: Fri, 31 Dec 9999 23:59:59 -1200\r\n\r\nx",
    "huge header": b"From: a@b.test\r\nSubject: " + b"a" * 300_000 + b"\r\n\r\nx",
    "many addresses": b"From: a@b.test\r\nTo: " + b"a@b.test, " * 20_000 + b"\r\n\r\nx",
    "many references": b"From: a@b.test\r\nReferences: " + b"<a@b> " * 20_000 + b"\r\n\r\nx",
    "nul": b"From: a@b.test\r\nSubject: a\0b\r\n\r\na\0b\0",
    "two froms": b"From: a@b.test\r\nFrom: c@d.test\r\n\r\nx",
    "address tricks": b'From: "maya@haldenbikes.test" <evil@x.test>, ((((((((\r\n\r\nx',
    "boundary missing": b"From: a@b.test\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhello",
    "boundary odd": b'From: a@b.test\r\nContent-Type: multipart/mixed; boundary="\xff\xfe"\r\n\r\n--\xff\r\n',
    "deep": nested(150),
    "deeper": nested(3000),
    "parameters": b"From: a@b.test\r\nContent-Type: text/plain; name*0*=a'b; name*1*=%ZZ; name*x=1\r\n\r\nx",
    "file name": b"From: a@b.test\r\nContent-Disposition: attachment; filename*=bogus''%FF%FE\r\n\r\nx",
    "html bomb": b"From: a@b.test\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 90_000,
    "html nonsense": b"From: a@b.test\r\nContent-Type: text/html\r\n\r\n<![if<!DOCTYPE[<!--<a href='//x",
    "report": b"From: mailer-daemon@x.test\r\nContent-Type: message/delivery-status\r\n\r\nAction:\r\nx",
    "rfc822": b"From: a@b.test\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nQ",
    "latin": "From: Zoë <zoe@b.test>\r\nSubject: café\r\n\r\ncafé".encode("latin-1"),
}

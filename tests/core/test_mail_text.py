"""What is written into a mail, read back by the standard library: right people only, nothing forged."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.core.mail_text import Attachment, Draft, Unsendable, address_of, bare, compose, one_line

DRAFT = Draft(
    sender="Jody Marsh <jody@agency.test>",
    recipient="pam@dunder.test",
    subject="Hello",
    text="The report is ready.",
    message_id="<1@agency.test>",
    date=dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC),
)
HEADERS = [
    "auto-submitted",
    "cc",
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "reply-to",
    "subject",
    "to",
]
ANY = st.text(st.characters(codec=None), max_size=80)
LONG = st.text(st.characters(codec=None), max_size=300)


def read(written: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(written, policy=email.policy.default))


def addresses(mail: EmailMessage, header: str) -> list[str]:
    return [address.addr_spec for address in cast(Any, mail[header]).addresses]


def part(mail: EmailMessage, kind: str) -> EmailMessage:
    return next(cast(EmailMessage, part) for part in mail.walk() if part.get_content_type() == kind)


@settings(max_examples=150, deadline=None)
@given(name=ANY, copied=ANY, answering=ANY, subject=LONG, text=ANY)
def test_any_words_reach_the_right_people_only(
    name: str, copied: str, answering: str, subject: str, text: str
) -> None:
    written = compose(
        replace(
            DRAFT,
            sender=f"{name} <jody@agency.test>",
            recipient=f"{copied} <pam@dunder.test>",
            copies=[f"{name} <jim@dunder.test>", f"{answering} <ola@dunder.test>"],
            reply_to=f"{answering} <answers@agency.test>",
            subject=subject,
            text=text,
        )
    )
    assert written.isascii()
    assert max(len(line) for line in written.split(b"\r\n")) <= 998
    assert b"\n" not in written.replace(b"\r\n", b"")
    mail = read(written)
    assert addresses(mail, "From") == ["jody@agency.test"]
    assert addresses(mail, "To") == ["pam@dunder.test"]
    assert addresses(mail, "Cc") == ["jim@dunder.test", "ola@dunder.test"]
    assert addresses(mail, "Reply-To") == ["answers@agency.test"]
    assert sorted(header.lower() for header in mail) == HEADERS
    assert one_line(str(mail["Subject"])).replace(" ", "") == one_line(subject).replace(" ", "")


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Ångström",
        "Marsh, Jody",
        'Jody "JJ" Marsh',
        "李小龍",
        "a@b.test, c@d.test",
        "x <y@z.test>",
        "🦉 " * 9,
    ],
)
def test_a_name_comes_back_as_it_was(name: str) -> None:
    mail = read(compose(replace(DRAFT, sender=f"{name} <jody@agency.test>")))
    assert cast(Any, mail["From"]).addresses[0].display_name.split() == name.split()
    assert addresses(mail, "From") == ["jody@agency.test"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "pam",
        "pam at dunder",
        "pam@dunder.test\nBcc: eve@evil.test",
        "pam@dunder.test, eve@evil.test",
        "<pam@dunder.test> <>",
        "zoë@dunder.test",
        '"pam beesly"@dunder.test',
        "pam@",
    ],
)
def test_what_is_no_address_is_not_written(address: str) -> None:
    with pytest.raises(Unsendable, match="no e-mail address"):
        compose(replace(DRAFT, recipient=address))


def test_a_domain_of_any_script_is_written_in_its_mail_form() -> None:
    assert bare("Zoë <zoe@bücher.test>") == "zoe@xn--bcher-kva.test"
    assert address_of('"Marsh, Jody" <jody@agency.test>').display_name == "Marsh, Jody"


def test_all_the_parts_are_there() -> None:
    invitation = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n"
    written = compose(
        replace(
            DRAFT,
            html="<p>The report is ready.</p>",
            in_reply_to="<0@dunder.test>",
            references=["<00@dunder.test>", "forged\r\nBcc: eve@evil.test", "<0@dunder.test>"],
            attachments=[Attachment("Bericht März.pdf", b"%PDF-1.7 \x00\xff", "application/pdf")],
            calendar=invitation,
            calendar_method="REQUEST",
            unsubscribe="https://agency.test/stop/abc/",
            automatic=False,
        )
    )
    mail = read(written)
    assert mail["In-Reply-To"] == "<0@dunder.test>"
    assert mail["References"] == "<00@dunder.test> <0@dunder.test>"
    assert mail["List-Unsubscribe"] == "<https://agency.test/stop/abc/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Auto-Submitted" not in mail and "Bcc" not in mail
    alternatives = part(mail, "multipart/alternative")
    kinds = [each.get_content_type() for each in alternatives.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    calendar = part(mail, "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_payload(decode=True) == invitation.encode()
    pdf = next(iter(mail.iter_attachments()))
    assert (pdf.get_filename(), pdf.get_content()) == ("Bericht März.pdf", b"%PDF-1.7 \x00\xff")


def test_a_mail_that_no_server_takes_is_not_written() -> None:
    with pytest.raises(Unsendable, match="servers take 25 MB"):
        compose(replace(DRAFT, attachments=[Attachment("film.mp4", bytes(26_000_000), "video/mp4")]))


def test_a_long_text_is_written_in_no_time() -> None:
    body = "No line ends here. " * 500_000
    mail = read(compose(replace(DRAFT, text=body)))
    assert part(mail, "text/plain").get_content().rstrip() == body.rstrip()

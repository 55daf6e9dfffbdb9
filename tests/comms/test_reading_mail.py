"""Reading what strangers send: nothing raises, nothing dangerous is left, what people wrote is found."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.comms.mail.receiving.attached import objection, safe_name, sort_out
from steadyhand.comms.mail.receiving.hypertext import as_text, clean
from steadyhand.comms.mail.receiving.letter import LARGEST, Part, Unreadable, read
from steadyhand.comms.mail.receiving.quoting import fresh
from tests.comms.mails import HOSTILE, archive_of, bomb, bounce, mail, png


def readable(raw: bytes) -> bool:
    """Read it; whatever comes out can be stored."""
    try:
        letter = read(raw)
    except Unreadable:
        return False
    for text in (
        letter.text,
        letter.html,
        letter.subject,
        letter.sender,
        letter.sender_name,
        letter.message_id,
    ):
        assert "\0" not in text
        text.encode()
    kept, _ = sort_out(letter.parts)
    assert all("/" not in f.name and len(f.name) <= 200 for f in kept)
    assert len(letter.key) == 64 and letter.date.tzinfo is not None
    return True


@pytest.mark.parametrize("name", HOSTILE)
def test_no_mail_is_too_odd(name: str) -> None:
    began = time.process_time()
    readable(HOSTILE[name])
    assert time.process_time() - began < 2, "it costs too much to read"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_crash(raw: bytes) -> None:
    readable(raw)
    readable(b"From: a@b.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + raw)


@settings(max_examples=60, deadline=None)
@given(st.integers(), st.integers(1, 40))
def test_a_damaged_mail_never_crashes(seed: int, damages: int) -> None:
    chance = random.Random(seed)
    raw = bytearray(
        chance.choice(
            [
                mail(html="<p>x</p>", files=(("a.pdf", b"%PDF-1", "application/pdf"),)),
                bounce("maya@haldenbikes.test", "<x@y>"),
            ]
        )
    )
    for _ in range(damages):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    readable(bytes(raw))


def test_what_people_wrote_is_found() -> None:
    letter = read(
        mail(
            sender="=?utf-8?Q?Zo=C3=AB?= <Zoe@Haldenbikes.TEST>",
            to="Jody <jody@northwind.test>, JODY@northwind.test",
            subject="Café ✓",
            html="<p>Here</p>",
            in_reply_to="<a@northwind.test>",
            references="<root@northwind.test> <a@northwind.test>",
        )
    )
    assert (letter.sender, letter.sender_name, letter.subject) == ("zoe@haldenbikes.test", "Zoë", "Café ✓")
    assert letter.to == ["jody@northwind.test"] and letter.text == "Here they are."
    assert letter.ancestors == ["<a@northwind.test>", "<root@northwind.test>"]


def test_the_same_mail_has_the_same_key_even_without_a_message_id() -> None:
    assert read(mail()).key == read(mail(subject="Another subject")).key
    assert (
        read(mail(message_id="")).key
        == read(mail(message_id="")).key
        != read(mail(message_id="", text="x")).key
    )


def test_too_large_is_said_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match="30 MB"):
        read(b"x" * (LARGEST + 1))


HOSTILE_HTML = """<script>alert(1)</script><style>p{}</style><p onclick="x()" style="background:url(https://t.test/a)">
Hello <b>there</b><img src="https://t.test/pixel.gif"><img src="cid:logo"><img src=//t.test/b>
<a href="javascript:x()">one</a> <a href="https://haldenbikes.test/">two</a>
<form action="https://t.test"><input name=p></form><iframe src="https://t.test"></iframe>
<svg><a xlink:href="javascript:x()"/></svg><base href="https://t.test"><meta http-equiv=refresh></p>"""


def test_html_keeps_the_words_and_loses_what_acts_or_fetches() -> None:
    cleaned = clean(HOSTILE_HTML)
    assert cleaned.pictures == 3
    for bad in (
        "script",
        "style",
        "onclick",
        "img",
        "javascript",
        "form",
        "iframe",
        "svg",
        "base",
        "meta",
        "t.test",
    ):
        assert bad not in cleaned.html, bad
    assert '<a href="https://haldenbikes.test/"' in cleaned.html and "<b>there</b>" in cleaned.html
    assert "noreferrer" in cleaned.html
    assert as_text(clean("<p>One</p><p>Two<br>three</p>").html) == "One\nTwo\nthree"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/=\"' abijmgscrptonlkhef:#&;!-", max_size=120))
def test_cleaned_html_is_never_dangerous(text: str) -> None:
    cleaned = clean(text).html.lower()
    assert "<script" not in cleaned and "<img" not in cleaned and "<iframe" not in cleaned


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("report.pdf", b"%PDF-1.7 ...", ""),
        ("notes.txt", b"hello", ""),
        ("book.xlsx", archive_of(a_xml=b"<x/>"), ""),
        ("photo.png", png(4000, 3000), ""),
        ("run.exe", b"hello", "is a program"),
        ("invoice.pdf.js", b"hello", "is a program"),
        ("report.pdf", b"MZ\x90\0", "is a program"),
        ("report.pdf", b"<html>", "is not what its ending .pdf says"),
        ("book.docx", b"PK\x03\x04 nonsense", "is a damaged archive"),
        ("pictures.zip", bomb(), "unfolds to far more than it seems"),
        ("pictures.zip", archive_of(run_exe=b"MZ"), "holds a program"),
        ("photo.png", png(100_000, 100_000), "unfolds to a picture too large to open"),
        ("empty.txt", b"", "is empty"),
    ],
)
def test_which_files_are_kept(name: str, content: bytes, why: str) -> None:
    assert objection(name, content) == why


def test_a_name_is_safe_to_save_by() -> None:
    assert safe_name("..\\..\\etc/passwd") == "passwd"
    assert safe_name("cod\u202efdp.exe") == "codfdp.exe"
    assert safe_name(" . ") == "file"
    kept, left = sort_out([Part("a.txt", b"x", "text/html"), Part("b.exe", b"x", "text/plain")])
    assert kept[0].mime_type == "application/octet-stream" and left[0].why == "is a program"


@pytest.mark.parametrize(
    "quoted",
    [
        "Yes, go ahead.\n\nOn Mon, 23 Nov 2026 at 10:00, Jody Marsh <j@n.test> wrote:\n> Shall we?",
        "Yes, go ahead.\n\nOn Mon, 23 Nov 2026 at 10:00, Jody Marsh\n<j@n.test> wrote:\n> Shall we?",
        "Yes, go ahead.\n\n-----Original Message-----\nFrom: Jody\nShall we?",
        "Yes, go ahead.\n\nFrom: Jody Marsh\nSent: Monday\nTo: Maya\n\nShall we?",
        "Yes, go ahead.\n\nAm 23.11.2026 um 10:00 schrieb Jody Marsh:\n> Sollen wir?",
        "Yes, go ahead.\n> Shall we?\n",
        "Yes, go ahead.",
    ],
)
def test_what_is_new_is_told_from_what_is_quoted(quoted: str) -> None:
    assert fresh(quoted) == "Yes, go ahead."


def test_a_mail_that_only_quotes_is_kept_whole() -> None:
    assert fresh("> Shall we?") == "> Shall we?"

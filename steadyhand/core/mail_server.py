"""How a mail leaves: a conversation with an SMTP server, or a file in a folder where there is none.

Both call `before_end` once the server has every line and lacks only the end mark: until then it cannot
have taken the mail, afterwards only its answer tells. What the caller commits there decides what
may be repeated when this process dies.
"""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
import ssl
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from steadyhand.core import clock
from steadyhand.setting_values import MailServer

PATIENCE = 20.0  # seconds for each answer
CUT_OFF_CODE = 421  # “closing the connection”: the next mail needs another one


class NotTaken(Exception):
    """The server did not take the mail. `final`: it never will. `usable`: the connection may go on."""

    def __init__(self, answer: str, *, final: bool = False, usable: bool = False) -> None:
        self.answer, self.final, self.usable = answer, final, usable
        super().__init__(answer)


class NoAnswer(Exception):
    """Cut off after the end mark: nobody knows whether the server has the mail."""


class Conversation(Protocol):
    """An open way out, good for one mail after another."""

    def hand_over(
        self, sender: str, recipients: Sequence[str], mime: bytes, before_end: Callable[[], None]
    ) -> str:
        """Give one mail away; returns what the server remarked. NotTaken or NoAnswer otherwise."""

    def close(self) -> None:
        """End it; never fails."""


class SmtpConversation:
    """One connection to an SMTP server (RFC 5321), signed in."""

    def __init__(self, server: MailServer, *, patience: float = PATIENCE) -> None:
        """Connect and sign in. NotTaken when that fails; never final, for the mail is not to blame."""
        self._server = server
        self._is_amid_a_mail = False
        with self._told_as_not_taken(may_be_final=False):
            self._smtp = self._connected(patience)
            self._sign_in()

    def hand_over(
        self, sender: str, recipients: Sequence[str], mime: bytes, before_end: Callable[[], None]
    ) -> str:
        """One mail. The first recipient must be taken; a copy that is refused is remarked."""
        smtp, self._is_amid_a_mail = self._smtp, True
        with self._told_as_not_taken():
            size = [f"size={len(mime)}"] if smtp.has_extn("size") else []
            self._expect(smtp.mail(sender, size), 250)
            first, *others = recipients
            self._expect(smtp.rcpt(first), 250, 251)
            remarks = [self._copied(other) for other in others]
            self._expect(smtp.docmd("DATA"), 354)
            smtp.send(stuffed(mime))
        before_end()
        try:
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise NoAnswer(self._hushed(f"{type(error).__name__}: {error}")) from error
        with self._told_as_not_taken():
            self._expect((code, text), 250)
        self._is_amid_a_mail = False
        return " ".join(filter(None, remarks))

    def close(self) -> None:
        """Say goodbye, unless a mail is under way: that would be read as a line of it."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if not self._is_amid_a_mail:
                self._smtp.quit()
        self._smtp.close()

    def _connected(self, patience: float) -> smtplib.SMTP:
        server = self._server
        if server.security == "ssl":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=patience, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=patience)
        assert smtp.sock  # noqa: S101
        # The end mark is a small packet of its own, which must not wait for the one before it.
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if server.security == "tls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        return smtp

    def _sign_in(self) -> None:
        server = self._server
        if server.token:
            answer = f"user={server.user}\x01auth=Bearer {server.token}\x01\x01"
            # A challenge is the server's reason for refusing; an empty line lets it say no.
            self._smtp.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)
        elif server.user:
            self._smtp.login(server.user, server.password)

    def _copied(self, address: str) -> str:
        code, said = self._smtp.rcpt(address)
        if code in {250, 251}:
            return ""
        if code == CUT_OFF_CODE:
            raise smtplib.SMTPResponseException(code, said)
        return self._hushed(f"Not copied to {address}: {code} {text_of(said)}.")

    def _expect(self, answer: tuple[int, bytes], *codes: int) -> None:
        if answer[0] not in codes:
            raise smtplib.SMTPResponseException(*answer)

    @contextlib.contextmanager
    def _told_as_not_taken(self, *, may_be_final: bool = True) -> Iterator[None]:
        """Whatever goes wrong in here, the server has not taken the mail."""
        try:
            yield
        except smtplib.SMTPResponseException as error:
            raise NotTaken(
                self._hushed(f"{error.smtp_code} {text_of(error.smtp_error)}"),
                final=may_be_final and error.smtp_code >= 500,
                usable=error.smtp_code != CUT_OFF_CODE and self._starts_afresh(),
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(self._hushed(f"{type(error).__name__}: {error}")) from error

    def _starts_afresh(self) -> bool:
        """Whether the connection takes another mail after this one was refused."""
        try:
            self._is_amid_a_mail = self._smtp.rset()[0] != 250
        except (AttributeError, OSError, smtplib.SMTPException):
            return False
        return not self._is_amid_a_mail

    def _hushed(self, text: str) -> str:
        """Without the credentials, should a server repeat them."""
        user, password, token = self._server.user, self._server.password, self._server.token
        for secret in filter(None, (password, token)):
            forms = (f"\0{user}\0{secret}", f"user={user}\x01auth=Bearer {secret}\x01\x01", secret)
            for form in forms:
                text = text.replace(base64.b64encode(form.encode()).decode(), "…").replace(form, "…")
        return text


class FolderConversation:
    """Without a mail server each mail becomes an .eml file to open: `20261123-090000-3f2a9c1b.eml`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def hand_over(
        self, sender: str, recipients: Sequence[str], mime: bytes, before_end: Callable[[], None]
    ) -> str:
        """Write it; a reader never sees half of one."""
        name = f"{clock.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}.eml"
        draft = self.folder / f".{name}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(mime)
        except OSError as error:
            raise NotTaken(f"{type(error).__name__}: {error.strerror}") from error
        before_end()
        draft.rename(self.folder / name)
        return ""

    def close(self) -> None:
        """Nothing is open."""


def stuffed(mime: bytes) -> bytes:
    """The text as DATA wants it: no line begins with a bare dot, and the last one ends."""
    text = re.sub(rb"(?m)^\.", b"..", mime)
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def text_of(said: bytes | str) -> str:
    """What a server said, in one line."""
    return " ".join((said.decode(errors="replace") if isinstance(said, bytes) else said).split())

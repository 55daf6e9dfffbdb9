"""An IMAP server, a token endpoint and an SMTP server, each as small as a test needs it."""

from __future__ import annotations

import base64
import json
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass
class Post:
    """A mailbox: its mails by UID, who may open it, and what was asked."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    password: str = "right"
    token: str = "token-1"
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def put(self, raw: bytes) -> int:
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = raw
        return uid


@contextmanager
def imap_server(post: Post) -> Iterator[Post]:
    """IMAP4rev1, as far as a reader goes."""

    class Talk(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("* OK ready")
            while line := self.rfile.readline():
                tag, _, rest = line.decode().strip().partition(" ")
                verb, _, more = rest.partition(" ")
                post.asked.append("LOGIN" if verb == "LOGIN" else rest)
                if verb == "LOGOUT":
                    self.say("* BYE")
                    self.say(f"{tag} OK done")
                    return
                getattr(self, f"do_{verb.lower()}", self.do_other)(tag, more)

        def do_other(self, tag: str, more: str) -> None:
            self.say(f"{tag} OK done")

        def do_capability(self, tag: str, more: str) -> None:
            self.say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
            self.say(f"{tag} OK done")

        def do_login(self, tag: str, more: str) -> None:
            ok = more.endswith(f'"{post.password}"')
            self.say(f"{tag} OK done" if ok else f"{tag} NO [AUTHENTICATIONFAILED] {more}")

        def do_authenticate(self, tag: str, more: str) -> None:
            self.say("+ ")
            given = base64.b64decode(self.rfile.readline().strip()).decode()
            if f"auth=Bearer {post.token}\x01" in given:
                self.say(f"{tag} OK done")
                return
            self.say("+ " + base64.b64encode(b'{"status":"400"}').decode())
            self.rfile.readline()
            self.say(f"{tag} NO AUTHENTICATE failed")

        def do_examine(self, tag: str, more: str) -> None:
            self.say(f"* {len(post.mails)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {post.validity}]")
            self.say(f"* OK [UIDNEXT {max(post.mails, default=0) + 1}]")
            self.say(f"{tag} OK [READ-ONLY]")

        def do_uid(self, tag: str, more: str) -> None:
            if more.startswith("SEARCH"):
                first = re.search(r"UID (\d+):", more)
                found = [uid for uid in post.mails if not first or uid >= int(first[1])]
                # A range to * always holds the last one, as RFC 3501 has it.
                found = found or list(post.mails)[-1:]
                self.say(f"* SEARCH {' '.join(map(str, found))}")
            else:
                uid = int(more.split()[1])
                raw = post.mails.get(uid)
                if raw is not None and "SIZE" in more:
                    self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})")
                elif raw is not None:
                    self.wfile.write(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, len(raw), raw))
            self.say(f"{tag} OK done")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        post.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield post
        finally:
            server.shutdown()


@dataclass
class Desk:
    """A provider's token endpoint: what it answers next, and what it was asked."""

    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


def id_token(address: str) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"email": address}).encode()).rstrip(b"=").decode()
    return f"head.{claims}.sign"


@contextmanager
def token_endpoint(desk: Desk) -> Iterator[Desk]:
    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            desk.asked.append({name: values[0] for name, values in parse_qs(body).items()})
            code, answer = desk.answers.pop(0)
            self.send_response(code)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: Any) -> None:
            """Nothing on the screen."""

    with HTTPServer(("127.0.0.1", 0), Talk) as server:
        desk.url = f"http://127.0.0.1:{server.server_address[1]}/token"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield desk
        finally:
            server.shutdown()


@dataclass
class Sink:
    """Mail an SMTP server took, and by whom it was signed in."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    token: str = "token-1"
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append((envelope.mail_from, envelope.content))
        return "250 taken"

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        given = base64.b64decode(
            args[1] if len(args) > 1 else (await server.challenge_auth("")) or b""
        ).decode()
        ok = f"auth=Bearer {self.token}\x01" in given
        self.signed_in += [given] if ok else []
        return AuthResult(success=ok, auth_data=b"somebody")


@contextmanager
def smtp_server(sink: Sink) -> Iterator[Sink]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        sink.port = free.getsockname()[1]
    controller = Controller(sink, "127.0.0.1", sink.port, auth_require_tls=False, auth_required=True)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()

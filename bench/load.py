"""A small load client: plain sockets kept open, so that what it costs itself is little."""

from __future__ import annotations

import itertools
import socket
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks a server: where it listens, and the header that says who they are."""

    port: int
    header: str = ""

    def request(self, path: str) -> bytes:
        """The whole request, ready to send."""
        lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{self.port}", self.header, "Accept: */*"]
        return ("\r\n".join(filter(None, lines)) + "\r\n\r\n").encode()

    def requests(self, paths: Sequence[str]) -> Iterator[bytes]:
        """These pages in turn, for ever."""
        return itertools.cycle([self.request(path) for path in paths])


@dataclass(frozen=True, slots=True)
class Writer(Caller):
    """Who sends the same body again and again, each time with a key of its own."""

    body: bytes = b"{}"

    def requests(self, paths: Sequence[str]) -> Iterator[bytes]:
        """A POST to each of these in turn, for ever."""
        for path in itertools.cycle(paths):
            lines = [f"POST {path} HTTP/1.1", f"Host: localhost:{self.port}", self.header]
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
            lines += [f"Idempotency-Key: {uuid.uuid4()}", "Accept: */*"]
            yield ("\r\n".join(filter(None, lines)) + "\r\n\r\n").encode() + self.body


class Line:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> int:
        """Ask, read the whole answer; its length in bytes. Anything but 200 and 201 is an error."""
        self.socket.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:end].lower()
        if not head.startswith((b"http/1.1 200", b"http/1.1 201")):
            raise RuntimeError(f"{request.split()[1].decode()} answered {head[:400].decode()}")
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        left = length - (len(got) - end - 4)
        while left > 0:
            left -= len(self._more())
        return length

    def _more(self) -> bytes:
        part = self.socket.recv(1 << 18)
        if not part:
            raise RuntimeError("The server hung up.")
        return part

    def close(self) -> None:
        self.socket.close()


def milliseconds(caller: Caller, paths: Sequence[str], seconds: float) -> float:
    """The p50 of one connection that asks for these pages in turn."""
    line, took = Line(caller.port), []
    requests = caller.requests(paths)
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until or len(took) < 5:
        line.ask(next(requests))
        took.append(time.perf_counter() - began)
    line.close()
    return median(took) * 1000


def a_second(caller: Caller, paths: Sequence[str], seconds: float, connections: int = 8) -> float:
    """How many pages a second `connections` at once are given."""
    counts, failures = [0] * connections, []
    until = time.perf_counter() + seconds

    def ask(number: int) -> None:
        try:
            line = Line(caller.port)
            requests = caller.requests((*paths[number:], *paths[:number]))
            while time.perf_counter() < until:
                line.ask(next(requests))
                counts[number] += 1
            line.close()
        except Exception as error:
            failures.append(error)

    began = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / (time.perf_counter() - began)

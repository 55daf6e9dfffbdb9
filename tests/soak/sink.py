"""A mail server in a process of its own that takes everything and writes down each Message-ID.

    python -m tests.soak.sink LOG [SLOWEST-MS] [SEED]

Prints its port. A mail counts as taken when its Message-ID is in LOG; the answer follows later, after a
delay between 20 ms and SLOWEST-MS that falls partly before and partly after that moment (0: no delay).
"""

from __future__ import annotations

import asyncio
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

QUICKEST = 0.02
MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.M | re.I)
ROOT = Path(__file__).resolve().parents[2]


class Sink:
    """Takes everything, some time after it was asked to."""

    def __init__(self, log: Path, slowest: float, seed: int) -> None:
        self.slowest, self.chance = slowest, random.Random(seed)
        self.log = log.open("ab", buffering=0)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        before = after = 0.0
        if self.slowest:
            delay = self.chance.uniform(QUICKEST, self.slowest)
            before = delay * self.chance.random()
            after = delay - before
        await asyncio.sleep(before)
        found = MESSAGE_ID.search(envelope.content)
        self.log.write((found[1] if found else b"?") + b"\n")
        await asyncio.sleep(after)
        return "250 taken"


async def serve(log: Path, slowest: float, seed: int) -> None:
    sink = Sink(log, slowest, seed)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, enable_SMTPUTF8=False), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def sink(log: Path, slowest_ms: int = 0, seed: int = 0) -> Iterator[int]:
    """A running one; gives its port."""
    command = [sys.executable, "-m", "tests.soak.sink", str(log), str(slowest_ms), str(seed)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def taken(log: Path) -> Counter[str]:
    """How often each Message-ID was taken."""
    return Counter(log.read_text().split()) if log.exists() else Counter()


if __name__ == "__main__":
    asyncio.run(
        serve(Path(sys.argv[1]), int((sys.argv[2:3] or ["0"])[0]) / 1000, int((sys.argv[3:4] or ["0"])[0]))
    )

"""Journeys: a real server, started as a person starts it, and a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests import browser as chromium
from tests import cast

ROOT = Path(__file__).resolve().parents[2]

#: How long anything may take on a busy machine, in milliseconds.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Server:
    """A running installation of its own: its address, data folder, and what its start said."""

    address: str
    environ: dict[str, str]
    said: str
    sessions: dict[str, str] = field(default_factory=dict)

    @property
    def signin_link(self) -> str:
        """The one-time link that the start printed."""
        return re.search(r"http\S+/sign-in/\S+", self.said)[0]

    def command(self, *arguments: str) -> str:
        """A command's answer, on the same data."""
        done = subprocess.run(
            command_line(*arguments), env=self.environ, capture_output=True, text=True, check=True
        )
        return done.stdout

    def let_in(self, page: Page, name: str) -> None:
        """Sign somebody of Northwind in, by first name, and show them Today."""
        page.context.add_cookies(
            [{"name": "sessionid", "value": self.sessions[name], "url": self.address, "sameSite": "Lax"}]
        )
        page.goto(self.address)


def command_line(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "steadyhand.cli", *arguments]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def environment(data: Path, **settings: str) -> dict[str, str]:
    """What a server of its own is started with."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("STEADYHAND_", "DJANGO_"))}
    own = {"STEADYHAND_DATA": str(data), "STEADYHAND_PORT": str(free_port()), "PYTHONPATH": str(ROOT)}
    return environ | own | settings


@contextmanager
def running(data: Path, *arguments: str, **settings: str) -> Iterator[Server]:
    """`run` until the block ends; its Ctrl-C must be clean."""
    environ = environment(data, **settings)
    log = data.with_suffix(".log")
    with log.open("w") as file:
        process = subprocess.Popen(
            command_line("run", *arguments), env=environ, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + 90
        while "Ctrl-C ends it." not in log.read_text():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield Server(f"http://localhost:{environ['STEADYHAND_PORT']}", environ, log.read_text())
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(30)
    assert code == 0, log.read_text()
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def northwind(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AbstractContextManager[Server]]:
    """Starts servers on Northwind's book, each on a copy of its own, clocks stopped where the cast's is."""
    still = {"STEADYHAND_TEST": "1", "STEADYHAND_CLOCK": f"{cast.NOW:%Y-%m-%dT%H:%M:%SZ}"}
    original = tmp_path_factory.mktemp("northwind") / "data"
    environ = environment(original, **still, DJANGO_SETTINGS_MODULE="steadyhand.settings")
    seeding = [sys.executable, "-m", "tests.journeys.northwind"]
    built = subprocess.run(seeding, env=environ, stdout=subprocess.PIPE, text=True, check=True)

    @contextmanager
    def start() -> Iterator[Server]:
        data = tmp_path_factory.mktemp("northwind") / "data"
        shutil.copytree(original, data)
        with running(data, "--empty", **still) as server:
            yield replace(server, sessions=json.loads(built.stdout))

    return start


@pytest.fixture(scope="module")
def server(northwind: Callable[[], AbstractContextManager[Server]]) -> Iterator[Server]:
    """Northwind, for one journey."""
    with northwind() as started:
        yield started


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory) -> Iterator[Server]:
    """An installation nobody has set up yet."""
    with running(tmp_path_factory.mktemp("empty") / "data", "--empty") as server:
        yield server


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """The browser, for the whole run."""
    program = chromium.find()
    assert program, "Chromium is missing: bin/test browser installs it."
    quiet = [
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=quiet)
        yield browser
        browser.close()


def _is_complaint(message: ConsoleMessage) -> bool:
    # A refused form answers 422, which the browser remarks on; an icon it asks for by itself (of /healthz).
    is_refusal = "status of 422" in message.text
    return message.type == "error" and not is_refusal and not message.location["url"].endswith("/favicon.ico")


@pytest.fixture
def page(chrome) -> Iterator[Page]:
    """A fresh page; what the browser complained about (errors, blocked styles or scripts) fails the test."""
    context = chrome.new_context(locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: _is_complaint(message) and complaints.append(message.text))
    yield page
    context.close()
    assert not complaints, complaints

"""Journeys: a real server, started as a person starts it, and a real browser."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests import browser as chromium

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Server:
    """A running installation of its own: its address, data folder, and what its start said."""

    address: str
    environ: dict[str, str]
    said: str

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


def command_line(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "steadyhand.cli", *arguments]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def running(data: Path, *arguments: str, **settings: str) -> Iterator[Server]:
    """`run` until the block ends; its Ctrl-C must be clean."""
    port = free_port()
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("STEADYHAND_", "DJANGO_"))}
    environ |= {
        "STEADYHAND_DATA": str(data),
        "STEADYHAND_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        **settings,
    }
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
        yield Server(f"http://localhost:{port}", environ, log.read_text())
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(30)
    assert code == 0, log.read_text()
    assert "Traceback" not in log.read_text(), log.read_text()


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
    # A browser asks for this one by itself where a page (as /healthz) names no icon.
    return message.type == "error" and not message.location["url"].endswith("/favicon.ico")


@pytest.fixture
def page(chrome) -> Iterator[Page]:
    """A fresh page; what the browser complained about (errors, blocked styles or scripts) fails the test."""
    context = chrome.new_context(locale="en-GB", timezone_id="Europe/London")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: _is_complaint(message) and complaints.append(message.text))
    yield page
    context.close()
    assert not complaints, complaints

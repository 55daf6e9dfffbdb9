"""What a client opens on a phone, in the eyes of Lighthouse: fast, and usable by everybody (95 of 100)."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import browser as chromium
from tests.journeys.conftest import (  # noqa: F401  # fixtures
    Server,
    chrome,
    northwind,
    page,
    server,
)
from tests.journeys.test_approval import asked_for, link
from tests.journeys.test_onboarding_form import sent_to_ola
from tests.packages import program

pytestmark = pytest.mark.soak

ROOT = Path(__file__).resolve().parents[2]
RELEASE = "12.8.2"
FLAGS = "--headless --no-sandbox --disable-quic --disable-background-networking --disable-component-update"
ENOUGH = 95


@pytest.fixture(scope="module")
def lighthouse() -> str:
    """The program, from the npm registry, kept in build/."""
    folder = ROOT / "build" / f"lighthouse-{RELEASE}"
    found = folder / "node_modules" / ".bin" / "lighthouse"
    if not found.exists():
        folder.mkdir(parents=True, exist_ok=True)
        quiet = ["--no-fund", "--no-audit", "--silent", "--prefix", str(folder)]
        subprocess.run([program("npm", "npm"), "install", *quiet, f"lighthouse@{RELEASE}"], check=True)
    return str(found)


def a_form(server: Server, page: Page) -> str:  # noqa: F811
    return sent_to_ola(server, page)


def an_approval(server: Server, page: Page) -> str:  # noqa: F811
    return link(server, asked_for(server, page))


@pytest.mark.parametrize("prepare", [a_form, an_approval])
def test_it_is_fast_and_usable_by_everybody(
    server: Server,  # noqa: F811
    page: Page,  # noqa: F811
    lighthouse: str,
    prepare: Callable[[Server, Page], str],
) -> None:
    address = prepare(server, page)
    command = [lighthouse, address, "--output=json", "--quiet", f"--chrome-flags={FLAGS}"]
    environ = os.environ | {"CHROME_PATH": chromium.find() or ""}
    asked = [*command, "--only-categories=performance,accessibility"]
    said = json.loads(subprocess.run(asked, env=environ, stdout=subprocess.PIPE, check=True).stdout)
    assert said["finalDisplayedUrl"].startswith(f"{server.address}/portal/")
    scores = {name: round(100 * kind["score"]) for name, kind in said["categories"].items()}
    print(prepare.__name__, scores)
    assert min(scores.values()) >= ENOUGH, scores

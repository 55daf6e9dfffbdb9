"""The Chromium that the journeys drive: found on the path, else installed. Its absence is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import packages

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ("chromium", "fonts-liberation")


def find() -> str | None:
    """The browser's program, or None."""
    if named := os.environ.get("STEADYHAND_CHROMIUM"):
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str | None:
    """Install it with apt, else let Playwright fetch its own; where it then is."""
    packages.install(*PACKAGES)
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"])
    return find()


if __name__ == "__main__":
    place = find() or install()
    if place is None:
        sys.exit(
            "Chromium is needed for the journeys, and could neither be found nor installed. "
            "Install it, or name it:  STEADYHAND_CHROMIUM=/path/to/chromium bin/test browser"
        )
    print(place)

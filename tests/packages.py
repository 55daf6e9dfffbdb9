"""Programs of the distribution that tests ask: found, else installed. Their absence is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess


def install(*packages: str) -> None:
    """Install them with apt, where there is one; without a word unless it fails."""
    if not shutil.which("apt-get"):
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run([*root, "apt-get", "update", "-qq"], **quiet)
    subprocess.run([*root, "apt-get", "install", "-qq", "--no-install-recommends", *packages], **quiet)


def program(name: str, package: str) -> str:
    """Where a program is; installed from its package first if need be."""
    if shutil.which(name) is None:
        install(package)
    found = shutil.which(name)
    assert found, f"{name} is needed, and could neither be found nor installed: install {package}."
    return found

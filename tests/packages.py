"""Programs of the distribution and packages of PyPI that tests ask: found, else installed. Their absence is a
failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from pathlib import Path


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


def python_with(requirements: Path, folder: Path) -> str:
    """The Python of an environment in `folder` with what a pinned file asks for; made where need be."""
    python, ready = folder / "bin" / "python", folder / "ready"
    wanted = requirements.read_text()
    if not ready.exists() or ready.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(requirements)], check=True)
        ready.write_text(wanted)
    return str(python)

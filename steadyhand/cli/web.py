"""`web`: the web pages alone, for a set-up where something else keeps processes alive."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from typing import NoReturn

from steadyhand.cli.run import steadyhand
from steadyhand.config import Config

EXAMPLES = """\
  steadyhand web
  STEADYHAND_WEB_WORKERS=4 DATABASE_URL=postgresql://… steadyhand web"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `web`."""
    parser.add_argument("--prepared", action="store_true", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Prepare, then become the web server; returns only when preparing failed."""
    config = Config.read()
    prepare = steadyhand("prepare")
    if not options.prepared and (code := subprocess.run(prepare, stdout=subprocess.DEVNULL).returncode):
        return code
    return _become_server(config)


def _become_server(config: Config) -> NoReturn:
    os.environ["DJANGO_SETTINGS_MODULE"] = "steadyhand.settings"
    server = [sys.executable, "-P", "-m", "granian", "steadyhand.wsgi:application"]
    flags = {
        "interface": "wsgi",
        "http": "1",
        "host": config.bind,
        "port": config.port,
        "workers": config.web_workers,
        "blocking-threads": config.web_threads,
        "workers-kill-timeout": 5,
        "log-level": "warning",
    }
    switches = ["--no-ws", "--respawn-failed-workers"]
    sys.stdout.flush()
    os.execv(sys.executable, [*server, *(f"--{name}={value}" for name, value in flags.items()), *switches])

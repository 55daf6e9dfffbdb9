"""Children are restarted later and later while they fail, and none is left at the end."""

from __future__ import annotations

import sys
import time

import psutil

from steadyhand.cli.supervisor import FIRST_PAUSE, Child

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def wait_for_end(child):
    child.process.wait(10)


def test_a_dead_child_is_started_again_after_a_pause_that_doubles(capsys):
    child = Child("The worker", [sys.executable, "-c", "raise SystemExit(3)"])
    child.start()
    wait_for_end(child)
    child.watch()
    assert child.process is None
    assert "The worker ended with code 3. Starting it again in 0.5 s." in capsys.readouterr().err
    child.watch()
    assert child.process is None, "too early"
    child.start_at = 0
    child.watch()
    wait_for_end(child)
    child.watch()
    assert child.pause == 4 * FIRST_PAUSE


def test_what_a_dead_child_had_started_dies_with_it(tmp_path):
    note = tmp_path / "pid"
    script = (
        "import pathlib, subprocess, sys; "
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        f"pathlib.Path({str(note)!r}).write_text(str(p.pid))"
    )
    child = Child("The web server", [sys.executable, "-c", script])
    child.start()
    wait_for_end(child)
    grandchild = int(note.read_text())
    assert is_running(grandchild)
    child.watch()
    assert_gone(grandchild)


def test_stop_and_kill_leave_nothing():
    child = Child("The worker", SLEEPER)
    child.start()
    child.stop()
    child.process.wait(10)
    child.kill()
    assert_gone(child.process.pid)


def is_running(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def assert_gone(pid):
    deadline = time.monotonic() + 5
    while is_running(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.02)

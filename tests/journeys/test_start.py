"""Starting: the start says where it is, answers, refuses nothing twice, and ends cleanly."""

from __future__ import annotations

import json
import subprocess
import urllib.request

from tests.journeys.conftest import command_line


def test_the_pages_answer_and_background_work_runs(empty_server, page):
    response = page.goto(f"{empty_server.address}/healthz")
    assert response.status == 200
    assert "default-src 'none'" in response.headers["content-security-policy"]
    with urllib.request.urlopen(f"{empty_server.address}/readyz") as answer:
        facts = json.load(answer)
    assert facts["ready"] and facts["migrated"]


def test_a_second_start_on_the_same_data_points_to_the_first(empty_server):
    done = subprocess.run(
        command_line("run"), env=empty_server.environ, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 0
    assert f"already running: {empty_server.address}" in done.stdout


def test_another_start_on_the_same_port_says_so(empty_server, tmp_path):
    environ = empty_server.environ | {"STEADYHAND_DATA": str(tmp_path)}
    done = subprocess.run(command_line("run"), env=environ, capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert "is taken by another program" in done.stderr


def test_the_start_says_where_and_that_mail_is_kept(empty_server):
    assert f"ready: {empty_server.address}" in empty_server.said
    assert "mail is written to" in empty_server.said
    assert f"Set up your agency:\n  {empty_server.address}/welcome/?key=" in empty_server.said

"""Real calendar programs read what we send: khal imports invitations, vdirsyncer keeps our feeds in step.

The programs come from the package index into a folder of their own (build/calendars), because they pin
libraries that we pin otherwise.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest
import time_machine

from steadyhand.commitments import keeping
from steadyhand.commitments.feed_file import client_feed, member_feed
from steadyhand.commitments.models import Commitment
from steadyhand.comms.meetings.inviting import send_invitations
from steadyhand.comms.meetings.planning import cancel_meeting, change_meeting, move_meeting, plan_meeting
from steadyhand.core.models import OutboxMessage
from tests.cast import NOW, Cast, build

pytestmark = [pytest.mark.soak, pytest.mark.django_db]

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "build" / "calendars"
DAY = dt.date(2026, 12, 15)


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of khal and vdirsyncer."""
    bin_ = PROGRAMS / "bin"
    if not (bin_ / "khal").exists():
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, PROGRAMS], check=True)
        wanted = ["khal==0.14.1", "vdirsyncer==0.21.0"]
        subprocess.run([uv, "pip", "install", "-q", "--python", bin_ / "python", *wanted], check=True)
    return bin_


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield build()


def calendar_parts() -> list[bytes]:
    """The calendar part of every mail in the outbox, oldest first."""
    found = []
    for mime in OutboxMessage.objects.order_by("pk").values_list("mime", flat=True):
        message = email.message_from_bytes(bytes(mime), policy=email.policy.default)
        parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        found += [part.get_content().encode() for part in parts[:1]]
    return found


def test_khal_takes_invitations_over_create_three_edits_a_move_and_a_cancel(
    world: Cast, programs: Path, tmp_path: Path
) -> None:
    by = world.jody.actor
    maya = world.halden.contacts.get(name="Maya Lind")
    meeting = plan_meeting(
        world.halden, "Spring plan", by=by, day=DAY, time=dt.time(10), led_by=world.jody, contacts=[maya]
    )
    send_invitations(meeting, by=by)
    for place in ("Room 1", "Raum für Gäste", "https://meet.example/spring?a=1,b;c"):
        change_meeting(meeting, by=by, place=place)
    move_meeting(meeting, by=by, day=DAY + dt.timedelta(days=1), time=dt.time(15, 30))
    cancel_meeting(meeting, by=by, reason="They are travelling.")
    sent = calendar_parts()
    assert len(sent) >= 3
    config = tmp_path / "khal.conf"
    config.write_text(
        f"[calendars]\n[[ours]]\npath = {tmp_path}/khal\n[default]\ndefault_calendar = ours\n"
        "[locale]\nlocal_timezone = Europe/London\ndefault_timezone = Europe/London\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n"
    )
    (tmp_path / "khal").mkdir()
    for number, body in enumerate(sent):
        file = tmp_path / f"{number}.ics"
        file.write_bytes(body)
        shown = run(programs / "khal", "-c", config, "printics", file)
        assert "Spring plan" in shown
        run(programs / "khal", "-c", config, "import", "--batch", file)
    uids = {str(icalendar.Calendar.from_ical(body).walk("VEVENT")[0]["UID"]) for body in sent}
    assert len(uids) == 1


def test_vdirsyncer_keeps_our_feeds_in_step(world: Cast, programs: Path, tmp_path: Path) -> None:
    served = tmp_path / "served"
    served.mkdir()
    with serving(served) as port:
        (tmp_path / "config").write_text(
            f'[general]\nstatus_path = "{tmp_path}/status"\n'
            '[pair feeds]\na = "ours"\nb = "local"\ncollections = null\nconflict_resolution = "a wins"\n'
            f'[storage ours]\ntype = "http"\nurl = "http://127.0.0.1:{port}/feed.ics"\n'
            f'[storage local]\ntype = "filesystem"\npath = "{tmp_path}/local"\nfileext = ".ics"\n'
        )
        row = Commitment.objects.filter(client=world.halden, rule="call", state="open").order_by("due_at")[0]
        steps = [
            lambda: None,
            lambda: keeping.move(row, row.due_on + dt.timedelta(days=1), by=world.jody.actor),
            lambda: keeping.move(row, row.due_on + dt.timedelta(days=2), by=world.jody.actor),
            lambda: keeping.hand_over(row, world.sam, by=world.keiran.actor),
            lambda: keeping.waive(row, by=world.keiran.actor, reason="They are travelling."),
        ]
        for step in steps:
            step()
            for made in (
                member_feed(world.jody, base_url="http://localhost:8000"),
                client_feed(world.halden),
            ):
                (served / "feed.ics").write_bytes(made.body)
                run(programs / "vdirsyncer", "-c", tmp_path / "config", "discover", input="y\n")
                run(programs / "vdirsyncer", "-c", tmp_path / "config", "sync", "--force-delete")
                kept = [file.read_bytes() for file in (tmp_path / "local").glob("*.ics")]
                # vdirsyncer names what it fetches anew, so what an event says is compared, not its UID.
                assert sorted(told for body in kept for told in said(body)) == sorted(said(made.body))


def said(calendar: bytes) -> list[tuple[str, str, str, str]]:
    """What each event of a calendar says: summary, start, state and sequence."""
    return [
        tuple(str(event[name].to_ical() if name == "DTSTART" else event.get(name)) for name in NAMES)  # type: ignore[misc]
        for event in icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    ]


NAMES = ("SUMMARY", "DTSTART", "STATUS", "SEQUENCE")


class serving:
    """A folder over HTTP, until the block ends."""

    def __init__(self, folder: Path) -> None:
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> int:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return int(self.server.server_address[1])

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()


def run(*command: object, input: str = "") -> str:
    done = subprocess.run([str(part) for part in command], input=input, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

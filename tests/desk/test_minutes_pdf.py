"""Minutes as a PDF: tagged, in any language, with nothing internal."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest
import time_machine

from steadyhand.comms import actions
from steadyhand.comms.meetings import minutes
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.core.refusals import Refusal
from steadyhand.core.typesetting import as_pdf
from steadyhand.desk.minutes_pdf import PAPER, contents, minutes_pdf
from tests.cast import NOW, build


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_the_paper_holds_what_was_agreed_and_nothing_internal() -> None:
    cast = build(planned=False)
    meeting = plan_meeting(
        cast.halden,
        "Rückblick #1 *groß* $x$ 四半期レビュー",
        by=cast.jody.actor,
        day=dt.date(2026, 12, 15),
        time=dt.time(10),
        led_by=cast.jody,
        contacts=[cast.halden.contacts.first()],  # type: ignore[list-item]
        agenda_key="quarterly-review",
    )
    minutes.write_minutes(meeting, "Leads: +20%.\n\n#panic() _x_", by=cast.jody.actor)
    minutes.write_minutes(meeting, "They may leave.", by=cast.jody.actor, internal=True)
    minutes.decide(meeting, "More video", by=cast.jody.actor)
    actions.add_action(meeting, "Deck", by=cast.jody.actor, owner=cast.sam, due_on=dt.date(2026, 12, 18))
    actions.add_action(meeting, "Raise the price", by=cast.jody.actor, internal=True)
    said = contents(meeting)
    assert said["actions"] == [{"text": "Deck", "who": "Sam Okafor", "by": "18 December"}]
    assert "leave" not in str(said)
    assert "price" not in str(said)
    written = minutes_pdf(meeting)
    assert written.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in written
    assert b"/MarkInfo" in written


def test_what_cannot_be_set_is_refused_in_a_sentence(tmp_path) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text('#panic("no")')
    with pytest.raises(Refusal, match="could not be set"):
        as_pdf(broken, {})


def test_what_sets_and_seals_is_never_in_our_own_processes() -> None:
    asked = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; import django; django.setup();"
        "import sys, steadyhand.urls, steadyhand.desk.minutes_pdf;"
        "from steadyhand.core.duties import all_duties; all_duties();"
        "assert not {'typst', 'pyhanko', 'pyhanko_certvalidator'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert PAPER.exists()

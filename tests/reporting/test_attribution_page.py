"""The page of a client's paths: figures, rules and doubts; two files come in; who may see it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from steadyhand.cli import attribution as command
from steadyhand.clients.models import Client
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution import asking, importing
from steadyhand.reporting.attribution.reading import Choice, paths_page
from steadyhand.reporting.models import JourneyImport
from tests.cast import NOW, SYSTEM, Cast, build, user_of

pytestmark = pytest.mark.django_db

TOUCHES = """user,time,channel
1,2026-11-01 10:00:00,Email
1,2026-11-03 10:00:00,Organic Search
1,2026-11-04 10:00:00,Direct
2,2026-11-04 10:00:00,Organic Search
2,2026-11-04 11:00:00,Organic Search
3,2026-11-05 10:00:00,Organic Search
"""
SALES = "user,time,value\n1,2026-11-05 10:00:00,1200\n2,2026-11-05 10:00:00,300\n4,2026-11-06 10:00:00,50\n"


@pytest.fixture
def cast() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


def browser(cast: Cast) -> Browser:
    visitor = Browser()
    visitor.force_login(user_of(cast.jody))
    return visitor


def brought_in(client: Client, folder: Path) -> JourneyImport:
    touches, sales = folder / "t.csv", folder / "c.csv"
    touches.write_text(TOUCHES)
    sales.write_text(SALES)
    return importing.import_tables(client, touches, sales, by=SYSTEM)


def text_of(answer) -> str:  # type: ignore[no-untyped-def]
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_empty_page_says_what_goes_here_and_takes_two_files(cast: Cast) -> None:
    visitor = browser(cast)
    assert "Nothing is known yet of how people come to convert" in text_of(
        visitor.get("/clients/halden-bikes/paths/")
    )
    files = {
        "touchpoints": SimpleUploadedFile("touches.csv", TOUCHES.encode()),
        "conversions": SimpleUploadedFile("sales.csv", SALES.encode()),
    }
    answer = visitor.post("/clients/halden-bikes/paths/imports/", files, follow=True)
    said = text_of(answer)
    assert "6 touches and 3 conversions are in." in said
    assert "3 conversions, 2 of them with a path; 1 path led to none." in said
    assert "every touch in the 30 days before the conversion" in said
    assert "counts half as much every 7 days" in said
    assert "2 conversions are few" in said
    assert "touches.csv, sales.csv" in said
    assert "1 conversions have no touch within the look-back" in said
    page = answer.content.decode()
    assert "£1,200" in page and "Organic Search ×2" in page


def test_a_file_that_is_none_is_refused_on_the_page(cast: Cast) -> None:
    files = {
        "touchpoints": SimpleUploadedFile("touches.csv", b"who,when\n1,2\n"),
        "conversions": SimpleUploadedFile("sales.csv", SALES.encode()),
    }
    answer = browser(cast).post("/clients/halden-bikes/paths/imports/", files)
    assert answer.status_code == 422
    assert "touches.csv has no column “user”; it has who, when." in text_of(answer)
    assert not JourneyImport.objects.exists()


def test_files_that_are_too_large_for_the_page_come_in_by_the_command(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("steadyhand.web.uploads.MAX_BYTES", 50)
    files = {
        "touchpoints": SimpleUploadedFile("touches.csv", TOUCHES.encode()),
        "conversions": SimpleUploadedFile("sales.csv", b"user,time,value"),
    }
    answer = browser(cast).post("/clients/halden-bikes/paths/imports/", files)
    assert answer.status_code == 422
    assert "touches.csv is larger than" in text_of(answer)
    assert "steadyhand attribution --client halden-bikes --touchpoints FILE" in text_of(answer)
    assert not JourneyImport.objects.exists()
    touches, sales = tmp_path / "t.csv", tmp_path / "c.csv"
    touches.write_text(TOUCHES)
    sales.write_text(SALES)
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    both = ["--touchpoints", str(touches), "--conversions", str(sales)]
    command.run(parser.parse_args(["--client", "halden-bikes", *both]))
    said = capsys.readouterr()
    assert "6 touches and 3 conversions are in." in said.err and "3 conversions, 1 without" in said.out
    assert JourneyImport.objects.get().touches == 6
    with pytest.raises(Refusal, match="not clear what to read"):
        command.run(parser.parse_args(both[:2]))


def test_what_the_address_asks_is_what_is_shown(cast: Cast, tmp_path: Path) -> None:
    brought_in(cast.halden, tmp_path)
    visitor = browser(cast)
    url = "/clients/halden-bikes/paths/"
    said = text_of(visitor.get(f"{url}?start=2026-11-05&end=2026-11-05&lookback=1.5&by=value"))
    assert "2 conversions, 2 of them with a path; 2 paths led to none." in said
    assert "Value by model" in said
    wrong = visitor.get(f"{url}?start=2026-11-05&end=2026-11-04")
    assert wrong.status_code == 422 and "The last day is before the first." in text_of(wrong)
    assert visitor.get(f"{url}?lookback=never").status_code == 422


def test_the_second_look_starts_no_process(cast: Cast, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    taken = brought_in(cast.halden, tmp_path)
    first = paths_page(cast.halden)
    monkeypatch.setattr(asking, "run_child", lambda *_, **__: pytest.fail("asked again"))
    assert paths_page(cast.halden) == first
    assert first is not None and first.origin.taken == taken and isinstance(first.choice, Choice)
    assert sum(cells[0].amount for _, cells in first.rows) == first.with_path == 2


def test_whoever_does_not_see_the_client_sees_no_paths(cast: Cast, tmp_path: Path) -> None:
    brought_in(cast.halden, tmp_path)
    assert JourneyImport.objects.visible_to(cast.jody.actor).count() == 1
    stranger = Browser()
    assert stranger.get("/clients/halden-bikes/paths/").status_code == 302
    assert browser(cast).get("/clients/nobody/paths/").status_code == 404

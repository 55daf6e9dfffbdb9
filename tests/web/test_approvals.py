"""Approvals on staff pages: prepared, asked for, changed, scheduled; what clients say is read there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.comms.models import Message, Notification
from steadyhand.delivery.approvals.asking import ask_for_approval
from steadyhand.delivery.approvals.commenting import comment as remark
from steadyhand.delivery.approvals.deciding import decide
from steadyhand.delivery.models import Bundle, Comment, Piece, PieceVersion, Posting, Verdict
from tests import cast
from tests.cast import SYSTEM, Cast, user_of
from tests.delivery.approving import actor_of, at, copied, pictured, png

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(settings: Any, tmp_path: Any) -> Iterator[Cast]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def jody(northwind: Cast) -> Browser:
    browser = Browser()
    browser.force_login(user_of(northwind.jody))
    return browser


@pytest.fixture
def bundle(northwind: Cast) -> Bundle:
    made = copied(northwind.halden, "Monday", by=northwind.jody.actor, owner=northwind.jody)
    maya = northwind.halden.contacts.get(name="Maya Lind")
    return ask_for_approval(made, [[maya]], by=northwind.jody.actor)


def newest(bundle: Bundle, title: str = "Monday") -> PieceVersion:
    return PieceVersion.objects.filter(piece__bundle=bundle, piece__title=title).order_by("-number")[0]


def test_from_nothing_to_asked(northwind: Cast, jody: Browser) -> None:
    sent = {"client": "Halden Bikes", "title": "Christmas", "due_on": "2026-12-01", "is_social": "on"}
    refused = jody.post("/approvals/new/", {**sent, "mode": "none"})
    assert refused.status_code == 422 and "at least one approval" in refused.content.decode()
    jody.post("/approvals/new/", {**sent, "mode": "one", "note": "Look at the hats."})
    bundle = Bundle.objects.get()
    assert bundle.owner == northwind.jody
    here = bundle.get_absolute_url()
    empty = jody.post(f"{here}pieces/", {"title": "Hat", "kind": "picture"})
    assert empty.status_code == 422 and not Piece.objects.exists()
    wrong = {"title": "Hat", "kind": "video", "file": SimpleUploadedFile("hat.mp4", png())}
    assert jody.post(f"{here}pieces/", wrong).status_code == 422 and not Piece.objects.exists()
    jody.post(
        f"{here}pieces/", {"title": "Hat", "kind": "picture", "file": SimpleUploadedFile("hat.png", png())}
    )
    assert newest(bundle, "Hat").made_by == northwind.jody
    maya = northwind.halden.contacts.get(name="Maya Lind")
    nobody = jody.post(f"{here}request/", {"due_on": "2026-12-01"})
    assert nobody.status_code == 422 and "Choose who decides" in nobody.content.decode()
    jody.post(f"{here}request/", {"due_on": "2026-12-01", f"contact-{maya.pk}": "1"})
    mail = Message.objects.get()
    assert mail.state == "queued" and "Look at the hats." in mail.text
    said = jody.get("/approvals/").content.decode()
    assert "Christmas" in said and "waiting since" in said
    assert "the client sees it" in jody.get(here).content.decode()


def test_it_is_scheduled_once_they_said_yes(northwind: Cast, jody: Browser, bundle: Bundle) -> None:
    here, piece = bundle.get_absolute_url(), newest(bundle).piece
    path = f"{here}pieces/{piece.pk}/posting/"
    refused = jody.post(path, {"at": "2026-12-07T10:00"})
    assert refused.status_code == 422 and "not approved yet" in refused.content.decode()
    assert 'value="2026-12-07T10:00"' not in refused.content.decode() and not Posting.objects.exists()
    decide(newest(bundle), Verdict.APPROVED, by=actor_of(northwind.halden.contacts.get(name="Maya Lind")))
    assert {note.member for note in Notification.objects.filter(event__verb="approval.decided")} >= {
        northwind.jody
    }
    jody.post(path, {"at": "2026-12-07T10:00"})
    assert Posting.objects.get().at == at("2026-12-07")
    assert "Goes out" in jody.get(here).content.decode()
    jody.post(f"{path}removal/")
    assert not Posting.objects.filter(ended_at=None).exists()
    assert jody.get(f"/pieces/{piece.pk}/").headers["Location"] == f"{here}#piece-{piece.pk}"


def test_changes_are_put_in_and_versions_stand_side_by_side(
    northwind: Cast, jody: Browser, bundle: Bundle
) -> None:
    here, piece = bundle.get_absolute_url(), newest(bundle).piece
    maya = actor_of(northwind.halden.contacts.get(name="Maya Lind"))
    decide(newest(bundle), Verdict.WITH_CHANGES, by=maya, words="Say bicycle.")
    assert "Put in the changes" in jody.get(here).content.decode()
    form = jody.get(f"{here}pieces/{piece.pk}/versions/?agreed").content.decode()
    assert "Monday: ride on." in form, "one writes on from what is there"
    jody.post(f"{here}pieces/{piece.pk}/versions/?agreed", {"text": "Monday: bicycle."})
    said = jody.get(here).content.decode()
    assert "Beside version 1" in said and "the changes are put in" in said and "Schedule it" in said


def test_our_comments_stay_with_us_unless_shared(jody: Browser, bundle: Bundle) -> None:
    path = f"{bundle.get_absolute_url()}versions/{newest(bundle).pk}/comments/"
    jody.post(path, {"text": "They hate blue."})
    jody.post(path, {"text": "Is the date right?", "shared": "on"})
    assert [(one.text, one.shared) for one in Comment.objects.all()] == [
        ("They hate blue.", False),
        ("Is the date right?", True),
    ]
    assert 'tag">internal' in jody.get(bundle.get_absolute_url()).content.decode()


def test_who_does_not_look_after_them_sees_nothing(northwind: Cast, bundle: Bundle) -> None:
    other = copied(northwind.lumen)
    pictured(other)
    sams = copied(northwind.orbit)
    pictured(sams)
    browser = Browser()
    browser.force_login(user_of(northwind.sam))
    assert browser.get(other.get_absolute_url()).status_code == 200
    for path in (
        sams.get_absolute_url(),
        f"{sams.get_absolute_url()}versions/{newest(sams, 'Header').pk}/file/",
        f"{other.get_absolute_url()}versions/{newest(sams, 'Header').pk}/file/",
        f"/pieces/{newest(sams).piece_id}/",
        "/approvals/?client=orbit-dental",
    ):
        assert browser.get(path).status_code == 404, path
    file = browser.get(f"{other.get_absolute_url()}versions/{newest(other, 'Header').pk}/file/")
    assert b"".join(file.streaming_content) == png()  # type: ignore[attr-defined]


def test_more_of_it_takes_no_more_queries(northwind: Cast, jody: Browser, bundle: Bundle) -> None:
    def counted(path: str) -> int:
        jody.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert jody.get(path).status_code == 200
        return len(queries)

    paths = (
        "/approvals/",
        "/approvals/?part=all&client=halden-bikes",
        bundle.get_absolute_url(),
        "/api/approvals",
    )
    few = [counted(path) for path in paths]
    maya = northwind.halden.contacts.get(name="Maya Lind")
    for _ in range(3):
        ask_for_approval(copied(northwind.halden, "One", "Two", owner=northwind.jody), [[maya]], by=SYSTEM)
    for _ in range(3):
        pictured(bundle, "More")
        remark(newest(bundle), "More.", by=actor_of(maya))
    assert [counted(path) for path in paths] == few


def test_the_list_says_how_long_we_waited(northwind: Cast, jody: Browser, bundle: Bundle) -> None:
    with time_machine.travel(at("2026-12-03"), tick=False):
        said = jody.get("/approvals/?client=halden-bikes").content.decode()
        assert "7 working days" in said and "late, was due" in said
        jody.post(f"{bundle.get_absolute_url()}reminders/")
        assert "has not left yet" in jody.get(bundle.get_absolute_url()).content.decode()
        jody.post(f"{bundle.get_absolute_url()}asking-again/", {"due_on": "2026-12-08"})
        jody.post(f"{bundle.get_absolute_url()}withdrawal/", {"reason": "The fair is off."})
        said = jody.get(bundle.get_absolute_url()).content.decode()
        assert "The fair is off." in said and "Remind them" not in said

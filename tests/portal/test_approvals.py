"""Approvals on the client's own page: without an account, without JavaScript, and only theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Contact
from steadyhand.comms.models import Message
from steadyhand.delivery.approvals.asking import ask_for_approval
from steadyhand.delivery.approvals.commenting import comment
from steadyhand.delivery.approvals.preparing import (
    Upload,
    add_piece,
    add_version,
    upload_version,
    withdraw_bundle,
)
from steadyhand.delivery.models import Bundle, Comment, Decision, Mode, PieceKind, PieceVersion
from tests import cast
from tests.cast import SYSTEM, Cast
from tests.delivery.approving import copied, pictured, png, webm

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(settings: Any, tmp_path: Any) -> Iterator[Cast]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def maya(northwind: Cast) -> Contact:
    return northwind.halden.contacts.get(name="Maya Lind")


@pytest.fixture
def bundle(northwind: Cast, maya: Contact) -> Bundle:
    made = copied(northwind.halden, "Monday", by=northwind.jody.actor, owner=northwind.jody)
    pictured(made)
    return ask_for_approval(made, [[maya]], by=northwind.jody.actor)


def visiting(contact: Contact, bundle: Bundle) -> Browser:
    """Somebody's browser, after their link."""
    browser = Browser()
    _, path = issue_link(contact, "approval", bundle.pk, by=SYSTEM)
    answer = browser.get(path)
    assert answer.headers["Location"] == f"/portal/approvals/{bundle.pk}/"
    return browser


def newest(bundle: Bundle, title: str = "Monday") -> PieceVersion:
    return PieceVersion.objects.filter(piece__bundle=bundle, piece__title=title).order_by("-number")[0]


def page(bundle: Bundle) -> str:
    return f"/portal/approvals/{bundle.pk}/"


def test_one_screen_says_what_until_when_and_takes_the_answer(bundle: Bundle, maya: Contact) -> None:
    answer = visiting(maya, bundle).get(page(bundle))
    said = answer.content.decode()
    assert "December posts" in said and "Tuesday 1 December" in said
    assert "Monday: ride on." in said and f"/files/{newest(bundle, 'Header').pk}/" in said
    assert "Approve all 2" in said and "version 1" in said
    assert len(answer.content) < 40_000


def test_a_link_opens_its_bundle_and_no_other(northwind: Cast, bundle: Bundle, maya: Contact) -> None:
    other = ask_for_approval(copied(northwind.halden), [[maya]], by=SYSTEM)
    browser = visiting(maya, bundle)
    assert browser.get(page(other)).status_code == 404
    assert Browser().get(page(bundle)).status_code == 404
    stranger = book.add_contact(northwind.orbit, "Priya Nair", by=SYSTEM, email="priya@orbit.test")
    theirs = visiting(stranger, bundle)
    picture = newest(bundle, "Header")
    for path in (page(bundle), f"{page(bundle)}files/{picture.pk}/"):
        assert theirs.get(path).status_code == 404
    assert (
        theirs.post(f"{page(bundle)}decisions/", {"version": picture.pk, "verdict": "approved"}).status_code
        == 404
    )
    assert not Decision.objects.exists()


def test_media_are_for_those_who_see_the_bundle(northwind: Cast, bundle: Bundle, maya: Contact) -> None:
    film = add_piece(bundle, "Film", PieceKind.VIDEO, by=SYSTEM)
    upload_version(film, Upload("film.webm", webm()), by=SYSTEM)
    browser = visiting(maya, bundle)
    answer = browser.get(f"{page(bundle)}files/{newest(bundle, 'Header').pk}/")
    assert b"".join(answer.streaming_content) == png()
    assert answer.headers["Content-Type"] == "image/png"
    part = browser.get(f"{page(bundle)}files/{newest(bundle, 'Film').pk}/", headers={"Range": "bytes=0-3"})
    assert part.status_code == 206 and b"".join(part.streaming_content) == webm()[:4]
    assert browser.get(f"{page(bundle)}files/{newest(bundle).pk}/").status_code == 404, "copy is no file"
    elsewhere = copied(northwind.halden, "Secret")
    hidden = pictured(elsewhere)
    assert browser.get(f"{page(bundle)}files/{newest(elsewhere, hidden.title).pk}/").status_code == 404
    withdraw_bundle(bundle, by=SYSTEM, reason="Off.")
    assert browser.get(f"{page(bundle)}files/{newest(bundle, 'Header').pk}/").status_code == 404


def test_deciding_needs_no_script(bundle: Bundle, maya: Contact) -> None:
    browser = visiting(maya, bundle)
    version = newest(bundle)
    answer = browser.post(
        f"{page(bundle)}decisions/", {"version": version.pk, "verdict": "change_wanted", "words": ""}
    )
    assert answer.status_code == 422 and "Say what is to be changed" in answer.content.decode()
    sent = {"version": version.pk, "verdict": "change_wanted", "words": "Say bicycle."}
    assert browser.post(f"{page(bundle)}decisions/", sent).status_code == 302
    assert browser.post(f"{page(bundle)}decisions/", sent).status_code == 302
    said = Decision.objects.get()
    assert (said.contact, said.words) == (maya, "Say bicycle.")
    assert "Say bicycle." in browser.get(page(bundle)).content.decode()
    browser.post(f"{page(bundle)}decisions/removal/", {"decision": said.pk})
    said.refresh_from_db()
    assert said.undone_at is not None


def test_who_looked_at_an_older_version_reads_that_it_changed(bundle: Bundle, maya: Contact) -> None:
    browser = visiting(maya, bundle)
    seen = newest(bundle)
    add_version(seen.piece, by=SYSTEM, text="Bicycles, on.", note="We say bicycle now.")
    answer = browser.post(
        f"{page(bundle)}decisions/", {"version": seen.pk, "verdict": "with_changes", "words": "A comma."}
    )
    said = answer.content.decode()
    assert answer.status_code == 422 and "version 2 is there now" in said
    assert "A comma." in said, "what was typed is kept"
    assert "What changed: We say bicycle now." in said and "Bicycles, on." in said
    assert "Beside version 1" in said and "Monday: ride on." in said
    all_at_once = browser.post(
        f"{page(bundle)}approval/", {"version": [seen.pk, newest(bundle, "Header").pk]}
    )
    assert all_at_once.status_code == 422 and not Decision.objects.exists()


def test_comments_stand_at_their_place_and_internal_ones_stay_with_us(bundle: Bundle, maya: Contact) -> None:
    version = newest(bundle, "Header")
    comment(version, "They never like blue.", by=SYSTEM)
    browser = visiting(maya, bundle)
    browser.post(
        f"{page(bundle)}comments/", {"version": version.pk, "text": "Move it.", "x": "12.50", "y": "80"}
    )
    browser.post(f"{page(bundle)}comments/", {"version": version.pk, "text": "Fine."})
    said = browser.get(page(bundle)).content.decode()
    assert 'cx="12.50%"' in said and "Move it." in said and "They never like blue." not in said
    for place in ("nan", "x", "101", "1e999"):
        sent = {"version": version.pk, "text": "There.", "x": place, "y": "1"}
        answer = browser.post(f"{page(bundle)}comments/", sent)
        assert answer.status_code == 422 and "There." in answer.content.decode()
    assert Comment.objects.filter(shared=True).count() == 2


def test_handing_it_over_writes_to_the_colleague_at_once(bundle: Bundle, maya: Contact) -> None:
    browser = visiting(maya, bundle)
    refused = browser.post(f"{page(bundle)}handover/", {"name": "Eve", "email": "eve@elsewhere.test"})
    assert refused.status_code == 422 and "outside your organisation" in refused.content.decode()
    assert 'value="eve@elsewhere.test"' in refused.content.decode()
    ola = maya.client.contacts.get(name="Ola Brandt")
    assert browser.post(f"{page(bundle)}handover/", {"to": ola.pk}).status_code == 302
    mail = Message.objects.get(contact=ola)
    assert mail.state == "queued" and mail.to == [ola.email]
    answer = browser.post(f"{page(bundle)}decisions/", {"version": newest(bundle).pk, "verdict": "approved"})
    assert answer.status_code == 422 and "You were not asked" in answer.content.decode()
    assert visiting(ola, bundle).get(page(bundle)).content.decode().count("waits for you") == 2


def test_the_next_level_is_written_to_when_the_first_has_approved(northwind: Cast, maya: Contact) -> None:
    ola = northwind.halden.contacts.get(name="Ola Brandt")
    two = copied(northwind.halden, mode=Mode.SEVERAL, owner=northwind.jody)
    ask_for_approval(two, [[maya], [ola]], by=SYSTEM)
    visiting(maya, two).post(f"{page(two)}approval/", {"version": newest(two).pk})
    assert Message.objects.get(contact=ola).state == "queued"


def test_somebody_signed_in_finds_what_waits_for_them(northwind: Cast, bundle: Bundle, maya: Contact) -> None:
    from steadyhand.people.models import User

    maya.user = User.objects.create_user(maya.email)
    maya.save(update_fields=["user"])
    browser = Browser()
    browser.force_login(maya.user)
    copied(northwind.halden, "Secret")
    said = browser.get("/portal/approvals/").content.decode()
    assert "For your approval" in said and said.count("December posts") == 2, "link and button of one bundle"
    browser.post(f"{page(bundle)}approval/", {"version": [newest(bundle).pk, newest(bundle, "Header").pk]})
    assert "Nothing waits for your approval" in browser.get("/portal/approvals/").content.decode()

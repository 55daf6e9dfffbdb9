"""Flags: raised, listed, agreed about, settled, taken back; and what the client's page keeps in mind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.care.flags import raise_flag
from steadyhand.care.models import Flag
from steadyhand.care.ratings import rate
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.comms.calls.holding import begin_call
from steadyhand.growth.models import Opportunity
from steadyhand.growth.opportunities import note_opportunity
from steadyhand.people.models import Member
from tests.cast import NOW, Cast, build, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield build()


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(user_of(member))
    return browser


def test_raised_agreed_settled_and_open_again(cast: Cast) -> None:
    jody = browser_of(cast.jody)
    assert "None is open" in jody.get("/flags/").content.decode()
    jody.post("/flags/new/", {"client": "halden-bikes", "text": "Sign-off takes too long"})
    flag = Flag.objects.get()
    agreed = {"text": "Ring Ola", "owner": cast.sam.pk, "due_on": "2026-11-27"}
    jody.post(f"/flags/{flag.pk}/actions/", agreed)
    action = Commitment.objects.get(about_type="care.flag", about_id=flag.pk)
    assert (action.title, action.owner, action.internal, action.kind) == (
        "Ring Ola",
        cast.sam,
        True,
        Kind.ACTION,
    )
    assert "1 action open" in jody.get("/flags/?of=mine").content.decode()
    assert "Ring Ola" in jody.get(f"/flags/{flag.pk}/").content.decode()
    assert jody.post(f"/flags/{flag.pk}/settlement/", {"how": ""}).status_code == 422
    jody.post(f"/flags/{flag.pk}/settlement/", {"how": "Ola signs now."})
    assert "Ola signs now." in jody.get("/flags/?state=closed").content.decode()
    jody.post(f"/flags/{flag.pk}/reopening/")
    jody.post(f"/flags/{flag.pk}/withdrawal/")
    flag.refresh_from_db()
    assert flag.settled_at is None and flag.withdrawn_at is not None


def test_nobody_sees_the_flags_of_clients_they_do_not_see(cast: Cast) -> None:
    flag = raise_flag(cast.orbit, "Secret worry", by=cast.jody.actor)
    sam = browser_of(cast.sam)
    assert "Secret worry" not in sam.get("/flags/").content.decode()
    assert sam.get(f"/flags/{flag.pk}/").status_code == 404


def test_the_clients_page_keeps_it_in_mind(cast: Cast) -> None:
    raise_flag(cast.halden, "Sign-off takes too long", by=cast.jody.actor)
    one = note_opportunity(cast.halden, "A shop in Leeds", by=cast.jody.actor)
    rate(cast.halden, {"results": 2, "strategy": 5}, by=cast.jody.actor)
    begin_call(cast.halden, by=cast.sam.actor, member=cast.sam)
    jody = browser_of(cast.jody)
    page = jody.get("/clients/halden-bikes/").content.decode()
    for said in ("Sign-off takes too long", "A shop in Leeds", "How they rate us", "held by Sam Okafor"):
        assert said in page
    jody.post(f"/opportunities/{one.pk}/dropping/")
    assert Opportunity.objects.get().dropped_at is not None


def test_a_call_is_started_from_its_row(cast: Cast) -> None:
    page = browser_of(cast.jody).get("/?tab=week").content.decode()
    assert 'action="/calls/"' in page and "Start call" in page

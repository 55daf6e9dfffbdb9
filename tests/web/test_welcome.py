"""The first-run wizard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser

from steadyhand.core import agency
from steadyhand.core.models import Agency, Event, OutboxMessage
from steadyhand.core.refusals import Refusal
from steadyhand.people import setting_up
from steadyhand.people.models import Member, User
from steadyhand.people.roles import Role
from steadyhand.playbook.models import Version
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db
ABOUT = {
    "name": "Northwind",
    "currency": "EUR",
    "country": "DE",
    "zone": "Europe/Berlin",
    "working_days": ["0", "1", "2", "3", "4"],
}
YOU = {"name": "Ada King", "email": "Ada@northwind.test", "password": "nineteen purple boats"}
ROWS = {"with-TOTAL_FORMS": "4", "with-INITIAL_FORMS": "0"}
COLLEAGUES = ROWS | {
    "with-0-name": "Tom Hart",
    "with-0-email": "tom@northwind.test",
    "with-0-role": Role.HEAD,
    "with-2-email": "ida@northwind.test",
    "with-2-role": Role.EXECUTIVE,
}


def text(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def until_people(browser: Browser, **about: Any) -> None:
    assert browser.post("/welcome/", ABOUT | about)["Location"] == "/welcome/playbook/"
    assert browser.post("/welcome/playbook/", {"playbook": "concierge"})["Location"] == "/welcome/people/"


def test_every_page_leads_to_the_wizard(client: Browser) -> None:
    for path in ("/account/", "/team/people/", "/settings/", "/account/login/", "/welcome/next/"):
        assert client.get(path)["Location"] == "/welcome/", path
    page = text(client.get("/welcome/"))
    assert "Tell us about your agency" in page
    assert "<script" not in page.split("<main")[1]


def test_the_whole_way_in(client: Browser) -> None:
    until_people(client)
    assert not Agency.objects.exists(), "nothing is saved before the last step"
    answer = client.post("/welcome/people/", YOU | COLLEAGUES)
    assert answer["Location"] == "/welcome/next/"
    founded = Agency.get()
    assert (founded.name, founded.currency, founded.zone) == ("Northwind", "EUR", "Europe/Berlin")
    live = Version.live()
    assert live is not None
    assert (live.playbook.name, live.policy.currency) == ("concierge", "EUR")
    people = {m.email: (m.name, m.role, m.state) for m in Member.objects.all()}
    assert people == {
        "ada@northwind.test": ("Ada King", Role.ADMINISTRATOR, "active"),
        "tom@northwind.test": ("Tom Hart", Role.HEAD, "not_invited"),
        "ida@northwind.test": ("Ida", Role.EXECUTIVE, "not_invited"),
    }
    assert "You are in, Ada King" in text(client.get("/welcome/next/"))
    assert User.objects.get().check_password(YOU["password"])
    assert not OutboxMessage.objects.exists()


def test_once_set_up_it_is_gone(client: Browser) -> None:
    until_people(client)
    client.post("/welcome/people/", YOU | ROWS)
    for browser in (client, Browser()):
        for path in ("/welcome/", "/welcome/playbook/", "/welcome/people/"):
            assert browser.get(path)["Location"] == "/"
            assert browser.post(path, YOU | ROWS)["Location"] == "/"
    assert Member.objects.count() == 1
    with pytest.raises(Refusal, match="set up already"):
        setting_up.set_up({}, "framework", setting_up.Person("x@y.test"), None, by=SYSTEM)


def test_reloading_and_going_back_are_harmless(client: Browser) -> None:
    until_people(client)
    for path in ("/welcome/people/", "/welcome/playbook/", "/welcome/"):
        assert client.get(path).status_code == 200
    assert 'value="Northwind"' in text(client.get("/welcome/"))
    assert re.search(r'value="concierge"[^>]*checked', text(client.get("/welcome/playbook/")))
    assert client.post("/welcome/people/", YOU | ROWS)["Location"] == "/welcome/next/"


def test_steps_come_in_order(client: Browser) -> None:
    assert client.get("/welcome/people/")["Location"] == "/welcome/"
    assert client.get("/welcome/playbook/")["Location"] == "/welcome/"


def test_the_command_lines_agency_is_completed_and_keeps_its_currency(client: Browser) -> None:
    agency.found(by=SYSTEM, name="My agency", currency="GBP")
    assert 'value="My agency"' in text(client.get("/welcome/"))
    until_people(client, currency="USD")
    client.post("/welcome/people/", YOU | ROWS)
    assert (Agency.get().name, Agency.get().currency) == ("Northwind", "GBP")
    assert Event.objects.filter(verb="agency.changed").count() == 1


def test_colleagues_are_invited_if_asked(client: Browser) -> None:
    until_people(client)
    client.post("/welcome/people/", YOU | COLLEAGUES | {"invite": "1"})
    mails = dict(OutboxMessage.objects.values_list("recipient", "subject"))
    assert set(mails) == {"tom@northwind.test", "ida@northwind.test"}
    assert mails["tom@northwind.test"] == "Ada King invites you to Northwind"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "not an address"}, "valid email"),
        ({"password": "short"}, "at least 10"),
        ({"with-0-email": "ada@northwind.test"}, "already a member"),
        ({"with-0-email": "ida@northwind.test"}, "in another row already"),
        ({"with-0-email": ""}, "Write their address"),
    ],
)
def test_a_mistake_at_the_end_leaves_nothing_half_written(
    client: Browser, wrong: dict[str, str], sentence: str
) -> None:
    until_people(client)
    answer = client.post("/welcome/people/", YOU | COLLEAGUES | wrong)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Agency.objects.exists()
    assert not Member.objects.exists()
    assert not Version.objects.exists()
    assert client.post("/welcome/people/", YOU | COLLEAGUES).status_code == 302


def test_wrong_answers_stay_on_the_page(client: Browser) -> None:
    assert client.post("/welcome/", ABOUT | {"zone": "Mars/Base"}).status_code == 422
    client.post("/welcome/", ABOUT)
    assert client.post("/welcome/playbook/", {"playbook": "chaos"}).status_code == 422


def test_only_the_machine_itself_or_who_holds_the_link(client: Browser) -> None:
    far: Any = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/welcome/", **far).status_code == 403
    assert client.post("/welcome/", ABOUT, **far).status_code == 403
    proxied: Any = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert client.get("/welcome/", **proxied).status_code == 403
    assert client.get("/welcome/?key=made-up", **far).status_code == 403
    path = setting_up.issue_setup_path(by=SYSTEM)
    assert client.get(path, **far)["Location"] == "/welcome/"
    assert client.get("/welcome/", **far).status_code == 200
    assert Browser().get("/welcome/", **far).status_code == 403
    newer = setting_up.issue_setup_path(by=SYSTEM)
    assert client.get("/welcome/", **far).status_code == 403, "a newer link ends the older one"
    client.get(newer, **far)
    client.post("/welcome/", ABOUT, **far)
    client.post("/welcome/playbook/", {"playbook": "framework"}, **far)
    assert client.post("/welcome/people/", YOU | ROWS, **far).status_code == 302
    with pytest.raises(Refusal, match="is set up"):
        setting_up.issue_setup_path(by=SYSTEM)

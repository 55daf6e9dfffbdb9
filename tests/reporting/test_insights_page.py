"""What the figures say, as staff use it: role, another team, another client; prompts acted on in place."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients.models import Client
from steadyhand.comms.calls.holding import begin_call
from steadyhand.desk.call_brief import call_brief
from steadyhand.desk.call_brief_words import as_data, as_letter
from steadyhand.growth.models import Opportunity
from steadyhand.people.models import Member
from steadyhand.people.tokens import make_token
from steadyhand.playbook.models import Version
from steadyhand.reporting.insights.making import make_for
from steadyhand.reporting.metrics import store
from steadyhand.reporting.metrics.targets import agree_target
from steadyhand.reporting.models import Insight
from tests import cast as casting
from tests.cast import NOW, Cast, user_of
from tests.reporting.reporting_world import measure
from tests.reporting.test_insights import FEWER_SEE

pytestmark = pytest.mark.django_db
HERE = "/clients/halden-bikes/insights/"


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        made = casting.build(planned=False)
        measure(made.halden, FEWER_SEE)
        make_for(made.halden)
        yield made


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(user_of(member))
    return browser


def text_of(page: bytes) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.decode())).split())


def test_the_page_asks_with_its_numbers_and_says_where_they_stand(world: Cast) -> None:
    page = browser_of(world.jody).get(HERE)
    text = text_of(page.content)
    assert "Is your name less known than it was a year ago?" in text
    assert "Search impressions 62,000 −31%" in text and "89,900 in October 2025" in text
    assert "/clients/halden-bikes/figures/?period=2026-10" in page.content.decode()
    assert "What the rules look for" in text and "at least 5,000 search impressions" in text
    assert HERE in browser_of(world.jody).get("/clients/halden-bikes/figures/").content.decode()


def test_it_is_planned_dismissed_and_opened_in_place(world: Cast) -> None:
    row, browser = Insight.objects.get(), browser_of(world.jody)
    address = f"{HERE}{row.pk}/"
    assert browser.post(f"{address}agenda/").headers["Location"] == HERE
    assert "for the next call" in text_of(browser.get(HERE).content)
    brief = "/clients/halden-bikes/call-brief/"
    assert browser.post(f"{address}agenda/removal/", {"next": brief}).headers["Location"] == brief
    refused = browser.post(f"{address}dismissal/", {"reason": " "})
    assert refused.status_code == 422 and "Say why it is not worth saying." in text_of(refused.content)
    browser.post(f"{address}dismissal/", {"reason": "They sold the shop"})
    assert "They sold the shop" in text_of(browser.get(HERE).content)
    late = browser.post(f"{address}agenda/", follow=True)  # from a page that stood open
    assert late.status_code == 200 and "That prompt is dismissed." in text_of(late.content)
    browser.post(f"{address}dismissal/removal/")
    browser.post(f"{address}opportunity/")
    assert Opportunity.objects.get().insight == row


def test_other_teams_other_clients_and_readers(world: Cast) -> None:
    row = Insight.objects.get()
    stranger = browser_of(casting.joined("Hedda Kvist", world.sam.role))  # type: ignore[arg-type]
    assert stranger.get(HERE).status_code == 404
    assert stranger.post(f"{HERE}{row.pk}/agenda/").status_code == 404
    jody = browser_of(world.jody)
    assert jody.post(f"/clients/orbit-dental/insights/{row.pk}/agenda/").status_code == 404
    assert Browser().get(HERE).status_code == 302
    row.refresh_from_db()
    assert row.state == "open"


def test_a_client_without_figures_is_told_where_questions_come_from(world: Cast) -> None:
    text = text_of(browser_of(world.jody).get("/clients/orbit-dental/insights/").content)
    assert (
        "No figures of Orbit Dental have come in." in text and "Nothing in the figures speaks against" in text
    )


def test_programs_read_them(world: Cast) -> None:
    _, secret = make_token(world.jody, "tests", "read", by=world.jody.actor)
    script = Browser(headers={"Authorization": f"Bearer {secret}"})
    (row,) = script.get("/api/clients/halden-bikes/insights").json()
    assert (row["rule"], row["state"], row["numbers"][1]["now"]) == ("brand-awareness", "open", "62,000")
    told = script.get("/api/clients/halden-bikes/signals").json()
    assert told == {"signals": [], "leads": None}
    assert script.get("/api/clients/nobody/signals").status_code == 404


def test_the_brief_shows_the_figures_and_takes_a_prompt_into_the_call(world: Cast) -> None:
    browser, row = browser_of(world.jody), Insight.objects.get()
    brief = "/clients/halden-bikes/call-brief/"
    text = text_of(browser.get(brief).content)
    assert "The figures of October 2026 new since the last call" in text
    assert "Conversions 868 on the month before +32% (good) on the year before +40% (good)" in text
    assert "Of 4 figures, 2 better and 1 worse than in October 2025. Conversions moved most: up 40%." in text
    assert "We advise: Look with them at searches for their own name." in text
    assert "They invest £3,000 a month in SEO. In October 2026 came 868 conversions." in text
    browser.post(f"{HERE}{row.pk}/agenda/", {"next": brief})
    assert "Not on the next call" in text_of(browser.get(brief).content)


def test_it_is_asked_in_the_call_and_not_after_all(world: Cast) -> None:
    browser, row = browser_of(world.jody), Insight.objects.get()
    call = begin_call(world.halden, by=world.jody.actor, member=world.jody)
    page = f"/calls/{call.pk}/"
    assert row.question in text_of(browser.get(page).content)
    assert browser.post(f"{page}insights/", {"insight": row.pk}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.call) == ("used", call)
    assert "Not asked after all" in browser.get(page).content.decode()
    browser.post(f"{page}insights/{row.pk}/removal/")
    row.refresh_from_db()
    assert row.state == "open"
    other = begin_call(world.orbit, by=world.jody.actor, member=world.jody)
    assert browser.post(f"/calls/{other.pk}/insights/", {"insight": row.pk}).status_code == 404


def test_the_mail_and_the_data_of_a_brief_say_the_same(world: Cast) -> None:
    client = Client.objects.select_related("plan").get(pk=world.halden.pk)
    brief = call_brief(client, world.jody.actor, version=Version.live())
    letter = as_letter(brief, "https://steadyhand.test/")[1]
    assert "Conversions: 868, +32% on the month before, +40% on the year before" in letter
    assert letter.count("Is your name less known than it was a year ago?") == 1
    data = as_data(brief)
    assert {row["metric"]: row["value"] for row in data["figures"]["figures"]}["conversions"] == "868"
    assert [row["rule"] for row in data["insights"]] == ["brand-awareness"]


def test_a_brief_with_figures_costs_three_queries_more(world: Cast, django_assert_num_queries: Any) -> None:
    client = Client.objects.select_related("plan").get(pk=world.halden.pk)
    version = Version.live()
    assert version is not None and version.policy
    with django_assert_num_queries(16):
        call_brief(client, world.jody.actor, version=version)


def test_a_missed_target_is_spoken_of_where_no_prompt_advises(world: Cast) -> None:
    Insight.objects.all().delete()
    agree_target(world.halden, "conversions", Decimal(1000), dt.date(2026, 9, 1), by=world.jody.actor)
    client = Client.objects.select_related("plan").get(pk=world.halden.pk)
    figures = call_brief(client, world.jody.actor, version=Version.live()).figures
    assert figures is not None and figures.advice.endswith(
        "Conversions came to 868 in October 2026; the target was 1,000."
    )


def test_a_brief_without_figures_asks_no_child(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(asked: object) -> None:
        raise AssertionError("a child was asked")

    monkeypatch.setattr(store, "_ask", refuse)
    client = Client.objects.select_related("plan").get(pk=world.orbit.pk)
    assert call_brief(client, world.jody.actor, version=Version.live()).figures is None

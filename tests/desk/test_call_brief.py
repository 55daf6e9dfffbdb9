"""The call brief: everything worth knowing, in thirteen queries, mailed once the day before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.care.flags import raise_flag
from steadyhand.clients.discovery import answer_question
from steadyhand.clients.models import Client, DetailKind
from steadyhand.clients.personal import note_detail
from steadyhand.clients.sectors import describe_offer, write_sector_note
from steadyhand.commitments import keeping
from steadyhand.commitments.agreeing import agree_time
from steadyhand.commitments.planning import plan_book
from steadyhand.comms.asking import chasing, finding_out
from steadyhand.comms.interactions import Said, log_interactions
from steadyhand.comms.models import Channel
from steadyhand.core.models import OutboxMessage
from steadyhand.desk.call_brief import CallBrief, call_brief
from steadyhand.desk.call_brief_mail import mail_briefs
from steadyhand.desk.call_brief_words import as_data
from steadyhand.growth.opportunities import note_opportunity
from steadyhand.people.models import Member
from steadyhand.playbook.models import Version
from tests import cast as casting
from tests.cast import NOW, SYSTEM, Cast, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield casting.build()


def brief_of(world: Cast, reader: Member) -> CallBrief:
    client = Client.objects.select_related("plan").get(pk=world.halden.pk)
    return call_brief(client, reader.actor, version=Version.live())


def test_it_gathers_what_each_room_knows(world: Cast) -> None:
    jody, maya = world.jody, world.halden.contacts.get(name="Maya Lind")
    finding_out.find_out(world.halden, "Why did leads dip?", by=jody.actor, owner=jody)
    chasing.ask_client(world.halden, "the lead list", by=jody.actor, owner=jody)
    keeping.promise(world.halden, "Send the deck", by=jody.actor, owner=jody, due_on=NOW.date())
    raise_flag(world.halden, "Ola asked what they pay for", by=jody.actor)
    note_opportunity(world.halden, "A shop in Leeds opens in May", by=jody.actor)
    answer_question(world.halden, "goals-this-year", "Twenty percent more bikes sold", by=jody.actor)
    note_detail(maya, DetailKind.BIRTHDAY, day=3, month=12, by=jody.actor)
    note_detail(
        maya,
        DetailKind.AWAY,
        text="Lisbon",
        from_on=dt.date(2026, 11, 14),
        until_on=dt.date(2026, 11, 21),
        by=jody.actor,
    )
    brief = brief_of(world, jody)
    assert [row.title for row in brief.to_answer] == ["Answer: Why did leads dip?"]
    assert [row.about_type for row in brief.to_ring] == ["comms.chase"]
    assert "Send the deck" in [row.title for row in brief.owed]
    assert [flag.text for flag in brief.flags] == ["Ola asked what they pay for"]
    assert [one.text for one in brief.opportunities] == ["A shop in Leeds opens in May"]
    assert "goals-this-year" not in [question.key for question in brief.unknown]
    assert brief.people[0].soon == ["back since 21 Nov, Lisbon", "birthday 3 Dec"]
    assert brief.value == "They invest £3,000 a month in SEO."
    assert brief.call_time is not None and (brief.call_time.allowed, brief.call_time.used) == (120, 0)
    said = next(one for one in brief.to_say if one.key == "call-time")
    assert "2 hours of call time a month" in said.words and "{{" not in said.words


def test_a_colleague_off_the_team_reads_no_personal_detail(world: Cast) -> None:
    maya = world.halden.contacts.get(name="Maya Lind")
    note_detail(maya, DetailKind.INTEREST, text="Climbs", by=world.jody.actor)
    assert [d.text for d in brief_of(world, world.jody).people[0].details] == ["Climbs"]
    stranger = casting.joined("Hedda Kvist", world.keiran.role)  # type: ignore[arg-type]
    assert brief_of(world, stranger).people[0].details == []


def test_what_happened_begins_after_the_last_call(world: Cast) -> None:
    for days, channel, summary in (
        (9, Channel.EMAIL, "before"),
        (7, Channel.CALL, "call"),
        (2, Channel.NOTE, "after"),
    ):
        at = NOW - dt.timedelta(days=days)
        log_interactions([Said(world.halden, channel, at, summary=summary, minutes=20)], by=SYSTEM)
    brief = brief_of(world, world.jody)
    assert brief.since is not None and brief.since.summary == "call"
    assert [entry.text for entry in brief.happened if entry.kind == "said"] == ["after"]


def test_thirteen_queries_however_long_the_history(world: Cast, django_assert_num_queries) -> None:
    def fill(number: int) -> None:
        said = [
            Said(world.halden, Channel.CALL, NOW - dt.timedelta(hours=n + 1), summary=f"Call {n}", minutes=1)
            for n in range(number)
        ]
        log_interactions(said, by=SYSTEM)

    client = Client.objects.select_related("plan").get(pk=world.halden.pk)
    version = Version.live()
    assert version is not None and version.policy
    for number in (3, 2500):
        fill(number)
        with django_assert_num_queries(13):
            call_brief(client, world.jody.actor, version=version)


def test_a_frustration_meets_a_service_they_do_not_buy(world: Cast) -> None:
    describe_offer(
        "Exhibition stands", what="We build a following around trade shows.", by=world.keiran.actor
    )
    describe_offer("SEO", what="Being found for trade shows.", by=world.keiran.actor)
    answer_question(world.halden, "problems-now", "Trade shows cost us a fortune.", by=world.jody.actor)
    answer_question(world.halden, "goals-this-year", "20% more by the year's end", by=world.jody.actor)
    prompts = brief_of(world, world.jody).prompts
    assert [prompt.service for prompt in prompts] == ["Exhibition stands"]
    assert prompts[0].ask.endswith("?") and "Trade shows cost us a fortune." in prompts[0].ask
    assert any("20% more" in line for line in prompts[0].because)


def test_the_sector_and_our_services_stand_in_it(world: Cast) -> None:
    Client.objects.filter(pk=world.halden.pk).update(industry="Cycling")
    write_sector_note("cycling", "Spring decides the year.", by=world.keiran.actor)
    describe_offer("SEO", what="Being found without paying for each click.", by=world.keiran.actor)
    brief = brief_of(world, world.jody)
    assert brief.sector is not None and brief.sector.text == "Spring decides the year."
    assert [(name, offer.text if offer else "") for name, offer in brief.services] == [
        ("SEO", "Being found without paying for each click.")
    ]


def test_the_data_can_be_written_as_json(world: Cast) -> None:
    data = as_data(brief_of(world, world.jody))
    assert data["client"] == "halden-bikes" and data["call_time"]["left"] == 120
    assert {"happened", "open", "ask", "say", "people", "agenda"} <= set(data)


def test_it_is_mailed_once_the_day_before(world: Cast) -> None:
    engagement = world.halden.engagements.get()
    agree_time(engagement, "call", by=world.jody.actor, weekday=2, time=dt.time(10))
    plan_book()
    OutboxMessage.objects.all().delete()
    mail_briefs()
    assert not OutboxMessage.objects.filter(subject__contains="Halden").exists()
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False):
        mail_briefs()
        mail_briefs()
        mails = OutboxMessage.objects.filter(subject__contains="Halden")
        assert [mail.recipient for mail in mails] == ["jody@northwind.test"]
        assert "Wed 25 Nov 10:00" in mails[0].subject


def test_the_page_shows_it_and_who_may_not_see_the_client_gets_404(world: Cast) -> None:
    browser = Browser()
    browser.force_login(user_of(world.jody))
    page = browser.get("/clients/halden-bikes/call-brief/").content.decode()
    assert "Before you ring Maya Lind" in page and "The call in four parts" in page
    browser.force_login(user_of(world.sam))
    assert browser.get("/clients/orbit-dental/call-brief/").status_code == 404

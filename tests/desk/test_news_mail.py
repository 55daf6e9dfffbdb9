"""What happened is mailed once, at the hour each reader chose, to those it concerns and to nobody else."""

from __future__ import annotations

import datetime as dt
import email
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.care.flags import raise_flag
from steadyhand.clients import team
from steadyhand.clients.models import Assignment
from steadyhand.commitments import keeping
from steadyhand.comms.models import Notification
from steadyhand.core.models import OutboxMessage
from steadyhand.desk.news_mail import mail_news, slot_of
from steadyhand.people import members
from steadyhand.people.models import Member, News
from tests import cast as casting
from tests.cast import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        world = casting.build(planned=False)
        Notification.objects.all().delete()
        Member.objects.update(news=News.NEVER)
        OutboxMessage.objects.all().delete()
        yield world


def reads(member: Member, news: News) -> None:
    members.change_member(member, by=SYSTEM, news=news)


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="news").order_by("pk"))


def test_what_is_handed_to_somebody_is_told_grouped_by_client_and_once(world: Cast) -> None:
    reads(world.sam, News.HOURLY)
    for client, title in (
        (world.lumen, "Send the deck"),
        (world.halden, "Ring Ola"),
        (world.halden, "Check tags"),
    ):
        keeping.promise(client, title, by=world.keiran.actor, owner=world.sam, due_on=NOW.date())
    assert mail_news() == 1 and mail_news() == 0
    (mail,) = mails()
    assert mail.recipient == world.sam.email and mail.subject == "3 things happened"
    assert mail.text.index("Halden Bikes") < mail.text.index("Ring Ola") < mail.text.index("Lumen Legal")
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        assert mail_news() == 0


def test_nobody_is_told_what_they_did_themselves(world: Cast) -> None:
    reads(world.jody, News.NOW)
    keeping.promise(world.halden, "Send the deck", by=world.jody.actor, owner=world.jody, due_on=NOW.date())
    assert not Notification.objects.exists() and mail_news() == 0


def test_a_flag_passes_at_once_whatever_hour_was_chosen(world: Cast) -> None:
    reads(world.keiran, News.WEEKLY)
    Member.objects.filter(pk=world.keiran.pk).update(
        news_until=slot_of(Member.objects.get(pk=world.keiran.pk), NOW)
    )
    keeping.promise(world.halden, "Look at it", by=world.jody.actor, owner=world.keiran, due_on=NOW.date())
    assert mail_news() == 0
    raise_flag(world.halden, "They asked for the notice period", by=world.jody.actor)
    assert mail_news() == 1
    (mail,) = mails()
    assert mail.subject.startswith("Urgent: Flag raised") and "Look at it" not in mail.text
    assert Notification.objects.filter(mailed_at=None).count() == 1


def test_who_never_wants_mail_gets_none_not_even_urgent(world: Cast) -> None:
    raise_flag(world.halden, "They asked for the notice period", by=world.jody.actor)
    assert not Notification.objects.exists() and mail_news() == 0


def test_the_morning_mail_holds_the_day_and_comes_once_in_the_readers_zone(world: Cast) -> None:
    reads(world.sam, News.DAILY)
    members.change_member(world.sam, by=SYSTEM, zone="America/New_York")
    keeping.promise(world.halden, "Ring Ola", by=world.sam.actor, owner=world.sam, due_on=NOW.date())
    assert mail_news() == 0  # four in the morning there
    with time_machine.travel(NOW + dt.timedelta(hours=5), tick=False):
        assert mail_news() == 1 and mail_news() == 0
    (mail,) = mails()
    assert mail.subject == "Your day, Tuesday 24 November" and "Ring Ola" in mail.text


def test_no_morning_mail_on_a_day_that_is_not_worked(world: Cast) -> None:
    reads(world.sam, News.DAILY)
    assert slot_of(Member.objects.get(pk=world.sam.pk), dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)) == ""


def test_old_news_is_let_go(world: Cast) -> None:
    reads(world.sam, News.NOW)
    keeping.promise(world.halden, "Ring Ola", by=world.jody.actor, owner=world.sam, due_on=NOW.date())
    with time_machine.travel(NOW + dt.timedelta(days=9), tick=False):
        assert mail_news() == 0
    assert not Notification.objects.filter(mailed_at=None).exists()


def test_the_link_in_it_only_looks_until_a_post_ends_the_mails(world: Cast) -> None:
    reads(world.sam, News.NOW)
    keeping.promise(world.halden, "Ring Ola", by=world.jody.actor, owner=world.sam, due_on=NOW.date())
    mail_news()
    end = "/news/" + mails()[0].text.rsplit("/news/", 1)[1].split("/")[0] + "/"
    headers = email.message_from_bytes(bytes(mails()[0].mime))
    assert headers["List-Unsubscribe"].strip("<>").endswith(end)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    browser = Browser(enforce_csrf_checks=True)
    for _ in range(3):
        assert browser.head(end).status_code == 200 and browser.get(end).status_code == 200
    assert Member.objects.get(pk=world.sam.pk).news == News.NOW
    assert browser.post(end, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Member.objects.get(pk=world.sam.pk).news == News.NEVER
    assert browser.get("/news/no-such-secret/").status_code == 410


def test_what_one_may_no_longer_see_is_not_told(world: Cast) -> None:
    reads(world.sam, News.NOW)
    keeping.promise(world.halden, "Secret of Halden", by=world.jody.actor, owner=world.sam, due_on=NOW.date())
    place = Assignment.objects.get(client=world.halden, member=world.sam, until=None)
    team.unassign(place, by=SYSTEM)
    mail_news()
    assert all("Secret of Halden" not in mail.text for mail in mails())

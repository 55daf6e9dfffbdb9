"""What happened, mailed: at the hours each person chose, in their own zone, grouped by client.

The daily mail also holds the day: what is overdue and what is promised for today. Urgent news pass at once.
A mail's cause names the person and the hour, so that a second worker, or the same one killed and started
again, posts nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from django.conf import settings
from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.commitments.calendars import working_days
from steadyhand.comms.mail.rendering import as_html
from steadyhand.comms.models import Notification
from steadyhand.comms.notifying import waiting
from steadyhand.core import clock, grants, outbox
from steadyhand.core.models import GrantKind
from steadyhand.desk.event_words import told
from steadyhand.desk.today import Looking, section
from steadyhand.desk.today_parts import Part
from steadyhand.people.models import Member, MemberState, News

KIND = "news"
DUTY = "desk.news"

#: The hour of the reader's own day from which the daily and the weekly mail leave.
HOUR = 8

#: Older than this is no news: it is let go unmailed, as after a demo was loaded or mail stood still.
STALE = dt.timedelta(days=8)

#: How long the link that ends these mails works.
LINK_LASTS = dt.timedelta(days=60)

MOST = 40


def mail_news() -> int:
    """Post what is due; how many mails. Costs two queries where nothing is."""
    now = clock.now()
    Notification.objects.filter(mailed_at=None, made_at__lt=now - STALE).update(mailed_at=now)
    posted = 0
    readers = Member.objects.filter(state=MemberState.ACTIVE).exclude(news=News.NEVER)
    pending = set(Notification.objects.filter(mailed_at=None).values_list("member", flat=True).distinct())
    for member in readers.order_by("pk"):
        hour = slot_of(member, now)
        if hour and hour != member.news_until:
            posted += _mail(member, hour)
        elif member.pk in pending:
            posted += _mail_urgent(member)
    return posted


def slot_of(member: Member, now: dt.datetime) -> str:
    """The hour of theirs that has come, as a text that is new each time; empty before its time."""
    local = now.astimezone(clock.zone_info(member.zone))
    if member.news == News.NOW:
        return f"{local:%Y-%m-%d %H:%M}"
    if member.news == News.HOURLY:
        return f"{local:%Y-%m-%d %H}"
    if local.hour < HOUR or not working_days(None).is_working(local.date()):
        return ""
    year, week, _weekday = local.isocalendar()
    if member.news == News.WEEKLY:
        return f"{year} week {week}"
    return f"{local:%Y-%m-%d}"


@transaction.atomic
def _mail(member: Member, hour: str) -> int:
    """Everything that is waiting for them; with the day, where they chose it daily. One mail or none."""
    taken = Member.objects.filter(pk=member.pk).exclude(news_until=hour).update(news_until=hour)
    if not taken:
        return 0
    news = list(waiting(member)[: MOST + 1])
    today = _day(member) if member.news == News.DAILY else []
    if not news and not today:
        return 0
    subject = f"Your day, {_date(member)}" if today else _counted(len(news))
    return _post(member, subject, [*today, *_told(member, news)], news, f"{KIND} {member.pk} {hour}")


@transaction.atomic
def _mail_urgent(member: Member) -> int:
    news = list(waiting(member, urgent_only=True)[:MOST])
    if not news:
        return 0
    subject = f"Urgent: {_line(news[0])}"
    return _post(member, subject, _told(member, news), news, f"{KIND} {member.pk} urgent {news[-1].pk}")


def _post(member: Member, subject: str, parts: list[str], news: Sequence[Notification], cause: str) -> int:
    _grant, secret = grants.issue(
        GrantKind.NEWS, holder_type="member", holder_id=member.pk, lasts=LINK_LASTS, label=cause
    )
    end = f"{settings.BASE_URL}/news/{secret}/"
    parts.append(f"Choose how often: {settings.BASE_URL}/account/\nNo more of these mails: {end}")
    text = "\n\n".join(parts)
    outbox.post(
        KIND, member.email, subject, text, as_html(subject, text, None), True, unsubscribe=end, cause=cause
    )
    Notification.objects.filter(pk__in=[one.pk for one in news]).update(mailed_at=clock.now())
    return 1


def _day(member: Member) -> list[str]:
    """What is overdue and what is promised for today, as rows say it."""
    looking = Looking(member.actor, member, member.zone)
    parts = []
    for part, title in ((Part.OVERDUE, "Overdue"), (Part.TODAY, "Today")):
        lines = section(looking, part).lines[:15]
        if lines:
            said = [f"- {line.when}: {line.title}{', ' if line.text else ''}{line.text}" for line in lines]
            parts.append("\n".join([title, "", *said]))
    if parts:
        parts.append(f"All of it: {settings.BASE_URL}/")
    return parts


def _told(member: Member, news: Sequence[Notification]) -> list[str]:
    """The news grouped by client; only of clients they may still see."""
    ids = {one.event.client_id for one in news if one.event.client_id}
    seen = {client.pk: client for client in Client.objects.visible_to(member.actor).filter(pk__in=ids)}
    readable = [one for one in news if one.event.client_id is None or one.event.client_id in seen]
    readable.sort(key=lambda one: (seen[one.event.client_id].name if one.event.client_id else "", one.pk))
    parts = []
    for client_id, group in groupby(readable, key=lambda one: one.event.client_id):
        client = seen.get(client_id or 0)
        title = f"{client.name}: {settings.BASE_URL}{client.get_absolute_url()}" if client else "The agency"
        parts.append("\n".join([title, "", *(f"- {_line(one)}" for one in group)]))
    if len(news) > MOST:
        parts.append("And more; Today and the timelines have all of it.")
    return parts


def _line(one: Notification) -> str:
    event = one.event
    lead, text, _note = told(event)
    if event.verb == "interaction.logged":
        lead, text = "Mail from them", str(event.data.get("summary", ""))
    by = f" ({event.actor_name})" if event.actor_kind == "member" else ""
    return f"{lead}: {text}{by}" if text else f"{lead}{by}"


def _date(member: Member) -> str:
    day = clock.today(member.zone)
    return f"{day:%A} {day.day} {day:%B}"


def _counted(number: int) -> str:
    return "One thing happened" if number == 1 else f"{min(number, MOST)} things happened"

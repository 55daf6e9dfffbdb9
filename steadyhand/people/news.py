"""Ending the mails about what happened by a link, without signing in (RFC 8058)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.core import events, grants
from steadyhand.core.actor import Actor
from steadyhand.core.models import GrantKind
from steadyhand.people.models import Member, News


def reader_of(secret: str) -> Member | None:
    """Whose mails the link ends; None where it no longer works. Looking changes nothing."""
    grant = grants.find(GrantKind.NEWS, secret)
    return Member.objects.here().filter(pk=grant.holder_id).first() if grant else None


@transaction.atomic
def end_news(member: Member, *, by: Actor) -> None:
    """No more mails about what happened. Doing it again changes nothing; the account page turns them on."""
    before = member.news
    if Member.objects.filter(pk=member.pk).exclude(news=News.NEVER).update(news=News.NEVER):
        events.record(
            "member.changed",
            by=by,
            subject=member,
            name=member.name,
            changed={"news": [News(before).label, News.NEVER.label]},
        )

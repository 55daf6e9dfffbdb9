"""The five monthly ratings: asked on a call, kept, and followed up where one is low (L2).

Communication, strategy, results, proactivity and partnership, from 1 (poor) to 5 (excellent): their use is
to have dissatisfaction out early, while it can still be put right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.care.models import Rating, RatingSkip
from steadyhand.clients.models import Assignment, Client, Contact, Position
from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Call
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.playbook.content import RatingQuestion
from steadyhand.playbook.models import Version

#: What a follow-up of low ratings is about: the first of them.
ABOUT = "care.rating"

#: Days of service before anybody is asked for the first time.
NOT_BEFORE = 14

#: This score or less is followed up, within so many working days.
LOW, FOLLOW_UP_WITHIN = 2, 2


def rating_questions() -> tuple[RatingQuestion, ...]:
    """The questions of the playbook in force; empty where there is none."""
    version = Version.live()
    return version.policy.content.rating_questions if version else ()


def due_for_rating(client: Client, at: dt.datetime | None = None) -> bool:
    """Whether the next call asks for the ratings: nobody was asked, or skipped it, this calendar month.

    Not in the first two weeks of service. The month is that of the client's zone. Two queries.
    """
    month = _month(client, at)
    day = (at or clock.now()).astimezone(clock.zone_info(client.zone)).date()
    served = client.engagements.running(day).filter(starts_on__lte=day - dt.timedelta(days=NOT_BEFORE))
    if not rating_questions() or not served.exists():
        return False
    asked = Rating.objects.filter(client=client, month=month).values("month")
    skipped = RatingSkip.objects.filter(client=client, month=month).values("month")
    return not asked.union(skipped).exists()


@transaction.atomic
def rate(
    client: Client,
    scores: Mapping[str, int],
    *,
    by: Actor,
    call: Call | None = None,
    contact: Contact | None = None,
    member: Member | None = None,
    comment: str = "",
) -> list[Rating]:
    """What they said this month, by the key of the question; a second answer in the month replaces the first.

    A score of 2 or less promises a follow-up by the client's lead, two working days on.
    """
    client = _locked(client, by)
    _check(client, scores, contact)
    at, month = clock.now(), _month(client)
    RatingSkip.objects.filter(client=client, month=month).delete()
    kept = [
        Rating.objects.update_or_create(
            client=client,
            month=month,
            question=key,
            defaults={
                "score": score,
                "contact": contact,
                "call": call,
                "comment": comment.strip(),
                "asked_by": member,
                "at": at,
            },
        )[0]
        for key, score in scores.items()
    ]
    batch = uuid4()
    _follow_up(client, kept, by, member, batch)
    events.record(
        "ratings.given",
        by=by,
        client_id=client.pk,
        subject=kept[0],
        batch=batch,
        month=month,
        scores={row.question: row.score for row in kept},
        contact=contact.name if contact else "",
    )
    return kept


@transaction.atomic
def skip_ratings(client: Client, reason: str, *, by: Actor, call: Call | None = None) -> RatingSkip:
    """They are not asked this month, for a reason that stays readable."""
    client, month = _locked(client, by), _month(client)
    if not reason.strip():
        raise Refusal("Say why they are not asked.", remedy="A few words are enough.", field="reason")
    if Rating.objects.filter(client=client, month=month).exists():
        raise Refusal(f"They have been asked in {month:%B} already.")
    skip, _ = RatingSkip.objects.update_or_create(
        client=client,
        month=month,
        defaults={"reason": reason.strip()[:300], "call": call, "by_name": by.name, "at": clock.now()},
    )
    events.record(
        "ratings.skipped", by=by, client_id=client.pk, subject=skip, month=month, reason=skip.reason
    )
    return skip


@transaction.atomic
def take_back_ratings(client: Client, *, by: Actor) -> None:
    """This month's ratings, or that they were skipped, were written down by mistake: they are due again."""
    client, month = _locked(client, by), _month(client)
    given = Rating.objects.filter(client=client, month=month)
    batch = uuid4()
    for row in _followed_up(given.values_list("pk", flat=True)):
        if keeping.is_as_promised(row):
            keeping.unpromise(row, by=by, batch=batch)
    rated, _ = given.delete()
    skipped, _ = RatingSkip.objects.filter(client=client, month=month).delete()
    if rated or skipped:
        events.record(
            "ratings.taken_back", by=by, client_id=client.pk, subject=client, batch=batch, month=month
        )


def _check(client: Client, scores: Mapping[str, int], contact: Contact | None) -> None:
    known = {question.key: question.label for question in rating_questions()}
    if not scores:
        raise Refusal("Choose a number for at least one question.", remedy="1 is poor, 5 is excellent.")
    for key, score in scores.items():
        if key not in known:
            raise Refusal(f"“{key}” is not one of the playbook’s ratings.", remedy="Load the page again.")
        if not 1 <= score <= 5:
            raise Refusal(
                f"{known[key]} is rated from 1 to 5, not {score}.",
                remedy="1 is poor, 5 is excellent.",
                field=key,
            )
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(f"{contact.name} is not at {client.name}.", field="contact")


def _follow_up(
    client: Client, kept: list[Rating], by: Actor, member: Member | None, batch: UUID
) -> Commitment | None:
    """One promise for all low ones of the month; none where one is owed already."""
    low = [row for row in kept if row.score <= LOW]
    month = Rating.objects.filter(client=client, month=kept[0].month)
    if not low or _followed_up(month.values_list("pk", flat=True)):
        return None
    labels = {question.key: question.label.lower() for question in rating_questions()}
    named = " and ".join(f"{labels[row.question]} ({row.score})" for row in low)
    whom = f"{low[0].contact.name} about" if low[0].contact else "them about"
    lead = Assignment.objects.filter(client=client, until=None, position=Position.LEAD).first()
    return keeping.promise(
        client,
        f"Ask {whom} a low rating: {named}"[:200],
        by=by,
        owner=lead.member if lead else member,
        due_on=working_days(client).add_working(clock.today(client.zone), FOLLOW_UP_WITHIN),
        kind=Kind.FOLLOW_UP,
        internal=True,
        about=(ABOUT, low[0].pk),
        batch=batch,
    )


def _followed_up(ids: Iterable[int]) -> list[Commitment]:
    return list(Commitment.objects.filter(about_type=ABOUT, about_id__in=ids, state__in=OWED))


def _month(client: Client, at: dt.datetime | None = None) -> dt.date:
    return (at or clock.now()).astimezone(clock.zone_info(client.zone)).date().replace(day=1)


def _locked(client: Client, by: Actor) -> Client:
    row = Client.objects.select_for_update().get(pk=client.pk)
    if not may_act_for(row.pk, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
    return row

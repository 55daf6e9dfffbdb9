"""Putting somebody under review and releasing them, and how often their mail needed no change (S8, P5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Window
from django.db.models.functions import RowNumber

from steadyhand.comms.models import MailRules, Review, Supervision, Verdict
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Capability, Role

#: How many of the latest approvals the share looks at.
LATEST = 20

#: Whose first mails are read by a colleague where the agency reviews newcomers (S8).
NEWCOMERS = (Role.EXECUTIVE, Role.MANAGER)
RULES = Actor.system("mail rules")


@transaction.atomic
def put_under_review(member: Member, *, by: Actor, reviewer: Member | None = None) -> Supervision:
    """From now on their important mail goes to `reviewer` first (none: line manager, else the sponsor)."""
    refuse_unless_over(member, by)
    if member.state == MemberState.LEFT:
        raise Refusal(f"{member.name} has left.")
    if reviewer is not None and (reviewer.pk == member.pk or reviewer.state == MemberState.LEFT):
        raise Refusal(
            f"{reviewer.name} cannot review {member.name}'s mail.",
            remedy="Choose a colleague who is here.",
            field="reviewer",
        )
    running = member.supervisions.running().first()
    if running is not None and running.reviewer == reviewer:
        return running
    if running is not None:
        running.released_at, running.released_by = clock.now(), by.name
        running.save(update_fields=["released_at", "released_by"])
    made = Supervision.objects.create(member=member, reviewer=reviewer, since=clock.now(), put_by=by.name)
    events.record(
        "member.put_under_review",
        by=by,
        subject=member,
        name=member.name,
        reviewer=reviewer.name if reviewer else "",
    )
    return made


@transaction.atomic
def release(member: Member, *, by: Actor) -> Supervision:
    """They may send important mail by themselves. What waits for review still waits."""
    refuse_unless_over(member, by)
    running = member.supervisions.select_for_update(of=("self",)).running().first()
    if running is None:
        raise Refusal(f"{member.name} is not under review.")
    running.released_at, running.released_by = clock.now(), by.name
    running.save(update_fields=["released_at", "released_by"])
    events.record("member.released", by=by, subject=member, name=member.name)
    return running


@transaction.atomic
def take_back_release(member: Member, *, by: Actor) -> Supervision:
    """They are under review as before: since then, and by the same reviewer."""
    refuse_unless_over(member, by)
    last = member.supervisions.select_for_update(of=("self",)).first()
    if last is None or last.released_at is None:
        raise Refusal(f"{member.name} has not been released.")
    last.released_at, last.released_by = None, ""
    last.save(update_fields=["released_at", "released_by"])
    events.record("member.release_taken_back", by=by, subject=member, name=member.name)
    return last


def review_newcomer(member: Member) -> None:
    """Put a new account executive or manager under review, once, where the rules say so."""
    is_new = member.role in NEWCOMERS and not member.supervisions.exists()
    if is_new and MailRules.current().review_newcomers:
        put_under_review(member, by=RULES)


def may_decide_on(member: Member, by: Actor) -> bool:
    """Heads and line managers decide who is under review; nobody decides about themselves."""
    if by.is_system:
        return True
    if by.member_id is None or by.member_id == member.pk:
        return False
    return by.may(Capability.MANAGE_PEOPLE) or by.member_id == member.line_manager_id


def refuse_unless_over(member: Member, by: Actor) -> None:
    """Refuse whoever may not decide about this member's review."""
    if not may_decide_on(member, by):
        raise Refusal(
            f"Whether {member.name} is under review is for their manager or the head of client services.",
            remedy="Ask one of them.",
        )


@dataclass(frozen=True, slots=True)
class Share:
    """Of the latest approvals of one member's mail: how many there were, how many needed no change."""

    approved: int = 0
    unchanged: int = 0

    @property
    def percent(self) -> int:
        """Of those approved, in whole per cent."""
        return round(100 * self.unchanged / self.approved) if self.approved else 0


def shares(member_ids: Collection[int], *, latest: int = LATEST) -> dict[int, Share]:
    """How often approvals of these members' mail needed no change, over the latest `latest` of each."""
    approved = Review.objects.filter(member__in=member_ids, verdict=Verdict.APPROVED)
    newest_first = Window(RowNumber(), partition_by="member", order_by=["-decided_at", "-pk"])
    rows = approved.annotate(place=newest_first).filter(place__lte=latest).order_by()
    found = dict.fromkeys(member_ids, Share())
    for pk, changed in rows.values_list("member", "changed"):
        found[pk] = Share(found[pk].approved + 1, found[pk].unchanged + (not changed))
    return found

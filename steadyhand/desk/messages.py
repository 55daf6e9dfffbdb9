"""Mail with clients, as its pages read it: threads of a client, one message, what waits on a member (S8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, Max, OuterRef, Q, Subquery

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.keeping import may_act_for
from steadyhand.comms.mail.drafting import WRITABLE
from steadyhand.comms.mail.letters import gaps
from steadyhand.comms.mail.prose import Block, blocks
from steadyhand.comms.mail.reviewing import may_review, reviewers_of, supervision_of
from steadyhand.comms.mail.sending import sender_of
from steadyhand.comms.mail.supervising import Share, may_decide_on, shares
from steadyhand.comms.models import Direction, Message, MessageState, Review, Supervision, Verdict
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.business_days import WorkingDays
from steadyhand.core.models import Agency, MailState
from steadyhand.core.recurrence import local_instant
from steadyhand.people.models import Member
from steadyhand.playbook.merge_fields import MERGE_FIELDS, MergeField

MOST_THREADS = 50
MOST_IN_THREAD = 100
MOST_OF_MINE = 50

S = MessageState
UNSENT = (S.DRAFT, S.CANCELLED, S.DISMISSED)
TAGS = {
    S.DRAFT: "",
    S.IN_REVIEW: "accent",
    S.QUEUED: "accent",
    S.SENDING: "accent",
    S.SENT: "",
    S.FAILED: "act",
    S.UNCERTAIN: "watch",
    S.CANCELLED: "watch",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as a page shows it."""

    message: Message

    @property
    def state(self) -> MessageState:
        """Where it is; one the outbox has taken up is being sent."""
        outbox = self.message.outbox
        if self.message.state == S.QUEUED and outbox is not None and outbox.state == MailState.SENDING:
            return S.SENDING
        return S(self.message.state)

    @property
    def word(self) -> str:
        """Its state in a word; a mail that came needs none."""
        if self.state in (S.RECEIVED, S.SENT):
            return ""
        if self.state == S.QUEUED and self.is_scheduled:
            return "scheduled"
        return "taken back" if self.state == S.CANCELLED else self.state.label

    @property
    def tag(self) -> str:
        """The look of the word."""
        return TAGS.get(self.state, "")

    @property
    def is_scheduled(self) -> bool:
        """Whether it leaves later than any delay would hold it."""
        at = self.message.send_at
        return self.state == S.QUEUED and at is not None and at > clock.now() + dt.timedelta(hours=1)

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.message.subject or ("(no subject)" if self.came else "(no subject yet)")

    @property
    def blocks(self) -> list[Block]:
        """Its words in paragraphs and lists."""
        return blocks(self.message.text)

    @property
    def came(self) -> bool:
        """Whether the client wrote it."""
        return self.message.direction == Direction.IN

    @property
    def by_whom(self) -> str:
        """Who wrote it."""
        if self.came:
            return self.message.contact.name if self.message.contact else self.message.from_address
        return self.message.member.name if self.message.member else self.message.from_address

    @property
    def at(self) -> dt.datetime:
        """When it was sent or came; else when it was last written on."""
        return self.message.at or self.message.changed_at

    @property
    def error(self) -> str:
        """What the mail server said."""
        return self.message.outbox.last_error if self.message.outbox else ""

    @property
    def to_whom(self) -> str:
        """Names where we know them, else addresses."""
        contact = self.message.contact
        known = {contact.email.lower(): contact.name} if contact is not None else {}
        return ", ".join(known.get(address.lower(), address) for address in self.message.to)


@dataclass(frozen=True, slots=True)
class Thread:
    """The latest message of a thread, and how many there are."""

    latest: Letter
    count: int

    @property
    def url(self) -> str:
        return f"/messages/{self.latest.message.pk}/"


@dataclass(frozen=True, slots=True)
class ClientMail:
    """The messages tab of one client."""

    unsent: list[Letter]
    threads: list[Thread]
    more: bool
    may_write: bool


def client_mail(client: Client, actor: Actor) -> ClientMail:
    """Drafts and what waits, then threads, the latest first. Four queries."""
    seen = Message.objects.visible_to(actor).filter(client=client)
    waiting = seen.filter(state__in=[S.DRAFT, S.IN_REVIEW]).select_related("contact", "member", "outbox")
    sent = seen.exclude(state__in=[*UNSENT, S.IN_REVIEW, S.TRIAGE]).exclude(thread="")
    found = list(
        sent.order_by()
        .values("thread")
        .annotate(last=Max("pk"), many=Count("pk"))
        .order_by("-last")[: MOST_THREADS + 1]
    )
    page = found[:MOST_THREADS]
    latest = seen.select_related("contact", "member", "outbox").in_bulk([row["last"] for row in page])
    return ClientMail(
        unsent=[Letter(message) for message in waiting.order_by("-changed_at")[:MOST_OF_MINE]],
        threads=[Thread(Letter(latest[row["last"]]), row["many"]) for row in page],
        more=len(found) > MOST_THREADS,
        may_write=may_act_for(client.pk, actor),
    )


@dataclass
class MessagePage:
    """One message with its thread, and what may be done with it."""

    message: Message
    client: Client
    actor: Actor
    thread: list[Letter] = field(default_factory=list)

    @cached_property
    def letter(self) -> Letter:
        return Letter(self.message)

    @cached_property
    def may_write(self) -> bool:
        """Whether one looks after the client, and it is ours and has not left."""
        ours = self.message.direction == Direction.OUT and self.message.state in WRITABLE
        return ours and self.may_act

    @cached_property
    def may_act(self) -> bool:
        return may_act_for(self.client.pk, self.actor)

    @cached_property
    def review(self) -> Review | None:
        """The latest review of it."""
        return self.message.reviews.select_related("reviewer", "member").first()

    @cached_property
    def may_review(self) -> bool:
        return self.message.state == S.IN_REVIEW and may_review(self.message, self.actor)

    @cached_property
    def came_back(self) -> Review | None:
        """The review that returned it, while nothing was sent since."""
        review = self.review
        is_back = review is not None and review.verdict == Verdict.RETURNED and self.message.state == S.DRAFT
        return review if is_back else None

    @cached_property
    def gaps(self) -> list[MergeField]:
        """What is still to be filled in."""
        return [MERGE_FIELDS[name] for name in gaps(self.message.subject, self.message.text)]

    @cached_property
    def supervision(self) -> Supervision | None:
        """The running review of whoever writes it."""
        return supervision_of(self.actor.member_id) or supervision_of(self.message.member_id)

    @cached_property
    def reviewers(self) -> list[Member]:
        """Who may be asked to look at it first."""
        return reviewers_of(self.supervision.member, self.client) if self.supervision else []

    @cached_property
    def contacts(self) -> list[Contact]:
        """Whom one may write to there, and who decides."""
        return list(self.client.contacts.filter(left_on=None).exclude(email=""))

    @cached_property
    def colleagues(self) -> list[Member]:
        """Ours on the account team, to put in copy."""
        on_team = Member.objects.here().filter(assignments__client=self.client, assignments__until=None)
        return list(on_team.distinct())

    @cached_property
    def sender(self) -> str:
        return sender_of(self.message.member)

    @cached_property
    def suggested(self) -> dt.datetime:
        """The next working morning on the client's clock."""
        return next_morning(self.client)


def message_page(message: Message, actor: Actor) -> MessagePage:
    """A message that is a client's and may be seen, with the mail before it."""
    assert message.client is not None  # noqa: S101 - the view asks for mail of clients alone
    page = MessagePage(message, message.client, actor)
    if message.thread:
        earlier = Message.objects.visible_to(actor).filter(client=message.client, thread=message.thread)
        earlier = earlier.exclude(state__in=UNSENT).exclude(pk=message.pk)
        rows = earlier.select_related("contact", "member", "outbox", "arrival")
        rows = rows.prefetch_related("attachments")
        page.thread = [Letter(row) for row in rows.order_by("-pk")[:MOST_IN_THREAD]]
    return page


def next_morning(client: Client) -> dt.datetime:
    """The next working day's first hour on the client's clock: this morning's where it is still to come."""
    agency = Agency.get()
    days = WorkingDays.of((client.country, client.subdivision), week=agency.weekdays)
    today = clock.today(client.zone)
    day = days.next_working(today)
    if local_instant(day, agency.day_starts, client.zone) <= clock.now():
        day = days.add_working(day, 1)
    return local_instant(day, agency.day_starts, client.zone)


@dataclass(frozen=True, slots=True)
class MyMail:
    """What a member has written that is not done with, and what waits for their look."""

    reviews: list[Review]
    trouble: list[Letter]
    drafts: list[Letter]
    in_review: list[Letter]
    leaving: list[Letter]
    taken_back: list[Letter]

    @property
    def is_empty(self) -> bool:
        lists = (self.reviews, self.trouble, self.drafts, self.in_review, self.leaving, self.taken_back)
        return not any(lists)


def my_mail(member: Member, actor: Actor) -> MyMail:
    """Two queries. What was taken back is shown for a week."""
    week_ago = clock.now() - dt.timedelta(days=7)
    comment = Review.objects.filter(message=OuterRef("pk"), verdict=Verdict.RETURNED).values("comment")[:1]
    mine = (
        Message.objects.visible_to(actor)
        .filter(member=member, direction=Direction.OUT, client__isnull=False)
        .filter(
            Q(state__in=[S.DRAFT, S.IN_REVIEW, S.QUEUED, S.SENDING, S.FAILED, S.UNCERTAIN])
            | Q(state=S.CANCELLED, changed_at__gt=week_ago)
        )
        .select_related("client", "contact", "member", "outbox")
        .annotate(returned=Subquery(comment))
        .order_by("-changed_at")[:MOST_OF_MINE]
    )
    by_state: dict[str, list[Letter]] = {}
    for message in mine:
        by_state.setdefault(message.state, []).append(Letter(message))
    return MyMail(
        reviews=reviews_for(member),
        trouble=[*by_state.get(S.FAILED, []), *by_state.get(S.UNCERTAIN, [])],
        drafts=by_state.get(S.DRAFT, []),
        in_review=by_state.get(S.IN_REVIEW, []),
        leaving=[*by_state.get(S.QUEUED, []), *by_state.get(S.SENDING, [])],
        taken_back=by_state.get(S.CANCELLED, []),
    )


def reviews_for(member: Member) -> list[Review]:
    """Mail that waits for this member's look, the oldest first."""
    waiting = Review.objects.waiting().filter(reviewer=member)
    related = waiting.select_related("message__client", "message__contact", "member", "commitment")
    return list(related.order_by("submitted_at")[:MOST_OF_MINE])


@dataclass(frozen=True, slots=True)
class Supervised:
    """Somebody who is or was under review."""

    supervision: Supervision
    share: Share
    may_decide: bool

    @property
    def reviewer(self) -> str:
        """Who looks at their mail."""
        named = self.supervision.reviewer or self.supervision.member.line_manager
        return named.name if named else "the client’s sponsor"


@dataclass(frozen=True, slots=True)
class Reviews:
    """Who is under review, who was released, and who might be put under it."""

    running: list[Supervised]
    released: list[Supervised]
    others: list[Member]


def review_page(actor: Actor) -> Reviews:
    """Everybody's, as far as one may see them. Three queries."""
    seen = Supervision.objects.visible_to(actor)
    rows = list(seen.select_related("member__line_manager", "reviewer")[:200])
    share = shares({row.member_id for row in rows})
    told = [Supervised(row, share[row.member_id], may_decide_on(row.member, actor)) for row in rows]
    running = [one for one in told if one.supervision.released_at is None]
    under = {one.supervision.member_id for one in running}
    here = Member.objects.visible_to(actor).here().exclude(pk__in=under)
    return Reviews(
        running=running,
        released=[one for one in told if one.supervision.released_at is not None],
        others=[member for member in here if may_decide_on(member, actor)],
    )

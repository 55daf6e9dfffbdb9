"""What is open between us and a client: what we asked of them, and what they asked of us (S7, S10)."""

from __future__ import annotations

from dataclasses import dataclass

from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.comms.models import Attempt, Chase, OpenQuestion, Outcome
from steadyhand.core import clock
from steadyhand.core.actor import Actor


@dataclass(frozen=True, slots=True)
class ChasePage:
    """One request with every attempt, oldest first."""

    chase: Chase
    attempts: list[Attempt]
    may_act: bool

    @property
    def is_open(self) -> bool:
        return self.chase.answered_at is None and self.chase.dropped_at is None

    @property
    def left_a_message(self) -> bool:
        """Whether the latest attempt ended on their voicemail, so that an e-mail should follow."""
        return self.is_open and bool(self.attempts) and self.attempts[-1].outcome == Outcome.VOICEMAIL

    @property
    def whom(self) -> str:
        """Who is rung."""
        return self.chase.contact.name if self.chase.contact else self.chase.client.name

    @property
    def phone(self) -> str:
        """Their number as it is written; empty where we have none."""
        return self.chase.contact.phone if self.chase.contact else ""

    @property
    def dial(self) -> str:
        """The number as a telephone wants it."""
        return "".join(c for c in self.phone if c.isdigit() or c == "+")

    @property
    def days_open(self) -> int:
        """How long they have been asked, in days of their own calendar."""
        began = self.chase.began_at.astimezone(clock.zone_info(self.chase.client.zone)).date()
        return (clock.today(self.chase.client.zone) - began).days


def chase_page(chase: Chase, actor: Actor) -> ChasePage:
    """The thread of a request the actor may see. Two queries."""
    attempts = list(chase.attempts.filter(undone_at=None).select_related("member"))
    return ChasePage(chase, attempts, may_act_for(chase.client_id, actor))


@dataclass(frozen=True, slots=True)
class BetweenUs:
    """What is open, oldest first."""

    questions: list[OpenQuestion]
    chases: list[Chase]

    def __bool__(self) -> bool:
        return bool(self.questions or self.chases)


def between_us(client: Client, actor: Actor) -> BetweenUs:
    """The client's open questions and our open requests. Two queries."""
    questions = OpenQuestion.objects.visible_to(actor).filter(client=client).unanswered()
    chases = Chase.objects.visible_to(actor).filter(client=client).open()
    related = ("contact", "commitment__owner")
    return BetweenUs(
        list(questions.select_related(*related)[:20]), list(chases.select_related(*related)[:20])
    )

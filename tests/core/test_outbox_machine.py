"""The outbox as a state machine: any order of acts, kills and answers, beside a model of what must be so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from steadyhand.core import outbox, outbox_sending
from steadyhand.core.actor import Actor
from steadyhand.core.mail_server import NoAnswer, NotTaken
from steadyhand.core.models import Event, MailState, OutboxAttempt, OutboxMessage
from steadyhand.core.refusals import Refusal

PAM = Actor.system("Pam")
START = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
FINAL = {MailState.SENT, MailState.FAILED, MailState.CANCELLED, MailState.UNCERTAIN}


class Killed(BaseException):
    """SIGKILL, as far as one process can play it: nothing after it runs, what was committed stays."""


@dataclass
class Fate:
    """What happens to the next mails at the server; None: taken."""

    of: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def next(self) -> str:
        return self.of.pop(0) if self.of else "taken"


class Server:
    """A way out that does as its fate says."""

    def __init__(self, fate: Fate) -> None:
        self.fate = fate

    def hand_over(
        self, sender: str, recipients: Sequence[str], mime: bytes, before_end: Callable[[], None]
    ) -> str:
        fate, message_id = self.fate.next(), mime.split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()
        if fate == "killed before":
            raise Killed
        if fate == "later":
            raise NotTaken("451 later", usable=True)
        if fate == "refused":
            raise NotTaken("550 no", final=True, usable=True)
        if fate == "dropped":
            raise NotTaken("Connection lost")
        before_end()
        if fate == "killed between":
            raise Killed
        if fate in {"taken", "killed after", "unanswered"}:
            self.fate.taken.append(message_id)
        if fate == "killed after":
            raise Killed
        if fate in {"unanswered", "unanswered and lost"}:
            raise NoAnswer("Connection lost")
        return ""

    def close(self) -> None:
        """Nothing to close."""


KILLS = ("killed before", "killed between", "killed after")
FATES = ("taken", "later", "refused", "dropped", *KILLS, "unanswered", "unanswered and lost")


class Outbox(RuleBasedStateMachine):
    """The model: who may be where, and how often each mail may have been taken."""

    mails: Bundle[int] = Bundle("mails")

    @initialize()
    def begin(self) -> None:
        OutboxMessage.objects.all().delete()
        self.fate = Fate()
        self.time = time_machine.travel(START, tick=False)
        self.clock: Any = self.time.start()
        self.way_out, outbox_sending.way_out = outbox_sending.way_out, lambda _: Server(self.fate)
        self.may_be_taken: dict[int, int] = {}  # by us: once, and once more for each time a person asked
        self.safe: set[int] = set()
        self.confirmed: set[int] = set()
        self.queue(safe=False, hours=0)

    def teardown(self) -> None:
        if hasattr(self, "time"):
            outbox_sending.way_out = self.way_out
            self.time.stop()

    @rule(target=mails, safe=st.booleans(), hours=st.sampled_from([0, 0, 0, 5]))
    def queue(self, safe: bool, hours: int) -> int:
        at = START + dt.timedelta(hours=hours) if hours else None
        mail = outbox.post(
            "test", "pam@agency.test", "Hello", "x", safe_to_repeat=safe, client_id=1, not_before=at
        )
        self.may_be_taken[mail.pk] = 1
        if safe:
            self.safe.add(mail.pk)
        return mail.pk

    @rule(fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=3), minutes=st.sampled_from([0, 3, 90]))
    def send(self, fates: list[str], minutes: int) -> None:
        """A sender runs until it is done or killed; killed, its lease stays, and runs out after 2 minutes."""
        self.fate.of = list(fates)
        sender = outbox_sending.Sender(lambda: False)
        outbox_sending.settle_abandoned()
        try:
            while batch := outbox_sending.claim(sender.claim):
                sender.deliver(batch)
        except Killed:
            self.wait(minutes)

    @rule(fates=st.lists(st.sampled_from(FATES[:4]), max_size=1), fate=st.sampled_from(KILLS))
    def crash(self, fates: list[str], fate: str) -> None:
        """A sender is killed at its first or second mail, and its lease runs out."""
        self.send([*fates, fate], 3)

    @rule(minutes=st.sampled_from([1, 60, 600]))
    def wait(self, minutes: int) -> None:
        self.clock.shift(dt.timedelta(minutes=minutes))

    @rule(pk=mails)
    def cancel(self, pk: int) -> None:
        self.act(pk, outbox.cancel, {MailState.QUEUED}, MailState.CANCELLED)

    @rule(pk=mails)
    def confirm(self, pk: int) -> None:
        if self.act(pk, outbox.confirm, {MailState.UNCERTAIN}, MailState.SENT):
            self.confirmed.add(pk)

    @rule(pk=mails)
    def repeat(self, pk: int) -> None:
        if self.act(pk, outbox.repeat, {MailState.UNCERTAIN}, MailState.QUEUED):
            self.may_be_taken[pk] += 1

    @rule(pk=mails)
    def retry(self, pk: int) -> None:
        self.act(pk, outbox.retry, {MailState.FAILED}, MailState.QUEUED)

    def act(self, pk: int, verb: Any, possible: set[MailState], then: MailState) -> bool:
        """A person's act works in the states it is for, with one event, and is refused in all others."""
        mail = OutboxMessage.objects.get(pk=pk)
        was, events = mail.state, Event.objects.count()
        try:
            verb(mail, by=PAM)
        except Refusal:
            assert was not in possible
            assert OutboxMessage.objects.get(pk=pk).state == was
            assert Event.objects.count() == events
            return False
        assert was in possible
        assert OutboxMessage.objects.get(pk=pk).state == then
        assert Event.objects.count() == events + 1
        return True

    @invariant()
    def every_row_tells_the_truth(self) -> None:
        for mail in OutboxMessage.objects.prefetch_related("attempt_log"):
            times = self.fate.taken.count(mail.message_id)
            assert mail.pk in self.safe or times <= self.may_be_taken[mail.pk]
            attempts = sorted(mail.attempt_log.all(), key=lambda attempt: attempt.number)
            assert [a.number for a in attempts] == list(range(1, mail.attempts + 1))
            still_open = [a for a in attempts if a.ended_at is None]
            assert len(still_open) <= (mail.state == MailState.SENDING)
            if mail.state == MailState.SENT:
                assert times or mail.pk in self.confirmed
            assert bool(mail.mime) == (mail.state not in {MailState.SENT, MailState.CANCELLED})
            if mail.state == MailState.UNCERTAIN:
                assert attempts[-1].handing_over_at

    @rule()
    def in_the_end(self) -> None:
        """Left alone with a server that works, every mail ends, and stays so."""
        self.fate.of = []
        for _ in range(2):  # what the dead held is settled first; a pause later it is sent
            self.clock.shift(dt.timedelta(days=1))
            outbox.send_waiting()
        assert set(OutboxMessage.objects.values_list("state", flat=True)) <= FINAL
        assert not OutboxAttempt.objects.filter(ended_at=None).exists()
        assert outbox.send_waiting() == 0


@pytest.mark.django_db
def test_the_outbox_keeps_its_promises_in_any_order_of_things() -> None:
    run_state_machine_as_test(
        Outbox,
        settings=settings(
            max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=[*HealthCheck]
        ),
    )

"""Approvals as a state machine: whatever people do, in whatever order, against a model of a few lines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from steadyhand.clients import book
from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.kinds import State
from steadyhand.core import agency
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.delivery.approvals.asking import ask_for_approval
from steadyhand.delivery.approvals.deciding import decide, take_back
from steadyhand.delivery.approvals.preparing import add_version, put_in_changes
from steadyhand.delivery.approvals.scheduling import may_be_scheduled, schedule_posting, unschedule_posting
from steadyhand.delivery.models import Bundle, Decision, Mode, Piece, PieceVersion, Posting, Verdict
from tests import cast
from tests.cast import SYSTEM
from tests.delivery.approving import actor_of, copied

pytestmark = pytest.mark.django_db

LATER = cast.NOW + dt.timedelta(days=9)


@dataclass
class Model:
    """One piece as it should be: its versions, and what each level said to the newest."""

    versions: int = 1
    said: list[Verdict] = field(default_factory=list)
    carried: bool = False
    scheduled: bool = False

    def approved(self, levels: int) -> bool:
        whole = len(self.said) == levels and Verdict.CHANGE_WANTED not in self.said
        return whole and (self.carried or Verdict.WITH_CHANGES not in self.said)

    def waits(self, levels: int) -> bool:
        return len(self.said) < levels and Verdict.CHANGE_WANTED not in self.said


class Approvals(RuleBasedStateMachine):
    """Two pieces, up to three levels of one person each."""

    client: Client
    people: list[Contact]

    def __init__(self) -> None:
        super().__init__()
        self.saved = transaction.savepoint_create()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.saved)

    @initialize(levels=st.integers(1, 3))
    def asked(self, levels: int) -> None:
        mode = Mode.ONE if levels == 1 else Mode.SEVERAL
        self.levels = levels
        self.bundle = copied(self.client, "Monday", "Tuesday", mode=mode)
        ask_for_approval(self.bundle, [[one] for one in self.people[:levels]], by=SYSTEM)
        self.pieces = list(Piece.objects.filter(bundle=self.bundle))
        self.models = [Model(), Model()]

    def newest(self, which: int) -> PieceVersion:
        return self.pieces[which].versions.order_by("-number")[0]

    @rule(
        which=st.integers(0, 1),
        level=st.integers(1, 3),
        verdict=st.sampled_from(
            [Verdict.APPROVED, Verdict.APPROVED, Verdict.WITH_CHANGES, Verdict.CHANGE_WANTED]
        ),
        late=st.booleans(),
        twice=st.booleans(),
    )
    def somebody_decides(self, which: int, level: int, verdict: Verdict, late: bool, twice: bool) -> None:
        model, person = self.models[which], self.people[level - 1]
        version = self.newest(which)
        late = late and version.number > 1
        if late:
            version = self.pieces[which].versions.order_by("-number")[1]
        words = "" if verdict is Verdict.APPROVED else "Bicycle."
        before = Decision.objects.count()

        def act() -> Decision:
            with transaction.atomic():
                return decide(version, verdict, by=actor_of(person), words=words)

        if late:
            with pytest.raises(Conflict):
                act()
        elif not model.carried and level <= len(model.said) and model.said[level - 1] is verdict:
            assert act().verdict == verdict, "the same said again is the same decision"
        elif level <= self.levels and len(model.said) == level - 1 and model.waits(self.levels):
            made = act()
            model.said.append(verdict)
            before += 1
            if twice:
                assert act() == made
        else:
            with pytest.raises(Refusal):
                act()
        assert Decision.objects.count() == before

    @rule(which=st.integers(0, 1))
    def we_put_up_a_version(self, which: int) -> None:
        add_version(self.pieces[which], by=SYSTEM, text="Another.")
        self.models[which] = Model(versions=self.models[which].versions + 1)

    @rule(which=st.integers(0, 1))
    def we_put_in_what_was_agreed(self, which: int) -> None:
        model = self.models[which]
        agreed = (
            not model.carried
            and len(model.said) == self.levels
            and Verdict.CHANGE_WANTED not in model.said
            and Verdict.WITH_CHANGES in model.said
        )
        if not agreed:
            with pytest.raises(Refusal), transaction.atomic():
                put_in_changes(self.pieces[which], by=SYSTEM, text="As agreed.")
            return
        put_in_changes(self.pieces[which], by=SYSTEM, text="As agreed.")
        model.versions += 1
        model.carried = True

    @rule(which=st.integers(0, 1), level=st.integers(1, 3))
    def somebody_thinks_again(self, which: int, level: int) -> None:
        model = self.models[which]
        if level > len(model.said):
            return
        made = Decision.objects.filter(version__piece=self.pieces[which], level=level, undone_at=None).latest(
            "pk"
        )
        last = level == len(model.said)
        if last and not model.carried and not model.scheduled:
            take_back(made, by=actor_of(self.people[level - 1]))
            model.said.pop()
            return
        with pytest.raises(Refusal), transaction.atomic():
            take_back(made, by=actor_of(self.people[level - 1]))

    @rule(which=st.integers(0, 1))
    def we_schedule(self, which: int) -> None:
        model = self.models[which]
        if model.approved(self.levels):
            schedule_posting(self.pieces[which], LATER, by=SYSTEM)
            model.scheduled = True
            return
        with pytest.raises(Refusal), transaction.atomic():
            schedule_posting(self.pieces[which], LATER, by=SYSTEM)

    @precondition(lambda self: any(model.scheduled for model in self.models))
    @rule()
    def we_call_it_off(self) -> None:
        which = next(n for n, model in enumerate(self.models) if model.scheduled)
        unschedule_posting(self.pieces[which], by=SYSTEM)
        self.models[which].scheduled = False

    @invariant()
    def it_stands_as_the_model_says(self) -> None:
        if not hasattr(self, "models"):
            return
        for piece, model in zip(self.pieces, self.models, strict=True):
            assert piece.versions.count() == model.versions
            assert may_be_scheduled(piece) is model.approved(self.levels)
            living = Posting.objects.filter(piece=piece, ended_at=None)
            assert living.exists() is model.scheduled
            assert not living.exclude(version__number=model.versions).exists(), "what is posted is the newest"
        bundle = Bundle.objects.select_related("commitment").get(pk=self.bundle.pk)
        promise: Any = bundle.commitment
        done = all(model.approved(self.levels) for model in self.models)
        waits = any(model.waits(self.levels) for model in self.models)
        assert (bundle.settled_at is not None) is done
        assert (promise.state in (State.DONE, State.DONE_LATE)) is done
        assert (promise.waiting_since is not None) is waits


def test_approvals_stand_as_the_model_says() -> None:
    with time_machine.travel(cast.NOW, tick=False), transaction.atomic():
        agency.found(by=SYSTEM, name="Northwind")
        client = book.add_client("Halden Bikes", by=SYSTEM)
        people = [
            book.add_contact(client, f"{name} Lind", by=SYSTEM, email=f"{name.lower()}@halden.test")
            for name in ("Maya", "Ola", "Nils")
        ]
        machine = type("Machine", (Approvals,), {"client": client, "people": people})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=12,
                stateful_step_count=10,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

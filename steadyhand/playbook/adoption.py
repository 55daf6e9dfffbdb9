"""Taking the playbook on, step by step: what somebody ticks by hand, and the agenda of a session (B15)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.playbook.content import AdoptionStep, Agenda, AgendaItem, Audience, Content, Role
from steadyhand.playbook.models import AdoptionTick, Version
from steadyhand.playbook.models.version import EDIT_PLAYBOOK

#: The agenda that every playbook with steps has, beside those it writes itself.
SESSION = "adoption-session"

LONGEST_NOTE = 300


def steps() -> tuple[AdoptionStep, ...]:
    """The steps of the playbook in force, in their order; empty where there is none."""
    version = Version.live()
    return version.policy.content.adoption_steps if version else ()


@transaction.atomic
def tick_step(key: str, *, by: Actor, note: str = "", at: dt.datetime | None = None) -> AdoptionTick:
    """Say that a step is done, with a line on how; saying it again changes nothing."""
    _refuse_strangers(by)
    step = _step(key)
    if len(note := note.strip()) > LONGEST_NOTE:
        raise Refusal(f"That is longer than {LONGEST_NOTE} characters.", remedy="Sum it up.", field="note")
    tick, is_new = AdoptionTick.objects.get_or_create(
        step_key=key,
        until=None,
        defaults={"note": note, "at": at or clock.now(), "by_id": by.member_id, "by_name": by.name},
    )
    if is_new:
        events.record("adoption.step_ticked", by=by, subject=tick, title=step.title, note=note)
    return tick


@transaction.atomic
def untick_step(key: str, *, by: Actor) -> None:
    """It is not done after all; the tick stays readable in the history."""
    _refuse_strangers(by)
    step = _step(key)
    tick = AdoptionTick.objects.standing().select_for_update().filter(step_key=key).first()
    if tick is None:
        return
    tick.until = clock.now()
    tick.save(update_fields=["until"])
    events.record("adoption.step_unticked", by=by, subject=tick, title=step.title)


def session_agenda(content: Content) -> Agenda | None:
    """An hour in which a team goes through its steps; None for a playbook that has none."""
    if not content.adoption_steps:
        return None
    return Agenda(
        key=SESSION,
        title="Taking the playbook on",
        purpose="See which steps of taking the playbook on are open, and settle who takes the next ones.",
        led_by=Role.HEAD_OF_CLIENT_SERVICES,
        attends=(Role.MANAGING_DIRECTOR, Role.HEAD_OF_STRATEGY, Role.HEAD_OF_OPERATIONS),
        audience=Audience.INTERNAL,
        items=(
            AgendaItem(
                title="The open steps, one by one",
                notes="What is in the way, and what would settle it. Note the next act under its step.",
                minutes=45,
            ),
            AgendaItem(
                title="Who takes what, by when",
                notes="Three steps at the most until the next session. Each has one name and a day.",
                minutes=15,
            ),
        ),
    )


def _step(key: str) -> AdoptionStep:
    found = next((step for step in steps() if step.key == key), None)
    if found is None:
        raise Refusal("The playbook in force has no such step.", remedy="Look at its steps again.")
    return found


def _refuse_strangers(by: Actor) -> None:
    if not by.may(EDIT_PLAYBOOK):
        raise Refusal(
            "Your role does not tick steps of the playbook.", remedy="Ask the head of client services."
        )

"""A client's departures laid over what the playbook promises it."""

from __future__ import annotations

from collections.abc import Iterator

from steadyhand.core.recurrence import LAST_WORKING_DAY, Cadence
from steadyhand.playbook.facts import Departure, Facts
from steadyhand.playbook.promises import Promise
from steadyhand.playbook.rows import fitting, lower, title
from steadyhand.playbook.rules import RULES, Rule

# These follow from an engagement's start or from the lack of a plan; a departure can only take them away.
_NEVER_ADDED = {"service-setup", "first-month-meeting", "plan-agreement", "surprise-vote"}


def departed(made: list[Promise], facts: Facts) -> Iterator[Promise]:
    """The promises with the client's departures laid over them; rules that departures add come last."""
    departures = {departure.rule: departure for departure in facts.departures}
    for promise in made:
        departure = departures.get(promise.rule)
        if departure is None or promise.rule == "plan-agreement":
            yield promise
        elif departure.cadence is not None:
            yield _changed(promise, departure)
    present = {promise.rule for promise in made}
    for departure in facts.departures:
        rule = RULES.get(departure.rule)
        wanted = departure.cadence is not None and departure.rule not in present
        if rule is not None and wanted and rule.key not in _NEVER_ADDED:
            yield _added(rule, departure, facts)


def _changed(promise: Promise, departure: Departure) -> Promise:
    rule = RULES[promise.rule]
    cadence = promise.cadence if rule.once or departure.cadence is None else departure.cadence
    return promise._replace(
        cadence=cadence,
        title=promise.title if rule.once or cadence is promise.cadence else title(rule, cadence),
        preference=fitting(promise.preference, cadence),
        minutes=departure.minutes or promise.minutes,
        because=_agreed_because(rule, cadence, departure),
        source="departure",
    )


def _added(rule: Rule, departure: Departure, facts: Facts) -> Promise:
    cadence = Cadence.ONCE if rule.once else departure.cadence or Cadence.ONCE
    return Promise(
        rule.key,
        1,
        rule.kind,
        title(rule, cadence),
        cadence,
        LAST_WORKING_DAY,
        None,
        departure.minutes or rule.minutes,
        rule.responsibility,
        rule.internal,
        (facts.start, facts.end),
        facts.end if rule.key == "closing-report" else None,
        _agreed_because(rule, cadence, departure),
        "departure",
    )


def _agreed_because(rule: Rule, cadence: Cadence, departure: Departure) -> str:
    reason = departure.reason.strip().rstrip(".") or "agreed with this client"
    return f"{lower(title(rule, cadence))}, because this client departs from the playbook: {reason}"

"""The night's duty: what the detector finds becomes one incident for each dip, with an owner (R2).

Safe to repeat and to kill: each client is one transaction, and the same finding again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.delivery.rights import in_working_days, lead_of
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Role
from steadyhand.reporting.dips.asking import ask
from steadyhand.reporting.dips.closing import ABOUT, clear, strictness
from steadyhand.reporting.metrics.definitions import METRICS, Good, Metric, MetricKind
from steadyhand.reporting.metrics.store import file_of
from steadyhand.reporting.models.incident import Incident, IncidentState, Shock
from steadyhand.reporting.models.source import Source

BY = Actor.system("dips")
ABOUT_SHOCK = "reporting.shock"
#: A dip that is noticed later than so many days after the fact opens nothing: it is history.
FRESH = dt.timedelta(days=14)
#: Metrics that begin to fall within so many days of each other are one dip.
TOGETHER = dt.timedelta(days=3)
#: The same dip may be told to have begun a few days earlier or later as figures come in.
SAME = dt.timedelta(days=10)
#: Not watched: what we do ourselves, and what is no news when it rises.
UNWATCHED = frozenset({"cost", "unsubscribes", "posts", "content_published", "emails_sent"})


def notice_dips() -> int:
    """Look, unless nothing has changed since the last look; how many incidents are new."""
    asked = question()
    if asked is None:
        return 0
    seen = Path(asked["folder"]) / "looked.json"
    mark = _fingerprint(asked)
    if seen.is_file() and seen.read_text(encoding="utf-8") == mark:
        return 0
    opened = take_in(ask({**asked, "do": "night"}))
    seen.parent.mkdir(parents=True, exist_ok=True)
    seen.write_text(mark, encoding="utf-8")
    return opened


def question() -> dict[str, Any] | None:
    """What the detector is asked tonight; None while no client has figures."""
    lines: list[list[Any]] = []
    latest, earliest = None, dt.date.max
    for source in Source.objects.select_related("client").order_by("client_id", "rank", "key"):
        until = _complete(source)
        file = file_of(source.client_id)
        if until is None or not file.is_file():
            continue
        lines.append([str(file), source.client_id, source.key, source.rank, until.isoformat()])
        latest = max(latest or until, until)
        earliest = min(earliest, source.first_day or dt.date.min)
    if latest is None:
        return None
    oldest = Incident.objects.open().order_by("first_day").values_list("first_day", flat=True).first()
    return {
        "sources": lines,
        "metrics": {key: _asked(metric) for key, metric in METRICS.items()},
        # The same day for a year: what was put away fits as long as the panel begins where it began.
        "start": max(dt.date(latest.year - 2, 1, 1), earliest).isoformat(),
        "until": latest.isoformat(),
        "since": min(latest - dt.timedelta(days=30), oldest or latest).isoformat(),
        "folder": str(Path(settings.DATA) / "dips"),
        "strictness": strictness(),
    }


def _complete(source: Source) -> dt.date | None:
    """The last day that the source reports in full; today is never over."""
    until = source.complete_until or source.last_day
    yesterday = clock.today(source.zone or source.client.zone) - dt.timedelta(days=1)
    return min(until, yesterday) if until else None


def _asked(metric: Metric) -> dict[str, Any]:
    rises_are_bad = metric.good is Good.DOWN
    return {
        "kind": "rate" if metric.kind is MetricKind.RATIO and metric.percent else str(metric.kind),
        "worse": 0 if metric.key in UNWATCHED else (1 if rises_are_bad else -1),
        "adds_up": metric.adds_up,
        "parts": [metric.numerator, metric.denominator] if metric.kind is MetricKind.RATIO else [],
    }


def _fingerprint(asked: Mapping[str, Any]) -> str:
    """A name for what would be looked at: files as they stand, and everything asked of them."""
    files = [
        (line[0], Path(line[0]).stat().st_mtime_ns, Path(line[0]).stat().st_size) for line in asked["sources"]
    ]
    return hashlib.blake2b(json.dumps([asked, files], sort_keys=True).encode(), digest_size=16).hexdigest()


def take_in(answer: Mapping[str, Any]) -> int:
    """Bring incidents and notices up to what was found; how many incidents are new."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in answer["incidents"]:
        found[one["client"]].append(one)
    concerned = set(found) | set(Incident.objects.open().values_list("client_id", flat=True))
    opened = 0
    for client in Client.objects.filter(pk__in=concerned).order_by("pk"):
        opened += _for_client(client, found[client.pk])
    for shock in answer["shocks"]:
        _notice_shock(shock)
    return opened


@transaction.atomic
def _for_client(client: Client, found: Sequence[dict[str, Any]]) -> int:
    known = list(Incident.objects.select_for_update(of=("self",)).filter(client=client)[:200])
    still: set[int] = set()
    opened = 0
    for dip in _dips(found):
        same = [one for one in known if _is_same(one, dip)]
        current = next((one for one in same if one.is_open), None)
        if current is not None:
            still.add(current.pk)
            _refresh(current, dip)
        elif settled := [one for one in same if one.state == IncidentState.SETTLED]:
            if settled[0].last_day is None:  # explained while it went on
                _refresh(settled[0], dip)
        elif _day(dip[0]["noticed_on"]) >= clock.today(client.zone) - FRESH:
            still.add(_open(client, dip, supersedes=same[0] if same else None).pk)
            opened += 1
    for one in known:
        if one.is_open and one.pk not in still:
            clear(one, by=BY)
    return opened


def _dips(found: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Metrics that fell together are one dip; the most unusual of those that add up leads."""
    dips: list[list[dict[str, Any]]] = []
    for one in sorted(found, key=lambda one: (one["first_day"], -one["score"])):
        first = _day(one["first_day"])
        near = next((dip for dip in dips if abs(_day(dip[0]["first_day"]) - first) <= TOGETHER), None)
        if near is None:
            dips.append([one])
        else:
            near.append(one)
    return [sorted(dip, key=_rank) for dip in dips]


def _rank(one: Mapping[str, Any]) -> tuple[bool, bool, float]:
    """What goes on before what is over, what can be lost before a ratio, the most unusual first."""
    metric = METRICS.get(one["metric"])
    return (one["last_day"] is not None, metric is None or not metric.summed, -one["score"])


def _is_same(incident: Incident, dip: Sequence[Mapping[str, Any]]) -> bool:
    mine = {incident.metric, *(one["metric"] for one in incident.also)}
    near = abs(_day(dip[0]["first_day"]) - incident.first_day) <= SAME
    return near and bool(mine & {one["metric"] for one in dip})


def _values(lead: Mapping[str, Any], dip: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "first_day": _day(lead["first_day"]),
        "last_day": _day(lead["last_day"]) if lead["last_day"] else None,
        "expected": lead["expected"],
        "observed": lead["observed"],
        "score": lead["score"],
        "p": lead["p"],
        "drivers": _drivers([lead, *dip]),
        "picture": lead["picture"],
        "tracking_suspected": any(one["tracking"] for one in dip),
        "also": [
            {key: one[key] for key in ("metric", "expected", "observed", "first_day")}
            for one in dip
            if one is not lead
        ],
    }


def _drivers(dip: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The slices of the first metric that has any, each with the metric it is told in."""
    told = next((one for one in dip if one["drivers"]), None)
    return [{**driver, "metric": told["metric"]} for driver in told["drivers"]] if told else []


def _refresh(incident: Incident, dip: Sequence[Mapping[str, Any]]) -> None:
    """The same dip, a day older: its figures are replaced. No event: nobody did anything."""
    lead = next((one for one in dip if one["metric"] == incident.metric), dip[0])
    values = _values(lead, dip) | {"metric": lead["metric"]}
    changed = {name: value for name, value in values.items() if getattr(incident, name) != value}
    if changed:
        Incident.objects.filter(pk=incident.pk).update(**changed)


def _open(client: Client, dip: Sequence[Mapping[str, Any]], *, supersedes: Incident | None) -> Incident:
    lead = dip[0]
    incident = Incident.objects.create(
        client=client,
        metric=lead["metric"],
        supersedes=supersedes,
        noticed_at=clock.now(),
        **_values(lead, dip),
    )
    keeping.promise(
        client,
        f"Look at the dip in {incident.label.lower()}",
        by=BY,
        owner=lead_of(client),
        due_on=in_working_days(client, 1),
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT, incident.pk),
        closes_with=ABOUT,
    )
    events.record(
        "dip.noticed",
        by=BY,
        client_id=client.pk,
        subject=incident,
        metric=incident.label,
        change=round(incident.change, 3),
        first_day=incident.first_day.isoformat(),
    )
    return incident


@transaction.atomic
def _notice_shock(told: Mapping[str, Any]) -> None:
    """Everybody fell: one notice to the head, whatever the number of clients."""
    first, last = _day(told["first_day"]), _day(told["last_day"])
    known = Shock.objects.filter(first_day__range=(first - TOGETHER, first + TOGETHER)).first()
    if known is not None:
        Shock.objects.filter(pk=known.pk).update(last_day=max(last, known.last_day))
        return
    if first < clock.today(Agency.get().zone) - FRESH:
        return
    shock = Shock.objects.create(
        first_day=first,
        last_day=last,
        change=told["change"],
        series=told["series"],
        noticed_at=clock.now(),
    )
    here = Member.objects.filter(role=Role.HEAD).exclude(state=MemberState.LEFT)
    keeping.promise(
        None,
        f"Say what made every client's figures fall from {first.day} {first:%B}",
        by=BY,
        owner=here.order_by("pk").first(),
        due_on=in_working_days(None, 1, Agency.get().zone),
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT_SHOCK, shock.pk),
    )
    events.record(
        "shock.noticed", by=BY, subject=shock, change=round(shock.change, 3), first_day=first.isoformat()
    )


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)

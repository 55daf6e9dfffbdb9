"""The call brief as data for programs, and as a mail to read the day before (S6)."""

from __future__ import annotations

from typing import Any

from steadyhand.commitments.models import Commitment
from steadyhand.core.clock import zone_info
from steadyhand.desk.call_brief import CallBrief, Person, duration
from steadyhand.desk.jottings import Jotting


def as_data(brief: CallBrief) -> dict[str, Any]:
    """JSON-ready: moments in UTC, days as dates, minutes as whole numbers."""
    time = brief.call_time
    return {
        "client": brief.client.ref,
        "name": brief.client.name,
        "call": _promise(brief.call) if brief.call else None,
        "contact": brief.contact.name if brief.contact else None,
        "last_call": (
            {"at": brief.since.at, "summary": brief.since.summary, "minutes": brief.since.minutes}
            if brief.since
            else None
        ),
        "happened": [
            {"at": e.at, "what": f"{e.lead} {e.text}".strip(), "who": e.who, "internal": e.is_internal}
            for e in brief.happened
        ],
        "open": [_promise(row) for row in brief.owed],
        "waiting_on_client": [_promise(row) for row in brief.waiting],
        "questions_to_answer": [_promise(row) for row in brief.to_answer],
        "requests_to_client": [_promise(row) for row in brief.to_ring],
        "ask": [{"key": question.key, "text": question.text} for question in brief.unknown],
        "known": [
            {"key": question.key, "text": question.text, "answer": answer.text}
            for question, answer in brief.known
        ],
        "say": [
            {"key": one.key, "title": one.title, "words": one.words, "times": one.times, "last": one.last}
            for one in brief.to_say
        ],
        "people": [_person(person) for person in brief.people],
        "flags": [_line(flag) for flag in brief.flags],
        "opportunities": [_line(one) for one in brief.opportunities],
        "ratings": {rating.key: int(rating.text) for rating in brief.ratings},
        "ratings_month": brief.ratings_month,
        "value": brief.value,
        "services": [name for name, _ in brief.services],
        "ends": [{"title": e.title, "on": e.ends_on} for e in brief.ends],
        "call_time": (
            {"month": time.month, "allowed": time.allowed, "used": time.used, "left": time.left}
            if time
            else None
        ),
        "agenda": [{"title": part.title, "prompts": list(part.prompts)} for part in brief.parts],
        "figures": brief.figures.as_data() if brief.figures else None,
        "insights": [row.as_data() for row in brief.insights],
        "prompts": [{"ask": one.ask, "because": list(one.because)} for one in brief.prompts],
    }


def as_letter(brief: CallBrief, url: str) -> tuple[str, str]:
    """Subject and plain text of the mail to whoever rings. The page has the rest."""
    call = brief.call
    whom = brief.contact.name if brief.contact else brief.client.name
    when = ""
    if call is not None:
        start = call.starts_at.astimezone(zone_info(call.zone)) if call.starts_at else None
        when = (
            f", {start:%a} {start.day} {start:%b %H:%M}"
            if start
            else f", {call.due_on:%a} {call.due_on.day} {call.due_on:%b}"
        )
    parts = [f"The whole brief, to print or to start the call from: {url}"]
    parts += _listed(
        "Open between us", [*map(_row, brief.to_answer), *map(_row, brief.owed), *map(_row, brief.waiting)]
    )
    parts += _listed("Since the last call", [f"{e.at:%d %b} {e.lead} {e.text}" for e in brief.happened[:8]])
    if (figures := brief.figures) is not None:
        told = [*figures.lines, f"What it means: {figures.means}", f"We advise: {figures.advice}"]
        parts += _listed(f"The figures of {figures.period}", told)
    parts += _listed("Something to ask", [f"{row.question} ({row.says})" for row in brief.insights[:3]])
    if brief.value:
        parts.append(f"Say it once: {brief.value}")
    parts += _listed("Say", [f"{one.title} ({one.heard})" for one in brief.to_say])
    parts += _listed("Ask", [question.text for question in brief.unknown[:4]])
    parts += _listed(
        "Coming up for them", [f"{p.contact.name}: {words}" for p in brief.people for words in p.soon]
    )
    if brief.call_time is not None:
        left = brief.call_time.left
        said = f"{duration(left)} left of {duration(brief.call_time.allowed)}" if left > 0 else "none left"
        parts.append(f"Call time this month: {said}.")
    return f"Before you ring {whom} ({brief.client.name}){when}", "\n\n".join(parts)


def _listed(title: str, lines: list[str]) -> list[str]:
    return ["\n".join([title, "", *(f"- {line}" for line in lines)])] if lines else []


def _row(row: Commitment) -> str:
    owner = f", {row.owner.name}" if row.owner else ""
    waits = "waiting on them: " if row.waiting_since else ""
    return f"{waits}{row.title} ({row.due_on.day} {row.due_on:%b}{owner})"


def _promise(row: Commitment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "due_on": row.due_on,
        "starts_at": row.starts_at,
        "owner": row.owner.name if row.owner else None,
        "internal": row.internal,
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "name": person.contact.name,
        "job_title": person.contact.job_title,
        "soon": person.soon,
        "details": [{"kind": detail.kind, "words": detail.words} for detail in person.details],
        "working_with_them": [note.words for note in person.working],
    }


def _line(note: Jotting) -> dict[str, Any]:
    return {"text": note.text, "on": note.on}

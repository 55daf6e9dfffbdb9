"""Reading what somebody types while they listen: “send deck @sam fri” is a text, an owner and a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: Words for the client's own people: what they do waits on them.
THEM = frozenset({"them", "they", "client"})

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})")


@dataclass(frozen=True, slots=True)
class Shorthand:
    """What was meant. `owner` is None where nobody was named, `due_on` where no day was."""

    text: str
    owner: Member | None = None
    theirs: bool = False
    due_on: dt.date | None = None


def read_shorthand(
    line: str, *, today: dt.date, members: Iterable[Member], theirs: Iterable[str] = ()
) -> Shorthand:
    """The line as it was meant: its text without “@name” and without a day at its end.

    A name is one of `members`, of their people (`theirs`), or “@them”. A day is “today”, “tomorrow”, “fri”
    (the next to come), “next week”, “3 dec” or “2026-12-03”. Refuses a name nobody has, or several.
    """
    words = line.split()
    named = [word for word in words if word.startswith("@") and len(word) > 1]
    rest = [word for word in words if word not in named]
    owner: Member | None = None
    is_theirs = False
    for word in named:
        owner, is_theirs = _meant(word[1:].rstrip(".,;:"), list(members), list(theirs))
    due_on, used = _day_at_end(rest, today)
    text = " ".join(rest[: len(rest) - used] if used else rest)
    if not text:
        text, due_on = " ".join(rest), None
    return Shorthand(text.rstrip(" ,"), owner, is_theirs, due_on)


def read_day(said: str, today: dt.date) -> dt.date | None:
    """The day that is said, as at the end of a line; None where it is none."""
    return _day(" ".join(said.casefold().split()).rstrip("."), today)


def _meant(name: str, members: list[Member], theirs: list[str]) -> tuple[Member | None, bool]:
    said = name.casefold()
    if said in THEM:
        return None, True
    ours = [m for m in members if said in (*m.name.casefold().split(), m.email.partition("@")[0].casefold())]
    ours = ours or [m for m in members if _begins(m.name, said)]
    if len(ours) > 1:
        raise Refusal(
            f"“@{name}” could be {' or '.join(m.name for m in ours)}.",
            remedy="Write more of it.",
            field="text",
        )
    if ours:
        return ours[0], False
    if any(said in contact.casefold().split() or _begins(contact, said) for contact in theirs):
        return None, True
    raise Refusal(
        f"Nobody here is called “{name}”.",
        remedy="Write a colleague’s first name, or @them for the client.",
        field="text",
    )


def _begins(name: str, said: str) -> bool:
    return name.casefold().replace(" ", "").startswith(said)


def _day_at_end(words: list[str], today: dt.date) -> tuple[dt.date | None, int]:
    """The day the last words name, and how many words that is; “by” or “on” before it belongs to it."""
    for count in (2, 1):
        if len(words) < count:
            continue
        day = _day(" ".join(words[-count:]).casefold().rstrip("."), today)
        if day is not None:
            led = len(words) > count and words[-count - 1].casefold() in {"by", "on", "until"}
            return day, count + led
    return None, 0


def _day(said: str, today: dt.date) -> dt.date | None:
    if said in {"today", "tomorrow"}:
        return today + dt.timedelta(days=said == "tomorrow")
    if said == "next week":
        return today + dt.timedelta(days=7 - today.weekday())
    if len(said) >= 3:
        for number, name in enumerate(WEEKDAYS):
            if name.startswith(said):
                return today + dt.timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    try:
        if _ISO.fullmatch(said):
            return dt.date.fromisoformat(said)
        if found := _DAY_MONTH.fullmatch(said):
            return _in_the_year(int(found[1]), found[2], today)
    except ValueError:
        return None
    return None


def _in_the_year(day: int, month: str, today: dt.date) -> dt.date | None:
    """That day this year, or next year where it is over."""
    number = next((n for n, name in enumerate(MONTHS, 1) if name.startswith(month)), 0)
    if not number:
        return None
    this_year = dt.date(today.year, number, day)
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)

"""Whether a goal is specific, measurable, achievable, relevant and dated (O5). Pure: words in, doubts out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Doubt(NamedTuple):
    """What is vague: the letter's word, the field it is about, and a sentence that says what to write."""

    letter: str
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A goal in its five parts, as somebody wrote it."""

    text: str
    measure: str = ""
    achievable: str = ""
    relevant: str = ""
    due_on: dt.date | None = None


#: Words that promise nothing by themselves; with a figure beside them they may stand.
VAGUE = re.compile(
    r"better|more|improv(e|ed|ing)|increased?|boost|grow(th)?|enhance|optimi[sz]e|maximi[sz]e|awareness"
    r"|presence|visibility|success(ful)?|great|strong(er)?|some|several|many|various|etc"
)
#: What to say instead of a day.
SOMETIME = re.compile(r"\b(soon|asap|eventually|in time|some day|as soon as possible|going forward)\b", re.I)
FIGURE = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|dozen|double|half|twice|none)\b", re.I
)
WORD = re.compile(r"[\w’'-]+")
FEWEST_WORDS, LONGEST_YEARS = 4, 3


def doubts(goal: Wording, today: dt.date) -> list[Doubt]:
    """What is vague about a goal, a letter at a time and in their order; empty for one that is SMART."""
    return [*_specific(goal), *_measurable(goal), *_achievable(goal), *_relevant(goal), *_dated(goal, today)]


def _specific(goal: Wording) -> Iterator[Doubt]:
    words = WORD.findall(goal.text.lower())
    loose = [word for word in words if VAGUE.fullmatch(word)]
    if len(words) < FEWEST_WORDS:
        yield Doubt("Specific", "text", "Say what exactly, of what and where: a few words more.")
    elif loose and not FIGURE.search(goal.text):
        yield Doubt(
            "Specific", "text", f"“{loose[0]}” can mean anything: say what exactly changes, and where."
        )


def _measurable(goal: Wording) -> Iterator[Doubt]:
    if not FIGURE.search(goal.measure):
        yield Doubt(
            "Measurable",
            "measure",
            "There is no figure: say how much, and where we read it, as “40 enquiries a month”.",
        )


def _achievable(goal: Wording) -> Iterator[Doubt]:
    if len(WORD.findall(goal.achievable)) < FEWEST_WORDS:
        yield Doubt(
            "Achievable", "achievable", "Say why it can be done: what they do today, or what others reached."
        )


def _relevant(goal: Wording) -> Iterator[Doubt]:
    if len(WORD.findall(goal.relevant)) < FEWEST_WORDS:
        yield Doubt(
            "Relevant", "relevant", "Say what it does for their business, in a sentence they would say."
        )


def _dated(goal: Wording, today: dt.date) -> Iterator[Doubt]:
    if goal.due_on is None:
        yield Doubt("Time-bound", "due_on", "Name the day by which it is reached.")
    elif goal.due_on <= today:
        yield Doubt("Time-bound", "due_on", f"{goal.due_on:%-d %B %Y} is not to come: name a later day.")
    elif goal.due_on > today.replace(day=1) + dt.timedelta(days=366 * LONGEST_YEARS):
        yield Doubt("Time-bound", "due_on", "That is more than three years away: name a step on the way.")
    elif SOMETIME.search(goal.text):
        yield Doubt("Time-bound", "text", "Take the vague time out of the words: the day says it.")

"""Something clever to say, from their own words: a goal and a frustration matched to a service of ours (R8).

Each names the words it comes from and ends in a question: whether they want to hear more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from steadyhand.playbook.content import Question, QuestionKind

#: Words too common to match anything by.
COMMON = frozenset(
    """
    about after also and any are around because been before being both but can could does down each for from
    had has have having into its just like made make many more most much need needs new not now off one only
    our out over own same some such than that the their them then there these they this those through too
    under until very was were what when where which while who why will with work works would you your
    year month week people client clients business marketing agency service services
    """.split()  # noqa: SIM905
)
WORD = re.compile(r"[^\W\d_]{3,}")

#: Questions whose answers say what annoys them.
FRUSTRATIONS = frozenset({"problems-now", "performance-by-channel", "channels-against-target", "other-areas"})

MOST = 3


class Offer(NamedTuple):
    """A service of ours: `key` is its name in small letters, `what` it is, `brings` what it is good for."""

    key: str
    what: str
    brings: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to ask; `because` are their own words and ours that it comes from."""

    ask: str
    service: str
    because: tuple[str, ...]
    frustration: str
    goal: str

    @property
    def rule(self) -> str:
        """Under what it is known once it was said or dismissed."""
        return f"offer-{re.sub(r'[^a-z0-9]+', '-', self.service.casefold()).strip('-')}"[:80]


def prompts(
    answers: Sequence[tuple[Question, str]], offers: Sequence[Offer], bought: Sequence[str], goal: str = ""
) -> list[Prompt]:
    """At most three, best match first: services they do not buy whose description meets a frustration.

    A frustration alone is enough; a growth goal beside it (`goal` as it was agreed, else as they answered:
    how much, of which part of the business, by when) is named too.
    """
    theirs = {_same(name) for name in bought}
    said = (text for question, text in answers if question.kind == QuestionKind.GOALS)
    goal = goal or next(said, "")
    found: list[tuple[int, Prompt]] = []
    for question, text in answers:
        if question.key not in FRUSTRATIONS:
            continue
        for offer in offers:
            shared = _words(text) & _words(f"{offer.key} {offer.what} {offer.brings}")
            if shared and offer.key not in theirs:
                found.append((len(shared), _prompt(text, goal, offer)))
    found.sort(key=lambda one: -one[0])
    once: dict[str, Prompt] = {}
    for _, prompt in found:
        once.setdefault(prompt.service, prompt)
    return list(once.values())[:MOST]


def _prompt(frustration: str, goal: str, offer: Offer) -> Prompt:
    name = offer.key[:1].upper() + offer.key[1:]
    aim = f" You also want this: “{_short(goal, 120)}”" if goal else ""
    ask = (
        f"You told us: “{_short(frustration)}”{aim} {name} is how we would go at that. Shall we show you how?"
    )
    because = [f"They said: {_short(frustration)}", f"{name}: {_short(offer.brings or offer.what)}"]
    if goal:
        because.insert(1, f"Their goal: {_short(goal)}")
    return Prompt(ask, name, tuple(because), _short(frustration), _short(goal))


def _words(text: str) -> set[str]:
    """What a text is about: its words without endings that say only how many or when."""
    words = {word.casefold() for word in WORD.findall(text)} - COMMON
    return {re.sub(r"(ings?|ed|es|s)$", "", word) if len(word) > 4 else word for word in words}


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


def _short(text: str, most: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"

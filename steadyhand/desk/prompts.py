"""Something clever to say, from their own words: a goal and a frustration matched to a service of ours (R8).

Prompts that need figures come with the figures; these need only what the client told us. Each names the
words it comes from and ends in a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from steadyhand.desk.jottings import Jotting
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


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to ask; `because` are their own words and ours that it comes from."""

    ask: str
    service: str
    because: tuple[str, ...]


def prompts(
    answers: Sequence[tuple[Question, str]], offers: Sequence[Jotting], bought: Sequence[str]
) -> list[Prompt]:
    """At most three, best match first: services they do not buy whose description meets a frustration.

    A frustration alone is enough; a growth goal beside it is named too.
    """
    theirs = {_same(name) for name in bought}
    goal = next((text for question, text in answers if question.kind == QuestionKind.GOALS), "")
    found: list[tuple[int, Prompt]] = []
    for question, text in answers:
        if question.key not in FRUSTRATIONS:
            continue
        for offer in offers:
            shared = _words(text) & _words(f"{offer.key} {offer.text} {offer.more}")
            if shared and offer.key not in theirs:
                found.append((len(shared), _prompt(text, goal, offer)))
    found.sort(key=lambda one: -one[0])
    once: dict[str, Prompt] = {}
    for _, prompt in found:
        once.setdefault(prompt.service, prompt)
    return list(once.values())[:MOST]


def _prompt(frustration: str, goal: str, offer: Jotting) -> Prompt:
    name = offer.key[:1].upper() + offer.key[1:]
    aim = " It may bear on the goal you named, too." if goal else ""
    ask = (
        f"You told us: “{_short(frustration)}” {name} is how we would go at that.{aim} Shall we show you how?"
    )
    because = [f"They said: {_short(frustration)}", f"{name}: {_short(offer.more or offer.text)}"]
    if goal:
        because.insert(1, f"Their goal: {_short(goal)}")
    return Prompt(ask, name, tuple(because))


def _words(text: str) -> set[str]:
    """What a text is about: its words without endings that say only how many or when."""
    words = {word.casefold() for word in WORD.findall(text)} - COMMON
    return {re.sub(r"(ings?|ed|es|s)$", "", word) if len(word) > 4 else word for word in words}


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


def _short(text: str, most: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"

"""How the answers of past pitch tests turned out: won and lost, by score and by answer (W1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from steadyhand.core.actor import Actor
from steadyhand.newbusiness.models import Lead, LeadStage, PitchAnswer, PitchTest, Verdict

#: Bands of the score in percent, and of an answer's points: words, first, last.
SCORES = (("under 40%", 0, 39), ("40 to 59%", 40, 59), ("60 to 79%", 60, 79), ("80% and more", 80, 100))
POINTS = (("0 or 1", 0, 1), ("2", 2, 2), ("3 or 4", 3, 4))


@dataclass(slots=True)
class Tally:
    """How leads ended, in one band."""

    label: str
    won: int = 0
    lost: int = 0
    withdrawn: int = 0

    def count(self, stage: str) -> None:
        """One more that ended like this."""
        setattr(self, stage, getattr(self, stage) + 1)

    @property
    def rate(self) -> int | None:
        """Per cent won of those won or lost; None where none was."""
        return round(100 * self.won / (self.won + self.lost)) if self.won + self.lost else None


@dataclass(slots=True)
class Question:
    """One question of the test, with how its answers turned out."""

    key: str
    text: str
    tallies: list[Tally] = field(default_factory=lambda: [Tally(label) for label, *_ in POINTS])


@dataclass(slots=True)
class Outcomes:
    """Everything decided so far."""

    scores: list[Tally]
    questions: list[Question]
    against: Tally
    untested: Tally

    @property
    def is_empty(self) -> bool:
        """Whether nothing was tested and decided yet."""
        return not any(tally.won or tally.lost or tally.withdrawn for tally in (*self.scores, self.untested))


def outcomes(actor: Actor) -> Outcomes:
    """Over the decided leads one may see, each by its latest test. Three queries."""
    ended = dict(
        Lead.objects.visible_to(actor)
        .filter(stage__in=[LeadStage.WON, LeadStage.LOST, LeadStage.WITHDRAWN])
        .order_by()
        .values_list("pk", "stage")
    )
    found = Outcomes(
        [Tally(label) for label, *_ in SCORES],
        [],
        Tally("decided against the score"),
        Tally("without a test"),
    )
    tests = {test.pk: test for test in PitchTest.objects.filter(lead__in=ended, until=None)}
    for test in tests.values():
        _put(found.scores, SCORES, test.score, ended[test.lead_id])
        if test.is_against_score and test.verdict == Verdict.GO:
            found.against.count(ended[test.lead_id])
    for lead in ended.keys() - {test.lead_id for test in tests.values()}:
        found.untested.count(ended[lead])
    questions: dict[str, Question] = {}
    for answer in PitchAnswer.objects.filter(test__in=tests).order_by("-test_id", "id"):
        question = questions.setdefault(answer.question, Question(answer.question, answer.text))
        _put(question.tallies, POINTS, answer.points, ended[tests[answer.test_id].lead_id])
    found.questions = list(questions.values())
    return found


def _put(tallies: list[Tally], bands: tuple[tuple[str, int, int], ...], value: int, stage: str) -> None:
    for tally, (_, first, last) in zip(tallies, bands, strict=True):
        if first <= value <= last:
            tally.count(stage)

"""Something clever to say to a client: a question, the numbers behind it, what became of it (R8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.comms.models import Call


class InsightState(models.TextChoices):
    """What became of a prompt. Passed: the figures do not say so any more, or a newer month is over."""

    OPEN = "open", "to be said"
    PLANNED = "planned", "for the next call"
    USED = "used", "said"
    DISMISSED = "dismissed", "dismissed"
    TAKEN = "taken", "an opportunity"
    PASSED = "passed", "passed"


class InsightQuerySet(SeenWithClient["Insight"]):
    """Prompts, in the words of their page."""

    def standing(self) -> Self:
        """To be said, those meant for the next call first."""
        rows = self.filter(state__in=(InsightState.PLANNED, InsightState.OPEN))
        return rows.order_by("-state", "-weight", "rule")

    def settled(self) -> Self:
        """Somebody has done something about them, the latest first."""
        states = (InsightState.USED, InsightState.DISMISSED, InsightState.TAKEN)
        return self.filter(state__in=states).order_by("-settled_at", "-pk")


class Insight(models.Model):
    """A prompt that a rule made of a client's figures or words, once for each rule and period.

    `question` is for the client, `says` what the figures do, `advice` what we would do. `numbers` are lines
    of label, now, then, change, tone, period, compared, source, sampled, as they are shown. `page` is where
    on the client's pages they can be seen. Until `quiet_until` the rule says nothing more to this client.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="insights")
    rule = models.CharField(max_length=80)
    period = models.CharField(max_length=40)
    question = models.CharField(max_length=600)
    says = models.CharField(max_length=600)
    advice = models.CharField(max_length=400, blank=True)
    service = models.CharField(max_length=200, blank=True)
    numbers = models.JSONField(default=list)
    page = models.CharField(max_length=100)
    weight = models.DecimalField(max_digits=6, decimal_places=3)
    state = models.CharField(max_length=10, choices=InsightState, default=InsightState.OPEN)
    call = models.ForeignKey(Call, null=True, on_delete=models.SET_NULL, related_name="insights")
    reason = models.CharField(max_length=300, blank=True)
    quiet_until = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    objects = InsightQuerySet.as_manager()

    if TYPE_CHECKING:
        client_id: int
        call_id: int | None

    class Meta:
        ordering = ["-made_at", "-weight", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "rule", "period"], name="one_prompt_a_rule_and_period"),
            models.CheckConstraint(
                condition=~models.Q(state="dismissed") | ~models.Q(reason=""),
                name="dismissed_prompt_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "planned", "passed"], settled_at=None)
                | models.Q(state__in=["used", "dismissed", "taken"], settled_at__isnull=False),
                name="settled_prompt_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)

    @property
    def is_standing(self) -> bool:
        """Whether it is still to be said."""
        return self.state in (InsightState.OPEN, InsightState.PLANNED)

    @property
    def is_planned(self) -> bool:
        """Whether it is meant for the next call."""
        return self.state == InsightState.PLANNED

    @property
    def seen_at(self) -> str:
        """Where its numbers stand; needs the client loaded."""
        return f"{self.client.get_absolute_url()}{self.page}"

    def as_data(self) -> dict[str, Any]:
        """For the API and the call brief; needs the client loaded."""
        return {
            "id": self.pk,
            "client": self.client.ref,
            "rule": self.rule,
            "period": self.period,
            "question": self.question,
            "says": self.says,
            "advice": self.advice,
            "service": self.service,
            "numbers": self.numbers,
            "page": self.seen_at,
            "state": self.state,
            "reason": self.reason,
            "call": self.call_id,
            "quiet_until": self.quiet_until,
            "made_at": self.made_at,
            "settled_at": self.settled_at,
        }

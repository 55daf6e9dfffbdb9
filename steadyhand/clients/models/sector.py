"""What we know of an industry, and what our services are (S22). Shared across clients."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models.kept import Kept, KeptQuerySet
from steadyhand.core.actor import Actor, ActorKind


def same_word(text: str) -> str:
    """Under what an industry or a service is found, however it is spelt: “Real  Estate” as “real estate”."""
    return " ".join(text.split()).casefold()


class AgencyOwn[Row: models.Model](KeptQuerySet[Row]):
    """What belongs to the agency as a whole: every member reads it, no client does."""

    def visible_to(self, actor: Actor) -> Self:
        """Everything for members and the system, nothing for a client's contact."""
        return self.none() if actor.kind is ActorKind.CONTACT else self.all()


class SectorNote(Kept):
    """What holds for every client of one industry; a newer text replaces it, and the old stays readable."""

    key = models.CharField(max_length=100, editable=False)
    industry = models.CharField(max_length=100)
    text = models.TextField()
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaced_by")

    objects = AgencyOwn["SectorNote"].as_manager()

    class Meta:
        ordering = ["industry", "-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(until=None), name="one_note_an_industry"
            ),
            models.CheckConstraint(
                condition=~models.Q(text="") & ~models.Q(key=""), name="sector_note_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.industry


class ServiceOffer(Kept):
    """One service we offer: what it is, what it brings, who leads it.

    A client's service is the offer of the same name, else the one of its channel.
    """

    key = models.CharField(max_length=200, editable=False)
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=40, blank=True)
    what = models.TextField()
    brings = models.TextField(blank=True)
    led_by = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaced_by")

    objects = AgencyOwn["ServiceOffer"].as_manager()

    class Meta:
        ordering = ["name", "-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=models.Q(until=None), name="one_offer_a_name"),
            models.CheckConstraint(
                condition=~models.Q(what="") & ~models.Q(key=""), name="offer_says_what_it_is"
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Words of the channels: asked about when heard, explained by whoever leads the channel (S17)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Access, Client
from steadyhand.commitments.models import Commitment
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class ChannelLead(models.Model):
    """Whom to ask about a channel."""

    channel = models.CharField(max_length=40, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="leads_channels")

    class Meta:
        ordering = ["channel"]

    def __str__(self) -> str:
        return f"{self.member} leads {self.channel}"


class TermQuerySet(models.QuerySet["Term"]):
    """Terms, in the words of the glossary."""

    def visible_to(self, actor: Actor) -> Self:
        """What is explained is everybody's; an open question is for who asked, who is asked, and the team."""
        if actor.is_system or actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        sees = models.Exists(Access.objects.filter(client=models.OuterRef("client"), member=actor.member_id))
        mine = models.Q(heard_by=actor.member_id) | models.Q(asked_of=actor.member_id)
        nobodys = models.Q(client=None)
        return self.filter(models.Q(explained_at__isnull=False) | mine | nobodys | sees)

    def standing(self) -> Self:
        """Not taken out."""
        return self.filter(dropped_at=None)

    def explained(self) -> Self:
        """Those that have joined the glossary."""
        return self.standing().filter(explained_at__isnull=False)

    def asked(self) -> Self:
        """Those nobody has explained yet."""
        return self.standing().filter(explained_at=None)


class Term(models.Model):
    """A word somebody heard and did not know.

    `client` is where it was heard; readers of the answer do not see it. `asking` is the promise of whoever
    leads the channel to explain it.
    """

    word = models.CharField(max_length=100)
    channel = models.CharField(max_length=40, blank=True)
    client = models.ForeignKey(Client, null=True, on_delete=models.SET_NULL, related_name="terms")
    heard_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="terms_heard")
    heard_at = models.DateTimeField()
    asked_of = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="terms_asked")
    asking = models.OneToOneField(Commitment, null=True, on_delete=models.SET_NULL, related_name="term")
    explanation = models.TextField(blank=True)
    explained_by = models.CharField(max_length=200, blank=True)
    explained_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["word", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(explained_at=None) | ~models.Q(explanation=""),
                name="explained_term_has_words",
            )
        ]

    def __str__(self) -> str:
        return self.word

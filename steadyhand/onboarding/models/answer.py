"""What a client has written into a form (O1)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Access, ClientFile, Contact
from steadyhand.core.actor import Actor
from steadyhand.onboarding.models.form import SentForm


class AnswerSource(models.TextChoices):
    """How an answer came to stand in the form."""

    KNOWN = "known", "we knew it"
    TYPED = "typed", "typed"


class OfForm[Row: models.Model](models.QuerySet[Row]):
    """Rows with a `form`, as far as its answers may be read."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of clients the actor sees; finance's for finance alone."""
        return self.filter(form__in=SentForm.objects.readable_by(actor).values("pk"))


class AnswerQuerySet[Row: models.Model](OfForm[Row]):
    """Answers; what they say of a person is for the account team's eyes alone (S6, B9)."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of forms one may read; personal ones on the account team, whatever the role."""
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        team = Access.objects.filter(client=models.OuterRef("form__client"), member=actor.member_id)
        return rows.filter(models.Q(personal=False) | models.Exists(team))


class Answer(models.Model):
    """The standing answer to one question, as it was typed: sound or not, it is kept.

    `page` names the page it was typed on (a random word for each opening), so that the same hand may go on.
    An answer that a newer version of the form no longer asks for stays, unseen. A `personal` one is about how
    somebody likes to be dealt with.
    """

    form = models.ForeignKey(SentForm, on_delete=models.CASCADE, related_name="answers")
    question_key = models.CharField(max_length=60)
    value = models.JSONField()
    source = models.CharField(max_length=5, choices=AnswerSource, default=AnswerSource.TYPED)
    personal = models.BooleanField(default=False)
    page = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)

    objects = AnswerQuerySet["Answer"].as_manager()

    class Meta:
        ordering = ["form", "id"]
        constraints = [
            models.UniqueConstraint(fields=["form", "question_key"], name="one_standing_answer_a_question")
        ]

    def __str__(self) -> str:
        return self.question_key


class OtherAnswer(models.Model):
    """What somebody else wrote into the same field at the same time. It waits until one of them is picked.

    Settled, it keeps what was not picked, so that nothing is ever lost.
    """

    form = models.ForeignKey(SentForm, on_delete=models.CASCADE, related_name="other_answers")
    question_key = models.CharField(max_length=60)
    value = models.JSONField()
    personal = models.BooleanField(default=False)
    page = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)

    objects = AnswerQuerySet["OtherAnswer"].as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["form"], name="other_answer_waiting", condition=models.Q(settled_at=None))
        ]

    def __str__(self) -> str:
        return self.question_key


class FormFile(models.Model):
    """A file that was added to an answer."""

    form = models.ForeignKey(SentForm, on_delete=models.CASCADE, related_name="files")
    question_key = models.CharField(max_length=60)
    file = models.OneToOneField(ClientFile, on_delete=models.CASCADE, related_name="form_file")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    objects = OfForm["FormFile"].as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.question_key}: {self.file_id}"


class AgreedTerms(models.Model):
    """Somebody at the client agreed to how we work together: the very words, and their SHA-256."""

    form = models.ForeignKey(SentForm, on_delete=models.CASCADE, related_name="agreed_terms")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="agreed_terms")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()
    text = models.TextField()
    digest = models.CharField(max_length=64)

    objects = OfForm["AgreedTerms"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["form", "digest"], name="one_agreement_to_terms_a_wording")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:8]}"

"""Playbooks, their published versions, and drafts of the next one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, NoReturn, Self

from django.db import models

from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Refusal
from steadyhand.core.statements import Records
from steadyhand.playbook.policy import Policy

EDIT_PLAYBOOK = "edit_playbook"


class AgencyOnly[M: models.Model](models.QuerySet[M]):
    """Everybody at the agency reads its playbooks; no client does."""

    def visible_to(self, actor: Actor) -> Self:
        return self.none() if actor.kind is ActorKind.CONTACT else self.all()


class Playbook(models.Model):
    """A playbook the agency has adopted, by its name (“framework”)."""

    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)

    objects = AgencyOnly.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title

    @property
    def latest(self) -> Version | None:
        """The version of this playbook that was published last."""
        return self.versions.defer("document", "content").order_by("-number").first()


class VersionQuerySet(AgencyOnly["Version"]):
    """Published versions, which nothing changes in bulk either."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise Refusal("Published versions cannot be changed.", remedy="Start a new draft.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        self.update()

    def delete(self) -> NoReturn:
        raise Refusal("Published versions cannot be removed: commitments name them.")


class Version(models.Model):
    """A published playbook. Never changed, never removed: commitments name the version that made them.

    `document` is the text as it was written, `content` the whole policy it comes to, as JSON.
    """

    playbook = models.ForeignKey(Playbook, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["playbook", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.playbook.title}, version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once only."""
        if not self._state.adding:
            raise Refusal(f"{self} is published and cannot be changed.", remedy="Start a new draft.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Never."""
        raise Refusal(f"{self} is published and cannot be removed: commitments name it.")

    @classmethod
    def live(cls) -> Version | None:
        """The version in force: the one published last, of whichever playbook; its texts come when asked."""
        known = _known.get()
        if known is None:
            return LIVE.one()
        if not known:
            known.append(LIVE.one())
        return known[0]

    @property
    def policy(self) -> Policy:
        """What the version says, typed. Read once a process: a published version never changes."""
        return _policy(self.pk, self.digest)


LIVE = Records(
    lambda: Version.objects.select_related("playbook").defer("document", "content").order_by("-pk")[:1]
)

_known: ContextVar[list[Version | None] | None] = ContextVar("live_version", default=None)


@contextmanager
def one_version() -> Iterator[None]:
    """Within this block the version in force is asked for once: what one page shows, it shows by one version.

    For reading alone; what is published meanwhile is seen after the block.
    """
    token = _known.set([])
    try:
        yield
    finally:
        _known.reset(token)


@lru_cache(maxsize=8)
def _policy(pk: int, digest: str) -> Policy:
    return Policy.model_validate(Version.objects.values_list("content", flat=True).get(pk=pk))


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, for those who may edit the playbook."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.may(EDIT_PLAYBOOK) else self.none()


class Draft(models.Model):
    """The next version, while somebody works on it. `revision` keeps two editors apart."""

    playbook = models.OneToOneField(Playbook, on_delete=models.CASCADE, related_name="draft")
    document = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200)

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"draft of {self.playbook.title}"

"""An import: its files, what was checked, what was applied."""

from __future__ import annotations

from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from steadyhand.core.actor import Actor
from steadyhand.people.roles import Capability


class RunState(models.TextChoices):
    """Where an import stands. `checking`, `applying` and `undoing` may be taken up again after a kill."""

    UPLOADED = "uploaded", "waiting for its columns"
    CHECKING = "checking", "being checked"
    CHECKED = "checked", "checked, nothing written yet"
    APPLYING = "applying", "being imported"
    APPLIED = "applied", "imported"
    UNDOING = "undoing", "being undone"
    UNDONE = "undone", "undone"
    FAILED = "failed", "refused"


class AmountBasis(models.TextChoices):
    """What the amount of a won deal means."""

    MONTHLY = "monthly", "a month's fee"
    YEARLY = "yearly", "a year's fee"
    PROJECT = "project", "a project's total"


#: What an import of one client's figures calls its source and its file's kind (`exchange.figure_runs`).
#: It has its page with the client, not among the imports of books.
FIGURES = "figures"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Imports of books, as far as they may be seen."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own imports; everybody's for those who may import and see all clients."""
        if not actor.may(Capability.IMPORT):
            return self.none()
        books = self.exclude(source=FIGURES)
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return books
        return books.filter(by_member_id=actor.member_id) if actor.member_id else self.none()


class ImportRun(models.Model):
    """One import of one or several files. `done` of `total` rows are through the present state.

    `by` began it; `asked` is who asked for what is being done now (a check, the import, an undo).
    """

    source = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.UPLOADED)
    amount_basis = models.CharField(max_length=8, choices=AmountBasis, blank=True)
    batch = models.UUIDField(unique=True)
    by_member_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    asked_member_id = models.BigIntegerField(null=True)
    asked_name = models.CharField(max_length=200)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    notices = models.JSONField(default=list)
    problem = models.TextField(blank=True)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["state", "claimed_until"], name="import_waiting")]

    def __str__(self) -> str:
        return f"{self.source} import of {self.made_at:%d %b %Y %H:%M}"

    def get_absolute_url(self) -> str:
        """The import's page."""
        return f"/imports/{self.pk}/"

    @property
    def is_busy(self) -> bool:
        """Whether somebody has asked for work on it that is not done yet."""
        return self.state in (RunState.CHECKING, RunState.APPLYING, RunState.UNDOING)


class ImportFile(models.Model):
    """A file of an import, and which of its columns means what (`mapping`: field → heading)."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    mapping = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "kind"], name="one_file_a_kind_and_import")]

    def __str__(self) -> str:
        return self.name


class RowAction(models.TextChoices):
    """What an import does with a row."""

    CREATE = "create", "create"
    UPDATE = "update", "update"
    UNCHANGED = "unchanged", "unchanged"
    SKIP = "skip", "skipped"


class ImportRow(models.Model):
    """What one row of a file will do (`steps`), and what it has made (`made`: key → id).

    `applied` is true from the import until its undo.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    line = models.PositiveIntegerField()
    label = models.CharField(max_length=300)
    action = models.CharField(max_length=10, choices=RowAction)
    reason = models.TextField(blank=True)
    steps = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    made = models.JSONField(default=dict)
    applied = models.BooleanField(default=False)
    #: Skipped because it cannot be right, not because it does not belong here (a deal not won).
    mendable = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_number_a_row")]
        indexes = [models.Index(fields=["run", "action", "number"], name="import_row_by_action")]

    def __str__(self) -> str:
        return f"{self.kind} line {self.line}: {self.action}"

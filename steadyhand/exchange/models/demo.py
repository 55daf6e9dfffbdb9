"""What loading the demo agency has made, so that removing it need not guess."""

from __future__ import annotations

from django.db import models


class DemoLoad(models.Model):
    """The demo agency is loaded (id is always 1); `made` names its rows: model label → ids.

    `founded`: there was no agency before. Events `first_event` to `last_event`, written no later than
    `loaded_at`, tell the demo's past.
    """

    loaded_at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    founded = models.BooleanField(default=False)
    first_event = models.BigIntegerField(default=0)
    last_event = models.BigIntegerField(default=0)
    made = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_demo")]

    def __str__(self) -> str:
        return f"demo agency loaded {self.loaded_at:%d %b %Y %H:%M}"

    def ids(self, model: type[models.Model]) -> list[int]:
        """The ids of the rows of this model that loading made."""
        found: list[int] = self.made.get(model._meta.label_lower, [])
        return found

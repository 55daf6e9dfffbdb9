from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from steadyhand.core.word_index import WordIndex, kept_after_migrations


class CoreConfig(AppConfig):
    """The ground every room stands on: clock, business calendar, money, actor, event, outbox, links."""

    name = "steadyhand.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every room that reacts to events say so: its `reactions.py`."""
        autodiscover_modules("reactions")
        kept_after_migrations(self, WordIndex("core.Event"))

from django.apps import AppConfig

from steadyhand.core.word_index import WordIndex, kept_after_migrations


class CommsConfig(AppConfig):
    """Calls, messages, meetings, questions and actions; what was said is an interaction."""

    name = "steadyhand.comms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what was said found by its words."""
        kept_after_migrations(self, WordIndex("comms.Interaction"))

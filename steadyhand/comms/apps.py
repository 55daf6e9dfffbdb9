from django.apps import AppConfig

from steadyhand.core import mail_routes
from steadyhand.core.word_index import WordIndex, kept_after_migrations


class CommsConfig(AppConfig):
    """Calls, messages, meetings, questions and actions; what was said is an interaction."""

    name = "steadyhand.comms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what was said found by its words; let members' mail leave by their own mailboxes."""
        from steadyhand.comms.mail.mailboxes import server_for  # only now may models be imported

        mail_routes.route("mailbox:", server_for)
        kept_after_migrations(self, WordIndex("comms.Interaction"))

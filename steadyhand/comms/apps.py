from django.apps import AppConfig


class CommsConfig(AppConfig):
    """Interactions: what was said to whom, when and how."""

    name = "steadyhand.comms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of merged clients."""
        from steadyhand.comms.interactions import follow_merge
        from steadyhand.core.events import react

        react("client.merged")(follow_merge)

from django.apps import AppConfig


class CommsConfig(AppConfig):
    """Interactions: what was said to whom, when and how."""

    name = "steadyhand.comms"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class CommsConfig(AppConfig):
    """Calls, messages, meetings, questions and actions; what was said is an interaction."""

    name = "steadyhand.comms"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class APIConfig(AppConfig):
    """The REST face. No tables, no rules."""

    name = "steadyhand.api"
    default_auto_field = "django.db.models.BigAutoField"

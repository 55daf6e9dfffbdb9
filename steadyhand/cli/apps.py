from django.apps import AppConfig


class CLIConfig(AppConfig):
    """The command line. No tables, no rules."""

    name = "steadyhand.cli"
    default_auto_field = "django.db.models.BigAutoField"

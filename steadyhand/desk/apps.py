from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Read-only compositions across areas: Today, client page, brief. No tables."""

    name = "steadyhand.desk"
    default_auto_field = "django.db.models.BigAutoField"

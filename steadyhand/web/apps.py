from django.apps import AppConfig


class WebConfig(AppConfig):
    """Staff pages. No tables, no rules."""

    name = "steadyhand.web"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The client's own pages. No tables, no rules."""

    name = "steadyhand.portal"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """What the figures say: metrics, dashboards, reports, attribution, dips."""

    name = "steadyhand.reporting"
    default_auto_field = "django.db.models.BigAutoField"

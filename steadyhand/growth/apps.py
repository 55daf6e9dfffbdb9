from django.apps import AppConfig


class GrowthConfig(AppConfig):
    """Opportunities: what a client could do more of with us."""

    name = "steadyhand.growth"
    default_auto_field = "django.db.models.BigAutoField"

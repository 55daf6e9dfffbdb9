from django.apps import AppConfig


class CareConfig(AppConfig):
    """Flags and ratings: what a client is unhappy with, and how they rate us."""

    name = "steadyhand.care"
    default_auto_field = "django.db.models.BigAutoField"

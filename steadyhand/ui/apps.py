from django.apps import AppConfig


class UIConfig(AppConfig):
    """Components, icons, styles and scripts. Knows only core."""

    name = "steadyhand.ui"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Imports, exports and the demo agency."""

    name = "steadyhand.exchange"
    default_auto_field = "django.db.models.BigAutoField"

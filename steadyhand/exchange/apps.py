from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Imports, exports and the demo agency."""

    name = "steadyhand.exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of merged clients."""
        from steadyhand.core.events import react
        from steadyhand.exchange.references import follow_merge

        react("client.merged")(follow_merge)

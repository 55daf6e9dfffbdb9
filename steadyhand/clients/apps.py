from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Clients, contacts, engagements and who may see whom."""

    name = "steadyhand.clients"
    default_auto_field = "django.db.models.BigAutoField"

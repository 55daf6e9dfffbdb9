from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """What we make for clients: deliverables, the strategy, approvals, introductions."""

    name = "steadyhand.delivery"
    default_auto_field = "django.db.models.BigAutoField"

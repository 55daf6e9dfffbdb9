from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground every room stands on: clock, business calendar, money, actor, event, outbox, links."""

    name = "steadyhand.core"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class PlaybookConfig(AppConfig):
    """Typed policy and its pure evaluation: facts go in, promises come out."""

    name = "steadyhand.playbook"
    default_auto_field = "django.db.models.BigAutoField"

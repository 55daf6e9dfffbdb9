from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """The ledger of what we owe, and the planner that keeps it equal to the playbook."""

    name = "steadyhand.commitments"
    default_auto_field = "django.db.models.BigAutoField"

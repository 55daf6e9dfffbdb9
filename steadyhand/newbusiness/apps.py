from django.apps import AppConfig


class NewBusinessConfig(AppConfig):
    """Leads: should we pitch, with whom, at what price; won, lost or withdrawn."""

    name = "steadyhand.newbusiness"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The user model, members of the agency, roles and what each may do."""

    name = "steadyhand.people"
    default_auto_field = "django.db.models.BigAutoField"

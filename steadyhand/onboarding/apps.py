from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """From the win to a client who is set up: handover, forms, agreements, kickoffs."""

    name = "steadyhand.onboarding"
    default_auto_field = "django.db.models.BigAutoField"

"""The tables of onboarding."""

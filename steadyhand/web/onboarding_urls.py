"""Addresses of handovers, onboarding forms and kickoffs."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

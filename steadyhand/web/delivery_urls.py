"""Addresses of what we deliver: deliverables, strategies, introductions, set-up."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

"""The one tag library that every component registers with."""

from __future__ import annotations

from django import template

register = template.Library()

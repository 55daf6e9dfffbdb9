"""What the plan page needs of templates."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(values: Mapping[Hashable, Any], key: Hashable) -> Any:
    """The value at a key that the template knows only by a variable; None where there is none."""
    return values.get(key)

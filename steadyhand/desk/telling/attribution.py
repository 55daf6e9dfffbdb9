"""Acts of attribution, in words."""

from collections.abc import Callable
from typing import Any


def _count(data: dict[str, Any], name: str) -> str:
    return f"{int(data.get(name) or 0):,}"


OF_ATTRIBUTION: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {
    "journeys.imported": lambda d: (
        "Touches and conversions brought in",
        f"“{d.get('name', '')}”",
        f"{_count(d, 'touches')} touches, {_count(d, 'conversions')} conversions",
    ),
}

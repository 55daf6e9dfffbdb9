"""Acts of metrics, in words."""

from collections.abc import Callable
from typing import Any

OF_METRICS: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {}

"""Acts of attribution, in words."""

from collections.abc import Callable
from typing import Any

OF_ATTRIBUTION: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {}

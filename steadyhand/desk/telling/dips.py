"""Acts of dips, in words."""

from collections.abc import Callable
from typing import Any

OF_DIPS: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {}

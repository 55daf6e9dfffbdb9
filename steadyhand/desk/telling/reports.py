"""Acts of reports, in words."""

from collections.abc import Callable
from typing import Any

OF_REPORTS: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {}

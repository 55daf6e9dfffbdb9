"""The client's own pages, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OF_PORTAL: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {
    "link.issued": lambda d: ("Link made", f"to {d.get('item', 'one item')} for {d.get('name', 'them')}", ""),
    "links.revoked": lambda d: ("Links shut", "what they opened opens no more", ""),
}

"""What all of Google's tools ask for when they are connected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steadyhand.integrations.google.calling import read_key
from steadyhand.reporting.metrics.providers import Field

KEY = Field(
    "key",
    "Key of the service account",
    "Make a service account in Google's cloud console, give it a JSON key, paste the whole file here. "
    "It is kept encrypted and never shown again.",
    lengthy=True,
)


def read_keyed_secret(values: Mapping[str, str]) -> dict[str, Any]:
    """The secret of a tool that asks for nothing but the key."""
    return {"key": read_key(values.get("key", ""))}

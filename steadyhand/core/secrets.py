"""Passwords and tokens of other systems, encrypted in the database with the installation's key."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac

from steadyhand.core.refusals import Refusal


def seal(values: dict[str, Any]) -> str:
    """These values as text that only this installation can read."""
    return _fernet().encrypt(json.dumps(values).encode()).decode()


def unseal(text: str) -> dict[str, Any]:
    """What was sealed. Refusal when it was sealed with another key."""
    try:
        found: dict[str, Any] = json.loads(_fernet().decrypt(text.encode()))
    except (InvalidToken, ValueError) as error:
        raise Refusal("This was connected under another secret key.", remedy="Connect it again.") from error
    return found


def _fernet() -> Fernet:
    key = salted_hmac("steadyhand.core.secrets", "other systems", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))

"""Sealing a PDF (PAdES B-B), and looking at a seal, in a short-lived child process: the libraries are large.

The key is the agency's own PKCS#12 file where the settings name one; else one that is made at first use and
kept in the data folder, readable by its owner only. Our own key is self-signed: it shows that nothing was
changed since, not who the agency is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from steadyhand.core import children
from steadyhand.core.refusals import Refusal

#: Seconds after which a seal is given up.
PATIENCE = 60

CHILD = Path(__file__).with_name("sealing_child.py")

#: Our own key, in the data folder.
OWN_KEY = "seal.p12"


class Unsealed(Refusal):
    """The PDF could not be sealed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed PDF, and the SHA-256 of the certificate it was sealed with."""

    content: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Seal:
    """What a PDF's seal says of itself: `whole` that nothing follows it, `why` what could not be read."""

    readable: bool
    intact: bool = False
    whole: bool = False
    fingerprint: str = ""
    signer: str = ""
    why: str = ""


def seal(pdf: bytes, *, name: str, reason: str) -> Sealed:
    """The PDF, sealed in the name of the agency. About a second; never called inside a transaction."""
    own = settings.SEAL_CERTIFICATE is None
    asked = {
        "do": "seal",
        "key": str(settings.DATA / OWN_KEY if own else settings.SEAL_CERTIFICATE),
        "passphrase": "" if own else settings.SEAL_PASSPHRASE,
        "make": name if own else "",
        "name": name,
        "reason": reason,
    }
    said, content = _ask(asked, pdf)
    return Sealed(content, said["fingerprint"])


def look_at(pdf: bytes) -> Seal:
    """What the seal of a PDF says. Nothing outside the file is believed or asked."""
    said, _ = _ask({"do": "look"}, pdf)
    return Seal(**said)


def _ask(asked: dict[str, str], pdf: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        answer = children.run_file(CHILD, json.dumps(asked).encode() + b"\n" + pdf, patience=PATIENCE)
    except children.TooSlow as error:
        raise Unsealed("The seal took too long.", remedy="Try again in a minute.") from error
    except children.Failed as error:
        raise Unsealed(
            f"The PDF could not be sealed: {error.said}.",
            remedy="Look at the certificate named in STEADYHAND_SEAL_CERTIFICATE.",
        ) from error
    line, _, content = answer.partition(b"\n")
    return json.loads(line), content

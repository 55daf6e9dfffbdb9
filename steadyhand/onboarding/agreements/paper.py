"""The agreement as a PDF: its clauses, the signatures, and beneath them the evidence and the chain's head."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from steadyhand.comms.mail.letters import day_words
from steadyhand.core.clock import zone_info
from steadyhand.core.models import Agency
from steadyhand.core.typesetting import as_pdf
from steadyhand.onboarding.agreements.drafting import filled_in
from steadyhand.onboarding.agreements.signing import PLAINLY
from steadyhand.onboarding.models import Agreement, AgreementEvent, AgreementSignature, AgreementVersion

PAPER = Path(__file__).parent / "agreement.typ"

#: Where paper is cut another way.
LETTER = frozenset({"US", "CA", "MX", "PH"})

LINK_WORDS = {
    "shared": "Shared with the client",
    "ready": "Ready to sign",
    "signed": "Signed",
    "sealed": "Sealed",
    "withdrawn": "Withdrawn",
    "declined": "Declined",
    "replaced": "Replaced",
}


def agreement_pdf(version: AgreementVersion) -> bytes:
    """A version as it reads now, without signatures. Takes a process; never called inside a transaction."""
    return as_pdf(PAPER, contents(version, [], []))


def signed_pdf(agreement: Agreement, links: list[AgreementEvent]) -> bytes:
    """The signed version with its evidence, up to and with the last of these links; not sealed yet."""
    signatures = list(agreement.signatures.select_related("version"))
    return as_pdf(PAPER, contents(signatures[0].version, signatures, links))


def contents(
    version: AgreementVersion, signatures: list[AgreementSignature], links: list[AgreementEvent]
) -> dict[str, Any]:
    """What the paper says, in plain values."""
    agency = Agency.get()
    language, _, region = agency.language.partition("-")
    agreement = version.agreement
    head = links[-1].hash if links else ""
    return {
        "paper": "us-letter" if agency.country in LETTER else "a4",
        "lang": language or "en",
        "region": region.upper() or "GB",
        "agency": version.agency_name or agency.name,
        "client": version.client_name or agreement.client.name,
        "title": agreement.title,
        "number": version.number,
        "begins": day_words(version.begins_on),
        "ends": day_words(version.ends_on) if version.ends_on else "",
        "clauses": [
            {"title": one.title, "text": one.text}
            for one in (version.clauses.all() if version.shared_at else filled_in(version))
        ],
        "signatures": [_signature(one, agency.zone) for one in signatures],
        "evidence": [_evidence(one, agency.zone) for one in signatures],
        "links": [
            {
                "number": one.number,
                "what": LINK_WORDS.get(str(one.said.get("what")), str(one.said.get("what"))),
                "at": _at(dt.datetime.fromisoformat(str(one.said["at"])), agency.zone),
                "hash": one.hash,
            }
            for one in links
        ],
        "digest": version.digest,
        "head": head,
        "keywords": [f"agreement:{agreement.pk}", f"chain:{head}", f"sha256:{version.digest}"]
        if head
        else [],
        "plainly": PLAINLY,
    }


def _signature(one: AgreementSignature, zone: str) -> dict[str, str]:
    party = one.version.client_name if one.side == "client" else one.version.agency_name
    return {"name": one.name, "for": party, "at": _at(one.at, zone)}


def _evidence(one: AgreementSignature, zone: str) -> dict[str, Any]:
    rows = (
        ("Typed name", one.name),
        ("Known to us as", " · ".join(filter(None, [one.person, one.email]))),
        ("Let in by", one.through),
        ("When", f"{_at(one.at, zone)} ({one.at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC)"),
        ("Network address", one.address or "not known"),
        ("Browser", one.agent or "not known"),
        ("Saw the version with SHA-256", one.digest),
        ("Agreed to", f"{one.consent} {one.intent}"),
    )
    return {"for": one.get_side_display(), "rows": [list(row) for row in rows]}


def _at(moment: dt.datetime, zone: str) -> str:
    local = moment.astimezone(zone_info(zone))
    return f"{local.day} {local:%B %Y, %H:%M %Z}"

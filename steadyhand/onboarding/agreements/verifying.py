"""Is it still what was signed? Chain, evidence, text and sealed file are held against one another (O3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import IntEnum

from steadyhand.core import files
from steadyhand.core import sealing as seals
from steadyhand.onboarding.agreements import chain
from steadyhand.onboarding.agreements.canonical import digest_of
from steadyhand.onboarding.agreements.signing import evidence_of
from steadyhand.onboarding.models import (
    Agreement,
    AgreementEvent,
    AgreementSeal,
    AgreementSignature,
    AgreementVersion,
    Side,
)


class Verdict(IntEnum):
    """What came of it; also the command's exit code."""

    INTACT = 0
    ALTERED = 1
    UNREADABLE = 2


@dataclass(slots=True)
class Finding:
    """The verdict, what was held against what, and what is wrong, in sentences."""

    verdict: Verdict = Verdict.INTACT
    checked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    agreement: Agreement | None = None

    @property
    def is_intact(self) -> bool:
        """Whether everything is as it was signed."""
        return self.verdict is Verdict.INTACT

    def hold(self, what: str, wrong: list[str]) -> None:
        """Add a check and what it found."""
        self.checked.append(what)
        self.wrong += wrong
        if wrong and self.verdict is Verdict.INTACT:
            self.verdict = Verdict.ALTERED


def verify_agreement(agreement: Agreement) -> Finding:
    """Hold everything stored of an agreement against everything else.

    The sealed file is opened, in a process of its own, only where all the rest holds.
    """
    finding = verify_records(agreement)
    seal = AgreementSeal.objects.filter(agreement=agreement).first()
    if seal is not None and finding.is_intact:
        try:
            with files.open_file(seal.digest) as file:
                content = file.read()
        except FileNotFoundError:
            finding.hold("The sealed PDF is there", ["The sealed PDF is missing from the data folder."])
            finding.verdict = Verdict.UNREADABLE
        else:
            _hold_file(finding, seal, content)
    return finding


def verify_file(content: bytes) -> Finding:
    """Whether a PDF that somebody has is the one sealed here, and all that belongs to it is as it was."""
    seal = AgreementSeal.objects.select_related("agreement__client").filter(digest=_sha256(content)).first()
    if seal is None:
        return _unknown(content)
    finding = verify_records(seal.agreement)
    if finding.is_intact:
        _hold_file(finding, seal, content)
    return finding


def verify_records(agreement: Agreement) -> Finding:
    """The quick part, without the file: text, signatures and chain. Five queries."""
    finding = Finding(agreement=agreement)
    links = list(agreement.chain.all())
    signatures = list(agreement.signatures.select_related("version"))
    versions = list(agreement.versions.prefetch_related("clauses").select_related("agreement"))
    finding.hold("Each link of the chain follows the one before", chain.breaks(agreement, links))
    finding.hold("The text is the one that was shared", _wrong_texts(versions, links))
    finding.hold("The signatures are those in the chain", _wrong_signatures(signatures, links))
    finding.hold("The chain goes on to the seal", _wrong_seal(agreement, links))
    return finding


def _wrong_texts(versions: list[AgreementVersion], links: list[AgreementEvent]) -> list[str]:
    shared = {said["version"]: said.get("digest") for said in _said(links, "shared") if "version" in said}
    wrong = []
    for version in versions:
        if version.shared_at is None:
            continue
        if digest_of(version) != version.digest or shared.pop(version.number, None) != version.digest:
            wrong.append(f"Version {version.number} is no longer what was shared.")
    return wrong + [f"Version {number} is gone." for number in shared]


def _wrong_signatures(signatures: list[AgreementSignature], links: list[AgreementEvent]) -> list[str]:
    kept = {str(said.get("side")): said for said in _said(links, "signed")}
    wrong = []
    for signature in signatures:
        said = kept.pop(signature.side, {})
        stored = evidence_of(signature)
        if any(said.get(name) != value for name, value in stored.items()):
            wrong.append(f"The evidence of {signature.person}'s signature was altered.")
        elif signature.digest != signature.version.digest:
            wrong.append(f"{signature.person} signed another text than the one that is stored.")
    return wrong + [f"The signature of {Side(side).label} is gone." for side in kept if side in Side.values]


def _wrong_seal(agreement: Agreement, links: list[AgreementEvent]) -> list[str]:
    seal = AgreementSeal.objects.filter(agreement=agreement).first()
    said = next(iter(_said(links, "sealed")), None)
    if seal is None and said is None:
        return [] if agreement.state != "sealed" else ["The seal is gone."]
    if seal is None or said is None:
        return ["The seal is gone." if seal is None else "The chain has lost its seal."]
    stored = (seal.digest, seal.size, seal.fingerprint, seal.head)
    if stored != (said.get("file"), said.get("size"), said.get("certificate"), said.get("head")):
        return ["What is stored of the seal was altered."]
    if not any(link.hash == seal.head and link.number + 1 == said.get("number") for link in links):
        return ["The seal does not follow the chain."]
    return []


def _hold_file(finding: Finding, seal: AgreementSeal, content: bytes) -> None:
    is_same = len(content) == seal.size and _sha256(content) == seal.digest
    finding.hold(
        "The sealed PDF has the digest that was written down",
        [] if is_same else ["The sealed PDF is not the file that was sealed."],
    )
    if not is_same:
        return
    looked = seals.look_at(content)
    good = looked.readable and looked.intact and looked.whole and looked.fingerprint == seal.fingerprint
    finding.hold(
        "The seal in the PDF is whole and of our certificate",
        [] if good else [f"The seal in the PDF does not hold{f': {looked.why}' if looked.why else ''}."],
    )


def _unknown(content: bytes) -> Finding:
    looked = seals.look_at(content) if content.startswith(b"%PDF") else seals.Seal(False, why="it is no PDF")
    finding = Finding()
    if not looked.readable:
        finding.verdict = Verdict.UNREADABLE
        finding.wrong.append(f"This file cannot be read as a sealed agreement: {looked.why}.")
    elif looked.intact and looked.whole and not _is_ours(looked.fingerprint):
        finding.hold(
            "The file is one that was sealed here",
            [f"The seal holds, but it is not ours: it was made with the certificate of {looked.signer}."],
        )
    else:
        finding.hold(
            "The file is one that was sealed here",
            ["This is not the file that was sealed here, byte for byte."],
        )
    return finding


def _is_ours(fingerprint: str) -> bool:
    return AgreementSeal.objects.filter(fingerprint=fingerprint).exists()


def _said(links: list[AgreementEvent], what: str) -> list[dict[str, object]]:
    return [link.said for link in links if link.said.get("what") == what]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

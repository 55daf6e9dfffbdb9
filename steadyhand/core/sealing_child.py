"""The child of `core.sealing`: puts a seal (PAdES B-B) on a PDF, or looks at one. Never imported."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

#: What our own key is good for; a seal stays valid as a record however old its key is.
YEARS = 20
FIELD = "Seal"


def signer_of(key: Path, passphrase: bytes | None, name: str) -> signers.SimpleSigner:
    """The key of this PKCS#12 file; made where there is none and we may (`name` is not empty)."""
    if name and not key.exists():
        _make_key(key, name)
    signer: signers.SimpleSigner | None
    signer = signers.SimpleSigner.load_pkcs12(str(key), passphrase=passphrase)  # type: ignore[no-untyped-call]
    if signer is None:
        raise ValueError("the certificate file cannot be opened with this passphrase")
    return signer


def _make_key(path: Path, name: str) -> None:
    """A key that nobody else can read. Of two that make one at once the first wins."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    today = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    usage |= dict.fromkeys(("encipher_only", "decipher_only"), False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=365 * YEARS))
        .not_valid_after(today + dt.timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(private, hashes.SHA256())
    )
    packed = serialize_key_and_certificates(b"seal", private, certificate, None, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(packed)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def fingerprint_of(certificate: Any) -> str:
    """SHA-256 of the certificate, in hexadecimal digits."""
    return bytes(certificate.sha256).hex()


def sealed(asked: dict[str, str], pdf: bytes) -> tuple[dict[str, Any], bytes]:
    """The PDF with a seal that allows no change after it."""
    passphrase = asked["passphrase"].encode() or None
    signer = signer_of(Path(asked["key"]), passphrase, asked["make"])
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=asked["name"],
        reason=asked["reason"],
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    out = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=signer, output=out)
    assert signer.signing_cert is not None  # noqa: S101
    return {"fingerprint": fingerprint_of(signer.signing_cert)}, out.getvalue()


def looked_at(pdf: bytes) -> dict[str, Any]:
    """What the one seal of a PDF says; `readable` is false where there is no PDF or no seal in it."""
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if not signatures:
            return {"readable": False, "why": "it carries no seal"}
        one = signatures[0]
        certificate = one.signer_cert
        trust = ValidationContext(trust_roots=[certificate], allow_fetching=False)
        status = validate_pdf_signature(one, trust)
    except Exception as error:  # whatever a damaged file does to its reader
        return {"readable": False, "why": str(error) or type(error).__name__}
    return {
        "readable": True,
        "intact": bool(status.intact and status.valid and status.bottom_line),
        "whole": status.coverage is SignatureCoverageLevel.ENTIRE_FILE and len(signatures) == 1,
        "fingerprint": fingerprint_of(certificate),
        "signer": certificate.subject.human_friendly,
    }


def main() -> None:
    """One question on standard input, one answer on standard output: a line of JSON, then bytes."""
    asked = json.loads(sys.stdin.buffer.readline())
    pdf = sys.stdin.buffer.read()
    said, body = sealed(asked, pdf) if asked["do"] == "seal" else (looked_at(pdf), b"")
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + body)


if __name__ == "__main__":
    main()

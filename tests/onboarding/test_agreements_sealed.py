"""A signed agreement is sealed once, whoever is killed meanwhile, and one changed byte is found."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from steadyhand.core import files
from steadyhand.core import sealing as seals
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.agreements import sealing
from steadyhand.onboarding.agreements.sealing import seal_agreement, seal_all_signed
from steadyhand.onboarding.agreements.verifying import (
    Verdict,
    verify_agreement,
    verify_file,
    verify_records,
)
from steadyhand.onboarding.models import Agreement, AgreementEvent, AgreementSeal, AgreementState
from tests.cast import NOW, SYSTEM, Cast, build
from tests.onboarding.agreeing import again, both_sign, ready
from tests.onboarding.flips import file_of, unnoticed

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Cast]:
    """Built once, with a data folder of its own; each test takes back what it wrote."""
    folder = tmp_path_factory.mktemp("sealed")
    before = settings.DATA, settings.MEDIA_ROOT
    settings.DATA, settings.MEDIA_ROOT = folder, folder / "files"
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        yield build(planned=False)
        transaction.set_rollback(True)
    settings.DATA, settings.MEDIA_ROOT = before


@pytest.fixture(scope="module")
def sealed(cast: Cast) -> Agreement:
    """Signed by both, sealed for real."""
    row = both_sign(ready(cast), cast)
    assert seal_all_signed() == 1
    return again(row)


def content_of(row: Agreement) -> bytes:
    with files.open_file(row.seal.digest) as file:
        return file.read()


def test_it_is_intact_and_says_so_of_record_and_file(sealed: Agreement) -> None:
    assert sealed.state == AgreementState.SEALED
    finding = verify_agreement(sealed)
    assert (finding.verdict, finding.wrong, len(finding.checked)) == (Verdict.INTACT, [], 6)
    found = verify_file(content_of(sealed))
    assert found.is_intact and found.agreement == sealed


def test_the_pdf_holds_the_head_of_the_chain_and_opens_without_damage(sealed: Agreement) -> None:
    with pikepdf.open(io.BytesIO(content_of(sealed))) as pdf:
        keywords = str(pdf.docinfo["/Keywords"])
        assert not pdf.check_pdf_syntax()
    signed = AgreementEvent.objects.filter(agreement=sealed).order_by("-number")[1]
    assert signed.said["what"] == "signed" and f"chain:{signed.hash}" in keywords


def test_our_key_is_readable_by_its_owner_only(sealed: Agreement) -> None:
    key = Path(settings.DATA) / seals.OWN_KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_sixty_bytes_turned_over_and_each_is_found(sealed: Agreement) -> None:
    """Quick, because the seal itself is looked at only where everything else holds."""
    assert unnoticed(sealed, 60, 20261124, lambda row: verify_agreement(row).is_intact) == []


def test_a_changed_copy_is_no_sealed_agreement(sealed: Agreement) -> None:
    body = bytearray(content_of(sealed))
    body[len(body) * 2 // 3] ^= 1
    assert verify_file(bytes(body)).verdict is not Verdict.INTACT


def test_the_seal_alone_finds_a_change_in_what_it_covers(sealed: Agreement) -> None:
    body = bytearray(content_of(sealed))
    body[400] ^= 1
    assert not seals.look_at(bytes(body)).intact
    assert not seals.look_at(content_of(sealed) + b"%\n").whole


def test_what_is_no_sealed_pdf_is_unreadable(sealed: Agreement) -> None:
    assert verify_file(b"hello").verdict is Verdict.UNREADABLE
    file_of(sealed).rename(file_of(sealed).with_suffix(".away"))
    try:
        assert verify_agreement(sealed).verdict is Verdict.UNREADABLE
    finally:
        file_of(sealed).with_suffix(".away").rename(file_of(sealed))


def test_what_another_agency_sealed_is_not_ours(sealed: Agreement, tmp_path: Path) -> None:
    settings.DATA, before = tmp_path, settings.DATA
    try:
        foreign = seals.seal(content_of_unsealed(), name="Elsewhere", reason="Test").content
    finally:
        settings.DATA = before
    finding = verify_file(foreign)
    assert finding.verdict is Verdict.ALTERED and "Elsewhere" in finding.wrong[0]


def content_of_unsealed() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def fake_seal(*args: Any, **more: Any) -> seals.Sealed:
    """A seal at once; each is another file."""
    fake_seal.made += 1  # type: ignore[attr-defined]
    return seals.Sealed(b"%%PDF sealed %d" % fake_seal.made, "f" * 64)  # type: ignore[attr-defined]


fake_seal.made = 0  # type: ignore[attr-defined]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Sealing without its two processes."""
    monkeypatch.setattr(sealing, "signed_pdf", lambda agreement, links: b"%PDF")
    monkeypatch.setattr(sealing.seals, "seal", fake_seal)
    return monkeypatch


def test_two_that_seal_at_once_keep_one(cast: Cast, quick: pytest.MonkeyPatch) -> None:
    row = both_sign(ready(cast), cast)

    def overtaken(*args: Any, **more: Any) -> seals.Sealed:
        quick.setattr(sealing.seals, "seal", fake_seal)
        seal_agreement(row, by=SYSTEM)  # the other, while this one is still at it
        return fake_seal()

    quick.setattr(sealing.seals, "seal", overtaken)
    slower = seal_agreement(row, by=SYSTEM)
    assert slower == AgreementSeal.objects.get(agreement=row)
    assert [link.said["what"] for link in row.chain.all()].count("sealed") == 1
    assert verify_records(again(row)).is_intact


def test_killed_between_file_and_row_it_is_sealed_by_the_next(cast: Cast, quick: pytest.MonkeyPatch) -> None:
    row = both_sign(ready(cast), cast)

    put = files.put

    def killed(content: bytes) -> str:
        put(content)
        raise KeyboardInterrupt

    with quick.context() as while_killed:
        while_killed.setattr(sealing.files, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            seal_all_signed()
    assert again(row).state == AgreementState.SIGNED and not AgreementSeal.objects.filter(agreement=row)
    assert seal_all_signed() == 1 and seal_all_signed() == 0
    assert verify_records(again(row)).is_intact


def test_what_was_altered_is_not_sealed(cast: Cast, quick: pytest.MonkeyPatch) -> None:
    row = both_sign(ready(cast), cast)
    AgreementEvent.objects.filter(agreement=row, number=1).update(hash="0" * 64)
    with pytest.raises(Refusal, match="Link 1 of the chain"):
        seal_all_signed()
    assert again(row).state == AgreementState.SIGNED

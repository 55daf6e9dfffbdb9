"""A thousand bytes turned over, one at a time: none goes unnoticed. And what other programs say of the PDFs.

`pdfsig` (poppler-utils) and `qpdf` are installed where they are missing; without them this fails.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from steadyhand.core import sealing as seals
from steadyhand.onboarding.agreements.sealing import seal_all_signed
from steadyhand.onboarding.agreements.verifying import verify_agreement, verify_file
from steadyhand.onboarding.models import Agreement
from tests.cast import NOW, build
from tests.onboarding.agreeing import both_sign, ready
from tests.onboarding.flips import file_of, unnoticed
from tests.packages import program

pytestmark = [pytest.mark.soak, pytest.mark.django_db]

FLIPS = 1000
SEED = 7001
#: Flips within the file that the seal itself must find, each in a process of its own.
SEEN_BY_THE_SEAL = 40


@pytest.fixture(scope="module")
def sealed(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[list[Agreement]]:
    """Three, signed by both and sealed for real."""
    folder = tmp_path_factory.mktemp("sealed")
    settings.DATA, settings.MEDIA_ROOT = folder, folder / "files"
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        cast = build(planned=False)
        rows = [both_sign(ready(cast, template=kind), cast) for kind in ("contract", "sla", "contract")]
        assert seal_all_signed() == len(rows)
        yield rows
        transaction.set_rollback(True)


def test_every_byte_turned_over_is_found(sealed: list[Agreement]) -> None:
    began = time.monotonic()
    share = FLIPS // len(sealed) + 1
    for number, row in enumerate(sealed):
        assert verify_agreement(row).is_intact
        missed = unnoticed(row, share, SEED + number, lambda one: verify_agreement(one).is_intact)
        assert not missed, missed[:5]
    print(f"\n{share * len(sealed)} bytes turned over, all found, in {time.monotonic() - began:.0f} s")


def test_a_copy_with_one_byte_turned_over_is_never_the_sealed_file(sealed: list[Agreement]) -> None:
    random = Random(SEED)
    body = file_of(sealed[0]).read_bytes()
    for _ in range(SEEN_BY_THE_SEAL):
        changed = bytearray(body)
        changed[random.randrange(len(body))] ^= 1 << random.randrange(8)
        assert not verify_file(bytes(changed)).is_intact


def test_the_seal_alone_finds_what_changes_the_pages(sealed: list[Agreement]) -> None:
    """In the first part of the file, before the seal's own revision, every byte is covered."""
    random = Random(SEED)
    body = file_of(sealed[0]).read_bytes()
    covered = body.index(b"%%EOF")
    for _ in range(SEEN_BY_THE_SEAL):
        changed = bytearray(body)
        changed[random.randrange(covered)] ^= 1 << random.randrange(8)
        seen = seals.look_at(bytes(changed))
        assert not (seen.readable and seen.intact)


def test_poppler_finds_the_signature_valid(sealed: list[Agreement], tmp_path: Path) -> None:
    pdfsig = program("pdfsig", "poppler-utils")
    for row in sealed:
        said = subprocess.run(
            [pdfsig, "-nocert", file_of(row)], capture_output=True, text=True, check=False
        ).stdout
        assert "Signature is Valid" in said and "Total document signed" in said, said
        assert "ETSI.CAdES.detached" in said


def test_qpdf_finds_no_damage(sealed: list[Agreement]) -> None:
    qpdf = program("qpdf", "qpdf")
    for row in sealed:
        done = subprocess.run([qpdf, "--check", file_of(row)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

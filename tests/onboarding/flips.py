"""One byte of what proves an agreement is turned over: in its sealed file, its evidence, or its chain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import models, transaction

from steadyhand.onboarding.models import (
    Agreement,
    AgreementClause,
    AgreementEvent,
    AgreementSeal,
    AgreementSignature,
    AgreementVersion,
)

#: Every stored column that proves something.
EVIDENCE: tuple[tuple[type[models.Model], str], ...] = (
    *((AgreementSignature, name) for name in ("name", "person", "email", "through", "consent", "intent")),
    *((AgreementSignature, name) for name in ("address", "agent", "digest", "at")),
    *((AgreementClause, name) for name in ("title", "text", "key")),
    *((AgreementVersion, name) for name in ("digest", "agency_name", "client_name")),
    *((AgreementSeal, name) for name in ("digest", "head", "fingerprint")),
)
CHAIN = tuple((AgreementEvent, name) for name in ("previous", "body", "hash"))


class TakenBack(Exception):
    """Ends a block whose writes do not stay."""


def rows_of(model: type[models.Model], agreement: Agreement) -> models.QuerySet[models.Model]:
    """The agreement's rows of a table."""
    path = "version__agreement" if model is AgreementClause else "agreement"
    return model._default_manager.filter(**{path: agreement})


def turned(text: str, random: Random) -> str:
    """The text with one bit of one byte turned over, still text."""
    while True:
        body = bytearray(text.encode())
        body[random.randrange(len(body))] ^= 1 << random.randrange(8)
        try:
            changed = body.decode()
        except UnicodeDecodeError:
            continue
        if "\0" not in changed:
            return changed


@contextmanager
def row_flipped(
    agreement: Agreement, columns: tuple[tuple[type[models.Model], str], ...], random: Random
) -> Iterator[str]:
    """While the block runs, one stored value differs; afterwards it is as it was. Says which."""
    try:
        with transaction.atomic():
            model, name = random.choice(columns)
            rows = [row for row in rows_of(model, agreement) if getattr(row, name)]
            row = random.choice(rows)
            value = getattr(row, name)
            changed = value + dt.timedelta(microseconds=1) if name == "at" else turned(value, random)
            model._default_manager.filter(pk=row.pk).update(**{name: changed})
            yield f"{model.__name__}.{name} of {row.pk}: {value!r} became {changed!r}"
            raise TakenBack
    except TakenBack:
        pass


@contextmanager
def file_flipped(agreement: Agreement, random: Random) -> Iterator[str]:
    """While the block runs, one byte of the sealed file differs."""
    path = file_of(agreement)
    before = path.read_bytes()
    place = random.randrange(len(before))
    changed = bytearray(before)
    changed[place] ^= 1 << random.randrange(8)
    path.write_bytes(changed)
    try:
        yield f"byte {place} of the file"
    finally:
        path.write_bytes(before)


def file_of(agreement: Agreement) -> Path:
    """Where the sealed file lies."""
    digest = AgreementSeal.objects.get(agreement=agreement).digest
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def unnoticed(
    agreement: Agreement, count: int, seed: int, is_intact: Callable[[Agreement], bool]
) -> list[str]:
    """Turn over `count` bytes, one at a time, a third each in file, evidence and chain; those not found."""
    random = Random(seed)
    missed = []
    for number in range(count):
        flips = (
            lambda: file_flipped(agreement, random),
            lambda: row_flipped(agreement, EVIDENCE, random),
            lambda: row_flipped(agreement, CHAIN, random),
        )
        with flips[number % 3]() as what:
            if is_intact(Agreement.objects.get(pk=agreement.pk)):
                missed.append(what)
    return missed

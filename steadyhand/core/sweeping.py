"""Files that no row names any more are removed from the data folder.

A column whose name ends in `digest` keeps the file of that digest; that is the whole convention, and it holds
for rows of every room.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import batched
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

from steadyhand.core import clock
from steadyhand.core.files import DIGEST

#: A file younger than this may belong to a row that is just being written.
YOUNG = dt.timedelta(days=1)
BATCH = 400


def sweep() -> int:
    """Remove what has been named by no row for a day; how many files went."""
    before = clock.now() - YOUNG
    gone = 0
    for paths in batched(_kept(), BATCH, strict=False):
        old = {path.name: path for path in paths if _written(path) < before}
        for digest in set(old) - named(set(old)):
            if _written(old[digest]) < before:  # put again meanwhile: a row is on its way
                old[digest].unlink(missing_ok=True)
                gone += 1
    return gone


def named(digests: set[str]) -> set[str]:
    """Those of these digests that a row names. One query for each column."""
    found: set[str] = set()
    for field in digest_fields():
        rows = field.model._default_manager.filter(**{f"{field.name}__in": digests - found})
        found |= set(rows.values_list(field.name, flat=True))
    return found


def digest_fields() -> Iterator[models.Field[str, str]]:
    """Every column that keeps files."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name.endswith("digest") and isinstance(field, models.CharField):
                yield field


def _kept() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    return (path for path in root.glob("??/*") if DIGEST.fullmatch(path.name)) if root.exists() else iter(())


def _written(path: Path) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    except FileNotFoundError:
        return dt.datetime.max.replace(tzinfo=dt.UTC)

"""Words as people look for them: without accents, case or marks, the same on every database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import batched
from typing import Any, override

from django.db import connections, migrations, models

#: Longer ones are cut, when written as when looked for; a row keeps this many different ones.
LONGEST_WORD = 40
MOST_WORDS = 4000

WORD = re.compile(r"[^\W_]+")


def words_in(text: str) -> list[str]:
    """Its words in order, folded: “Über Café-Besuche” gives uber, cafe, besuche."""
    if not text.isascii():
        # Twice, because what is taken apart may fold further.
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = "".join(c for c in text if c.isascii() or unicodedata.category(c)[0] != "M")
    return [word[:LONGEST_WORD] for word in WORD.findall(text.casefold())]


def folded(*values: object) -> str:
    """The different words of texts, and of the texts within lists and dictionaries; one space between."""
    different = dict.fromkeys(word for value in values for text in _texts(value) for word in words_in(text))
    return " ".join(list(different)[:MOST_WORDS])


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


class Words(models.TextField):  # type: ignore[type-arg]
    """The words of some of a row's other fields, written whenever the row is saved or created in bulk.

    `words = Words("summary", "body")`. Whoever saves with `update_fields`, or updates a query set, names
    `words` too. A `WordIndex` finds rows by them.
    """

    def __init__(self, *of: str, **options: Any) -> None:
        self.of = of
        options |= {"default": "", "blank": True, "editable": False}
        super().__init__(**options)

    @override
    def deconstruct(self) -> Any:
        name, path, _, options = super().deconstruct()
        for given in ("default", "blank", "editable"):
            options.pop(given, None)
        return name, path, list(self.of), options

    @override
    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = folded(*(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, value)
        return value


def filling(room: str, model: str) -> migrations.RunPython:
    """The step of a migration that writes the words of rows that were there before."""

    def fill(apps: Any, editor: Any) -> None:
        table = apps.get_model(room, model)
        field = table._meta.get_field("words")
        rows = table.objects.using(editor.connection.alias).order_by("pk").iterator(chunk_size=1000)
        sql = f"UPDATE {table._meta.db_table} SET words = %s WHERE id = %s"  # noqa: S608
        for some in batched(rows, 1000, strict=False):
            with connections[editor.connection.alias].cursor() as cursor:
                cursor.executemany(sql, [(field.pre_save(row, False), row.pk) for row in some])

    return migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)

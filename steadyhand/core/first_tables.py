"""The tables of a new installation, straight from the models.

Running every migration from the first one on renders the state of all models after each of them: half a
minute in which a newcomer waits. An empty database needs none of what they did on the way, so it gets the
tables as they are today, and every migration is noted as run. That both ways end the same is held by
`tests/soak/test_first_tables.py`.
"""

from __future__ import annotations

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def make_first_tables() -> None:
    """Make every table of every room, all in one transaction; the database must have none.

    As after `migrate`, what the rooms keep beside their tables (permissions, word indexes) is there too.
    """
    recorder, migrations = MigrationRecorder(connection), MigrationLoader(connection).graph.nodes
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
        editor.create_model(recorder.Migration)
        for app, name in migrations:
            recorder.record_applied(app, name)
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)

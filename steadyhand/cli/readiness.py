"""Making ready what a command needs: the database's tables, and an agency to work for."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from steadyhand.cli import output
from steadyhand.config import Config
from steadyhand.core import agency
from steadyhand.core.actor import Actor
from steadyhand.core.first_tables import make_first_tables
from steadyhand.core.models import Agency
from steadyhand.playbook.publishing import adopt_shipped

MIGRATING = 7_305_113  # our number among PostgreSQL's advisory locks


def pending_migrations() -> list[str]:
    """The migrations this code has and the database has not, as “room.name”."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def is_empty() -> bool:
    """Whether the database has no tables at all, once nobody else is making some."""
    with only_one("migrate"):
        return not connection.introspection.table_names()


def migrate() -> None:
    """Bring the database up to this code. Of several processes that start at once, one does it."""
    if not pending_migrations():
        return
    with only_one("migrate"):
        pending = pending_migrations()
        if not pending:
            return
        output.say("Preparing the database.")
        if connection.introspection.table_names():
            call_command("migrate", verbosity=0, interactive=False)
        else:
            make_first_tables()


def found_agency() -> None:
    """In an installation without an agency, make the one the settings describe, with the shipped playbook."""
    if Agency.current() is not None:
        return
    with only_one("found"):
        if Agency.current() is None:
            _found(Config.read(), Actor.system("set-up"))


@transaction.atomic
def _found(config: Config, by: Actor) -> None:
    founded = agency.found(
        by=by,
        name=config.agency_name,
        currency=config.agency_currency,
        country=config.agency_country,
        zone=config.agency_zone,
        working_days=config.agency_working_days,
    )
    adopt_shipped("framework", founded.currency, by=by)


@contextmanager
def only_one(what: str) -> Iterator[None]:
    """Hold off other processes that would do the same on this data."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
        return
    with (settings.DATA / f".{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

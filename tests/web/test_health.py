"""/healthz says that the process answers, /readyz that it can serve."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from steadyhand.core import clock
from steadyhand.core.models import DutyRun
from steadyhand.web.views import health


@pytest.fixture(autouse=True)
def unknown_migrations():
    health._is_migrated.cache_clear()
    yield
    health._is_migrated.cache_clear()


def test_healthz_answers_without_the_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_what_it_looked_at(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "migrated": True, "lag_seconds": None, "ready": True}


@pytest.mark.django_db
def test_readyz_refuses_while_a_migration_is_pending(client, settings):
    settings.MIGRATION_MODULES = {}  # tables are made without them in tests; here they are asked after
    columns = "id integer PRIMARY KEY, app text, name text, applied text"
    connection.cursor().execute(f"CREATE TABLE {MigrationRecorder.Migration._meta.db_table} ({columns})")
    graph, recorder = MigrationLoader(connection).graph, MigrationRecorder(connection)
    for node in graph.nodes:
        recorder.record_applied(*node)
    assert client.get("/readyz").status_code == 200
    health._is_migrated.cache_clear()
    recorder.record_unapplied(*graph.leaf_nodes("core")[0])
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["ready"] is False and response.json()["migrated"] is False


@pytest.mark.django_db
def test_readyz_refuses_when_background_work_is_far_behind(client):
    DutyRun.objects.create(name="x", due_at=clock.now() - dt.timedelta(minutes=6))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["lag_seconds"] >= 360


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_looking_is_allowed(client, path):
    assert client.post(path).status_code == 405

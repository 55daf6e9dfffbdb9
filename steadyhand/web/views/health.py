"""Is it alive, and can it serve? For supervisors, load balancers and monitors; no sign-in, no secrets."""

from __future__ import annotations

import datetime as dt
from functools import cache

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from steadyhand.core import duties

LAG_ALLOWED = dt.timedelta(minutes=5)


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, its tables fit this code, and background work is not far behind; else 503."""
    facts: dict[str, object] = {"database": False, "migrated": False, "lag_seconds": None}
    try:
        facts["database"] = connection.cursor().execute("SELECT 1") is not None
        facts["migrated"] = _is_migrated()
        lag = duties.lag() if facts["migrated"] else None
    except (DatabaseError, _Pending):
        return JsonResponse(facts | {"ready": False}, status=503)
    facts["lag_seconds"] = None if lag is None else round(lag.total_seconds())
    is_ready = lag is None or lag <= LAG_ALLOWED
    return JsonResponse(facts | {"ready": is_ready}, status=200 if is_ready else 503)


class _Pending(Exception):
    """Some migration has not run."""


@cache
def _is_migrated() -> bool:
    """True for good once nothing is pending: code and tables of a running process do not part again."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _Pending
    return True

"""The floor: what a bare Django answers on the same tables, with raw SQL, nobody signed in, no rules.

    BENCH_FLOOR="$(python -c …)" granian bench.floor:application

It knows the tables and nothing else of the product.
"""

from __future__ import annotations

import json
import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from steadyhand.setting_values import read_database

if not settings.configured:
    settings.configure(
        SECRET_KEY="floor",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],  # says the length
        INSTALLED_APPS=[],
        USE_TZ=True,
        DATABASES={"default": read_database(os.environ["DATABASE_URL"]) or {}},
    )

CLIENT_COLUMNS = "c.id, c.ref, c.name, c.domain, c.stage, c.country, c.zone, c.since, p.tier, p.monthly_spend"


def rows(sql: str, *params: object) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def clients(request: HttpRequest) -> JsonResponse:
    """25 clients by name, each with its lead."""
    found = rows(
        f"""SELECT {CLIENT_COLUMNS}, m.email AS lead FROM clients_client c
        LEFT JOIN commitments_clientplan p ON p.client_id = c.id
        LEFT JOIN clients_assignment a
          ON a.client_id = c.id AND a.position = 'lead' AND a.until IS NULL
        LEFT JOIN people_member m ON m.id = a.member_id
        WHERE c.stage = 'live' ORDER BY c.name, c.id LIMIT 25"""
    )
    return JsonResponse({"items": found})


def client(request: HttpRequest, ref: str) -> JsonResponse:
    """One client with contacts, engagements and team."""
    one = rows(
        f"""SELECT {CLIENT_COLUMNS} FROM clients_client c
        LEFT JOIN commitments_clientplan p ON p.client_id = c.id WHERE c.ref = %s""",
        ref,
    )[0]
    pk = one["id"]
    one["contacts"] = rows("SELECT id, name, email FROM clients_contact WHERE client_id = %s LIMIT 200", pk)
    one["engagements"] = rows(
        "SELECT ref, kind, title, amount FROM clients_engagement WHERE client_id = %s", pk
    )
    one["team"] = rows(
        """SELECT a.position, m.name, m.email FROM clients_assignment a
        JOIN people_member m ON m.id = a.member_id WHERE a.client_id = %s AND a.until IS NULL""",
        pk,
    )
    return JsonResponse(one)


def timeline(request: HttpRequest, ref: str) -> JsonResponse:
    """The newest 50 events of a client."""
    found = rows(
        """SELECT e.id, e.at, e.verb, e.actor_name, e.data FROM core_event e
        WHERE e.client_id = (SELECT id FROM clients_client WHERE ref = %s)
        ORDER BY e.at DESC, e.id DESC LIMIT 50""",
        ref,
    )
    for row in found:
        row["data"] = json.loads(row["data"])
    return JsonResponse({"items": found})


@csrf_exempt
def interactions(request: HttpRequest, ref: str) -> JsonResponse:
    """One call and its event, in a transaction."""
    sent = json.loads(request.body)
    with transaction.atomic():
        (one,) = rows("SELECT id FROM clients_client WHERE ref = %s", ref)
        (said,) = rows(
            """INSERT INTO comms_interaction (client_id, at, channel, direction, summary, body, outcome,
              source, made_at, words) VALUES (%s, now(), %s, '', %s, '', '', '', now(), %s) RETURNING id""",
            *(one["id"], sent["channel"], sent["summary"], sent["summary"].lower()),
        )
        rows(
            """INSERT INTO core_event (at, verb, actor_kind, actor_name, client_id, subject_type, subject_id,
              audience, data, words) VALUES (now(), 'interaction.logged', 'member', '', %s,
              'comms.interaction', %s, 'team', %s, %s) RETURNING id""",
            *(one["id"], said["id"], json.dumps(sent), sent["summary"].lower()),
        )
    return JsonResponse(said, status=201)


def today(request: HttpRequest, owner: int) -> JsonResponse:
    """The next 50 open promises of a member."""
    found = rows(
        """SELECT c.id, c.title, c.due_at, l.name FROM commitments_commitment c
        LEFT JOIN clients_client l ON l.id = c.client_id
        WHERE c.owner_id = %s AND c.state = 'open' ORDER BY c.due_at, c.id LIMIT 50""",
        owner,
    )
    return JsonResponse({"items": found})


urlpatterns = [
    path("clients", clients),
    path("clients/<slug:ref>", client),
    path("clients/<slug:ref>/timeline", timeline),
    path("clients/<slug:ref>/interactions", interactions),
    path("today/<int:owner>", today),
]
application = get_wsgi_application()

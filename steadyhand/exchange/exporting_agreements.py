"""Agreements with all that proves them, and the papers of a start, as tables of an export."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.core.actor import Actor
from steadyhand.exchange.sheets import Sheet, rows_of
from steadyhand.onboarding.models import (
    Agreement,
    AgreementClause,
    AgreementEvent,
    AgreementSeal,
    AgreementSignature,
    AgreementVersion,
    ClauseComment,
    Groundwork,
    GroundworkWaiver,
)
from steadyhand.people.roles import Capability


def _of[Row: models.Model](model: type[Row], path: str) -> Callable[[Actor], models.QuerySet[Row]]:
    """Rows under a client one sees."""

    def query(by: Actor) -> models.QuerySet[Row]:
        rows = model._default_manager.all()
        if by.may(Capability.SEE_ALL_CLIENTS):
            return rows
        return rows.filter(**{f"{path}__in": Client.objects.visible_to(by).values("pk")})

    return query


SHEETS_OF_AGREEMENTS = (
    Sheet(
        "agreements",
        (
            *("number", "client", "engagement", "kind", "title", "state", "owner", "drafted", "shared"),
            *("ready", "signed", "closed", "closed by", "why", "replaced by"),
        ),
        rows_of(
            lambda by: Agreement.objects.visible_to(by),
            *("pk", "client__ref", "engagement__ref", "kind", "title", "state", "owner__email", "made_at"),
            *("shared_at", "ready_at", "signed_at", "closed_at", "closed_by", "closed_why", "replaced_by"),
        ),
    ),
    Sheet(
        "agreement_versions",
        ("agreement", "version", "begins", "ends", "days of notice", "agency", "client", "shared", "digest"),
        rows_of(
            _of(AgreementVersion, "agreement__client"),
            *("agreement", "number", "begins_on", "ends_on", "notice_days", "agency_name", "client_name"),
            *("shared_at", "digest"),
        ),
    ),
    Sheet(
        "agreement_clauses",
        ("agreement", "version", "place", "key", "title", "text"),
        rows_of(
            _of(AgreementClause, "version__agreement__client"),
            *("version__agreement", "version__number", "number", "key", "title", "text"),
        ),
    ),
    Sheet(
        "agreement_comments",
        ("agreement", "version", "clause", "by", "ours", "text", "at", "settled"),
        rows_of(
            _of(ClauseComment, "version__agreement__client"),
            *("version__agreement", "version__number", "clause_key", "by_name", "ours", "text", "at"),
            "settled_at",
        ),
    ),
    Sheet(
        "agreement_signatures",
        (
            *("agreement", "version", "side", "typed name", "person", "e-mail", "let in by", "consent"),
            *("intent", "at", "address", "browser", "digest"),
        ),
        rows_of(
            _of(AgreementSignature, "agreement__client"),
            *("agreement", "version__number", "side", "name", "person", "email", "through", "consent"),
            *("intent", "at", "address", "agent", "digest"),
        ),
    ),
    Sheet(
        "agreement_chain",
        ("agreement", "number", "previous", "body", "hash"),
        rows_of(_of(AgreementEvent, "agreement__client"), "agreement", "number", "previous", "body", "hash"),
    ),
    Sheet(
        "agreement_seals",
        ("agreement", "head of the chain", "file", "bytes", "certificate", "at"),
        rows_of(
            _of(AgreementSeal, "agreement__client"),
            *("agreement", "head", "digest", "size", "fingerprint", "at"),
        ),
    ),
    Sheet(
        "groundwork",
        ("engagement", "kind", "text", "by", "at", "until"),
        rows_of(
            _of(Groundwork, "engagement__client"),
            *("engagement__ref", "kind", "text", "by_name", "at", "until"),
        ),
    ),
    Sheet(
        "groundwork_waivers",
        ("engagement", "reason", "by", "at", "until"),
        rows_of(
            _of(GroundworkWaiver, "engagement__client"),
            *("engagement__ref", "reason", "by_name", "at", "until"),
        ),
    ),
)

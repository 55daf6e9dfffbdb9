"""`/api/clients/<ref>/agreements`, `/api/agreements/<id>`: what was agreed, by whom, and its digests."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpResponse
from ninja import Router, Schema

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.clients.models import Client, Stage
from steadyhand.onboarding.models import Agreement, AgreementVersion

of_client = Router(tags=["agreements"])
router = Router(tags=["agreements"])


class SignatureRow(Schema):
    """One side's signature; `digest` is the SHA-256 of what was signed."""

    side: str
    name: str
    at: dt.datetime
    version: int
    digest: str


class AgreementRow(Schema):
    """An agreement; `file_digest` is the SHA-256 of the sealed PDF, once there is one."""

    id: int
    client: str
    kind: str
    title: str
    state: str
    made_at: dt.datetime
    signed_at: dt.datetime | None
    closed_at: dt.datetime | None
    closed_why: str
    signatures: list[SignatureRow]
    file_digest: str | None


class ClauseRow(Schema):
    """One clause."""

    key: str
    title: str
    text: str


class VersionRow(Schema):
    """One version; `digest` and `shared_at` are set once the client could read it."""

    number: int
    begins_on: dt.date
    ends_on: dt.date | None
    notice_days: int
    shared_at: dt.datetime | None
    digest: str
    clauses: list[ClauseRow]


class AgreementWhole(AgreementRow):
    """An agreement with all its versions, oldest first."""

    versions: list[VersionRow]


@of_client.get("/{ref}/agreements", response=list[AgreementRow], summary="Agreements, newest first")
def agreements(request: ApiRequest, ref: str) -> HttpResponse:
    """Of every state, drafts included."""
    seen = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED)
    client = seen.filter(ref=ref).first()
    if client is None:
        raise Http404
    rows = Agreement.objects.visible_to(request.auth).filter(client=client).preloaded()
    found = rows.select_related("seal").prefetch_related("signatures__version")[:200]
    return answer(request, [_row(one) for one in found])


@router.get("/{pk}", response=AgreementWhole, summary="One agreement with its versions")
def agreement(request: ApiRequest, pk: int) -> HttpResponse:
    """Every version with its clauses; who signed, and the digests to hold a copy against."""
    rows = Agreement.objects.visible_to(request.auth).preloaded().select_related("seal")
    found = rows.prefetch_related("signatures__version", "versions__clauses").filter(pk=pk).first()
    if found is None:
        raise Http404
    return answer(request, _row(found) | {"versions": [_version(one) for one in found.versions.all()]})


def _row(row: Agreement) -> Data:
    seal = getattr(row, "seal", None)
    return {
        "id": row.pk,
        "client": row.client.ref,
        "kind": row.kind,
        "title": row.title,
        "state": row.state,
        "made_at": row.made_at,
        "signed_at": row.signed_at,
        "closed_at": row.closed_at,
        "closed_why": row.closed_why,
        "signatures": [
            {
                "side": one.side,
                "name": one.name,
                "at": one.at,
                "version": one.version.number,
                "digest": one.digest,
            }
            for one in row.signatures.all()
        ],
        "file_digest": seal.digest if seal else None,
    }


def _version(version: AgreementVersion) -> Data:
    return {
        "number": version.number,
        "begins_on": version.begins_on,
        "ends_on": version.ends_on,
        "notice_days": version.notice_days,
        "shared_at": version.shared_at,
        "digest": version.digest,
        "clauses": [{"key": one.key, "title": one.title, "text": one.text} for one in version.clauses.all()],
    }
